/** What went between Doorcode and the local account, held against AWS's own models of its services. */
import { join } from 'node:path';
import * as v from 'valibot';
import { accountOperations } from '../../local/account/account.ts';
import { inputs } from '../../local/aws/secrets-manager-inputs.ts';
import { runWell } from '../install/command.ts';
import type { PythonTools } from '../install/python.ts';
import type { Verdict } from '../judge.ts';
import { decisions } from './decisions.ts';
import type { Exchange } from './record.ts';

const reportSchema = v.object({
  wrong: v.array(v.string()),
  seen: v.record(v.string(), v.number()),
  /** Operations that were answered without an error at least once. */
  answered: v.array(v.string()),
});

async function validated(
  tools: PythonTools,
  exchanges: readonly Exchange[],
): Promise<v.InferOutput<typeof reportSchema>> {
  const script = join(import.meta.dirname, 'validate.py');
  const printed = await runWell(tools.command('python'), [script], { input: JSON.stringify(exchanges) });
  return v.parse(reportSchema, JSON.parse(printed));
}

/** What the local account can answer and did not, so that no model was held against the answer. */
function unanswered(answered: readonly string[]): readonly string[] {
  // By the names that requests are signed with, which two services have besides that of their model.
  const models: Readonly<Record<string, string>> = { monitoring: 'cloudwatch', apigateway: 'apigatewayv2' };
  const secrets = [...Object.keys(inputs), 'GetResourcePolicy'].map((action) => `secretsmanager:${action}`);
  return [...accountOperations(), ...secrets, 'lambda:Invoke', 'dynamodb:DescribeContinuousBackups']
    .map((name) => name.replace(/^\w+/, (service) => models[service] ?? service))
    .filter((name) => !answered.includes(name))
    .map((name) => `${name}: the local account has it, and the judge saw no answer of it`);
}

/** A right answer with a misspelt member, and as an error of a name that the service does not have. */
function spoilt(exchanges: readonly Exchange[]): readonly Exchange[] {
  const right = exchanges.find(
    ({ status, headers }) => status === 200 && headers['x-amz-target'] === 'secretsmanager.GetSecretValue',
  );
  if (right === undefined) throw new Error('nobody read a secret');
  const text = `${Buffer.from(right.answered, 'base64')}`;
  const answered = Buffer.from(text.replace('SecretString', 'SecretValue')).toString('base64');
  return [
    { ...right, answered },
    { ...right, status: 400, errorType: 'SecretNotFound' },
  ];
}

/** Judges every request and every answer. */
export async function judgeModels(
  tools: PythonTools,
  exchanges: readonly Exchange[],
): Promise<Omit<Verdict, 'tool'>> {
  const { wrong, seen, answered } = await validated(tools, exchanges);
  const found: string[] = [];
  for (const changed of spoilt(exchanges)) {
    const { wrong: said } = await validated(tools, [changed]);
    if (said.length === 0)
      throw new Error(`the model takes a wrong ${changed.status === 200 ? 'answer' : 'error'}`);
    found.push(...said);
  }
  const calls = Object.values(seen).reduce((sum, count) => sum + count, 0);
  const decided = decisions.map(({ finding, reason }) => ({
    reason,
    finding,
    covered: wrong.filter((line) => finding.test(line)),
  }));
  return {
    given: `${calls} calls of ${Object.keys(seen).length} operations between functions, commands, CLI and the local account, held against AWS’s service models`,
    cases: calls,
    findings: [
      ...unanswered(answered),
      ...wrong.filter((line) => !decisions.some(({ finding }) => finding.test(line))),
      ...decided
        .filter(({ covered }) => covered.length === 0)
        .map(({ finding }) => `${finding.source}: decided on, but no tool says it any more`),
    ],
    decisions: decided.flatMap(({ covered: [first, ...more], reason }) =>
      first === undefined
        ? []
        : [{ finding: `${first}${more.length > 0 ? `, and ${more.length} more like it` : ''}`, reason }],
    ),
    mistake: { what: 'a misspelt member of an answer, and an error that the service does not have', found },
  };
}
