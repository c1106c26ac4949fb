/**
 * The AWS CLI runs every line that Doorcode prints, and botocore, on which it stands, has AWS's own models of the services:
 * each request of our functions and commands, and each answer of the local account, is held against them.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type LocalStack, startLocalStack } from '../../local/local-stack.ts';
import { pythonTools } from '../install/python.ts';
import type { Verdict } from '../judge.ts';
import { openCli } from './cli.ts';
import { exercise } from './exercise.ts';
import { judgeLines } from './lines.ts';
import { judgeModels } from './models.ts';
import { recordExchanges } from './record.ts';

/** A stack with every output and every resource that a line or a check is about. */
const settings = {
  customDomainName: 'auth.example.com',
  certificateArn: 'arn:aws:acm:ap-south-1:000000000000:certificate/00000000-0000-4000-8000-000000000000',
  alarmTopicArn: 'arn:aws:sns:ap-south-1:000000000000:on-call',
  cloudTrailLogGroupName: 'trail/all',
};

async function onStack<T>(work: (stack: LocalStack, directory: string) => Promise<T>): Promise<T> {
  const directory = mkdtempSync(join(tmpdir(), 'doorcode-judged-'));
  try {
    const stack = await startLocalStack({ workers: 1, directory, settings });
    try {
      return await work(stack, directory);
    } finally {
      await stack.stop();
    }
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** Judges the lines alone. */
export async function judgeAwsLines(): Promise<Verdict> {
  const tools = await pythonTools('aws');
  return onStack(async (stack) => {
    const cli = await openCli(tools, stack);
    return { tool: cli.tool, ...(await judgeLines(cli, stack.deployment)) };
  });
}

/** Judges the lines, and all that goes between Doorcode and AWS. */
export async function judgeAws(): Promise<Verdict> {
  const tools = await pythonTools('aws');
  return onStack(async (stack, directory) => {
    const recording = recordExchanges([stack.awsUrl, stack.lambdaUrl]);
    await exercise(stack, directory);
    const cli = await openCli(tools, stack);
    const lines = await judgeLines(cli, stack.deployment);
    const models = await judgeModels(tools, recording.end());
    const found = [lines, models].map(({ mistake }) => mistake.found);
    return {
      tool: cli.tool,
      given: `${lines.given}; ${models.given}`,
      cases: lines.cases + models.cases,
      findings: [...lines.findings, ...models.findings],
      decisions: models.decisions,
      mistake: {
        what: `${lines.mistake.what}; ${models.mistake.what}`,
        found: found.some(({ length }) => length === 0) ? [] : found.flat(),
      },
    };
  });
}
