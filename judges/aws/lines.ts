/** The AWS CLI takes every line for it that Doorcode prints, and none that is misspelt. */
import type { Deployment } from '../../local/deployed.ts';
import type { Verdict } from '../judge.ts';
import type { Cli } from './cli.ts';
import { type CliLine, cliLines, linesOfPage } from './cli-lines.ts';
import { filled } from './filled.ts';

/** What the CLI has against the lines, a finding for each that it did not send. */
async function refusedLines(
  cli: Cli,
  lines: readonly CliLine[],
  deployment: Deployment,
): Promise<readonly string[]> {
  const refused: string[] = [];
  for (const { at, line } of lines) {
    const refusal = await Promise.resolve()
      .then(() => cli.refusalOf(filled(line, deployment)))
      .catch((error: unknown) => String(error));
    if (refusal !== undefined) refused.push(`${at}: ${line}: ${refusal}`);
  }
  return refused;
}

/** The lines with their first option misspelt, and one of a page that somebody has just written. */
function misspelt(lines: readonly (CliLine | undefined)[]): readonly CliLine[] {
  const { lines: fresh } = linesOfPage(
    '1. then\n   ```sh\n   $ aws secretsmanager get-secret-value \\\n     --secret-identifier x\n   ```',
  );
  const changed = lines.map((given) => {
    if (given === undefined) throw new Error('there is no line to misspell');
    return { ...given, line: given.line.replace(/ --([a-z-]+)/, ' --x$1') };
  });
  return [...changed, ...fresh.map((line) => ({ at: 'a new page', line }))];
}

/** Runs them against the deployment. */
export async function judgeLines(cli: Cli, deployment: Deployment): Promise<Omit<Verdict, 'tool'>> {
  const { pages, advice, outputs, leftOut } = cliLines(deployment);
  const lines = [...pages, ...advice, ...outputs];
  const refused = await refusedLines(cli, lines, deployment);
  const wrong = misspelt([pages[0], advice[0], outputs.find(({ line }) => line.includes('|'))]);
  const found = await refusedLines(cli, wrong, deployment);
  return {
    given: `${pages.length} lines of pages, ${advice.length} that the doctor advises and ${outputs.length} outputs, run by the AWS CLI`,
    cases: lines.length,
    findings: [
      ...refused,
      ...leftOut.map(({ at, line }) => `${at}: ${line} was not run: no line was made of it`),
      ...Object.entries({ pages, advice, outputs }).flatMap(([name, { length }]) =>
        length === 0 ? [`the ${name} have no line any more`] : [],
      ),
    ],
    decisions: [],
    mistake: {
      what: 'a misspelt option in a page, an advice, an output and a page just written',
      found: found.length === wrong.length ? found : [],
    },
  };
}
