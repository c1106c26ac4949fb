/**
 * OpenAPI Generator makes clients of openapi.json. Those with a toolchain here sign in with the local stack, stay signed in
 * and read the refusals; the code of those for apps is read.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type LocalStack, startLocalStack } from '../../local/local-stack.ts';
import { pythonTools, versionOf } from '../install/python.ts';
import type { Verdict } from '../judge.ts';
import { type RunClient, runGo, runJavaClient, runKotlin, runPython } from './clients.ts';
import { decided } from './decisions.ts';
import { generate, optionsOnPage, publishedDocument } from './generate.ts';
import { dart, kotlin, type Language, readClient, swift } from './reading.ts';
import { signInInput, stepCount, wrongSteps } from './steps.ts';

interface Client {
  readonly name: string;
  readonly generator: string;
  readonly run?: RunClient;
  readonly language?: Language;
}

/** Each is made by its line of docs/app.md. */
const clients: readonly Client[] = [
  { name: 'python', generator: 'python', run: runPython },
  { name: 'go', generator: 'go', run: runGo },
  { name: 'java', generator: 'java', run: runJavaClient },
  { name: 'kotlin', generator: 'kotlin', run: runKotlin, language: kotlin },
  { name: 'swift', generator: 'swift6', language: swift },
  { name: 'dart', generator: 'dart-dio', language: dart },
];

interface Seen {
  readonly cases: number;
  readonly wrong: readonly string[];
}

/** Generates one client of the document; where there is a toolchain it signs in, and code for apps is read. */
async function judgeClient(
  { name, generator, run, language }: Client,
  stack: LocalStack,
  { document, into }: { readonly document: string; readonly into: string },
): Promise<Seen> {
  const folder = await generate(generator, optionsOnPage(generator), { document, into });
  const reading = language === undefined ? undefined : readClient(name, language, { folder, document });
  const steps = run === undefined ? [] : wrongSteps(name, await run(folder, signInInput(stack)));
  return {
    cases: (reading?.cases ?? 0) + (run === undefined ? 0 : stepCount),
    wrong: [...(reading?.wrong ?? []), ...steps],
  };
}

/** The document with a refusal that has no schema, and a member that has no type. */
function mistakenDocument(into: string): string {
  const document = JSON.parse(readFileSync(publishedDocument, 'utf8'));
  document.paths['/auth/request-otp'].post.responses['429'].content = {};
  document.components.schemas.TemporarilyUnavailable.properties.retryAfterSeconds = {};
  const file = join(into, 'mistaken.json');
  writeFileSync(file, JSON.stringify(document));
  return file;
}

/** Judges the clients that are made of openapi.json. */
export async function judgeGenerators(): Promise<Verdict> {
  const into = mkdtempSync(join(tmpdir(), 'doorcode-judge-generators-'));
  const stack = await startLocalStack({ workers: 1 });
  try {
    const seen: Seen[] = [];
    for (const client of clients)
      seen.push(await judgeClient(client, stack, { document: publishedDocument, into }));
    const mistaken: string[] = [];
    const document = mistakenDocument(into);
    for (const client of clients.filter(({ name }) => name === 'python' || name === 'swift'))
      mistaken.push(...(await judgeClient(client, stack, { document, into })).wrong);
    const wrong = seen.flatMap((client) => client.wrong);
    const isDecided = (said: string): boolean => decided.some(({ finding }) => finding.test(said));
    const stale = decided.filter(({ finding }) => !wrong.some((said) => finding.test(said)));
    const given = clients.map(({ name, run }, at) => `${name} ${seen[at]?.cases}${run ? '' : ', read only'}`);
    return {
      tool: await versionOf(await pythonTools('openapi-generator'), 'openapi-generator-cli'),
      given: `openapi.json; cases of each client: ${given.join('; ')}`,
      cases: seen.reduce((sum, { cases }) => sum + cases, 0),
      findings: [
        ...wrong.filter((said) => !isDecided(said)),
        ...stale.map(({ said }) => `decided, and no longer so: ${said}`),
      ],
      decisions: decided.map(({ said, reason }) => ({ finding: said, reason })),
      mistake: {
        what: 'a refusal without a schema, and a member without a type',
        found: mistaken.filter((said) => /429|retryAfterSeconds/.test(said)),
      },
    };
  } finally {
    await stack.stop();
    rmSync(into, { recursive: true, force: true });
  }
}
