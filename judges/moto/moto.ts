/** moto's Secrets Manager and ours, by the same contract, through the same client. Where they differ, AWS decides. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  DescribeSecretCommand,
  GetSecretValueCommand,
  ListSecretVersionIdsCommand,
  PutSecretValueCommand,
  RotateSecretCommand,
  type SecretsManagerClient,
  UpdateSecretCommand,
  UpdateSecretVersionStageCommand,
} from '@aws-sdk/client-secrets-manager';
import { AwsError } from '../../local/aws/aws-error.ts';
import { pythonTools, versionOf } from '../install/python.ts';
import type { Verdict } from '../judge.ts';
import { createdByMoto } from './cloudformation.ts';
import { type CallSecrets, contracts, played } from './contract.ts';
import { type Different, differences } from './differences.ts';
import { makeFunction } from './moto-function.ts';
import { startMoto } from './moto-server.ts';
import { clientAt, type Fresh, freshOfMoto, freshOfOurs } from './places.ts';
import { type Place, playedRotation, rotations } from './rotations.ts';

const commands: Readonly<Record<string, new (input: never) => object>> = {
  DescribeSecret: DescribeSecretCommand,
  GetSecretValue: GetSecretValueCommand,
  ListSecretVersionIds: ListSecretVersionIdsCommand,
  PutSecretValue: PutSecretValueCommand,
  RotateSecret: RotateSecretCommand,
  UpdateSecret: UpdateSecretCommand,
  UpdateSecretVersionStage: UpdateSecretVersionStageCommand,
};

/** Calls of Secrets Manager by a client. */
export function callsOf(client: SecretsManagerClient): CallSecrets {
  return (action, input) => {
    const Command = commands[action];
    if (Command === undefined) throw new Error(`no command for ${action}`);
    return client.send(Reflect.construct(Command, [input]));
  };
}

/** The steps in which they differ. */
async function compared(
  { theirs, ours }: { readonly theirs: Fresh; readonly ours: Fresh },
  played: readonly Play[],
): Promise<readonly Different[]> {
  const different: Different[] = [];
  for (const { name, play } of played) {
    const [their, own] = [await play(await theirs()), await play(await ours())];
    if (own.length !== their.length) throw new Error(`${name}: another number of steps`);
    for (const [at, line] of own.entries()) {
      const moto = their[at] ?? '';
      if (line !== moto) different.push({ name, ours: line, moto });
    }
  }
  return different;
}

interface Play {
  readonly name: string;
  readonly play: (place: Place) => Promise<readonly string[]>;
}

const ofContracts: readonly Play[] = contracts.map((contract) => ({
  name: contract.name,
  play: ({ client, secretId }) => played(contract, { call: callsOf(client), secretId }),
}));
const ofRotations: readonly Play[] = rotations().map((rotation) => ({
  name: rotation.name,
  play: (place) => playedRotation(rotation, place),
}));

const inWords = ({ name, ours, moto }: Different): string => `${name}: ours ${ours}; moto ${moto}`;

/** A difference that nobody decided on, and a decision that no difference needs any more. */
function undecided(seen: readonly Different[]): readonly string[] {
  return [
    ...seen.filter((different) => !differences.some(({ covers }) => covers(different))).map(inWords),
    ...differences
      .filter(({ covers }) => !seen.some(covers))
      .map(({ what }) => `${what}: decided on, but it does not any more`),
  ];
}

/** The double with a name for an error that AWS does not have. */
function misnamed(error: unknown): unknown {
  return error instanceof AwsError && error.type === 'ResourceNotFoundException'
    ? new AwsError('NotFoundException', error.message)
    : error;
}

/** Judges the double of Secrets Manager, and what CloudFormation makes of the template. */
export async function judgeByMoto(): Promise<Verdict> {
  const tools = await pythonTools('moto');
  const directory = mkdtempSync(join(tmpdir(), 'doorcode-judged-'));
  const server = await startMoto(tools);
  const theirs = clientAt(server.url);
  const ours = await freshOfOurs(directory);
  const wrong = await freshOfOurs(directory, misnamed);
  try {
    const moto = freshOfMoto(theirs, await makeFunction(server.url));
    const seen = await compared({ theirs: moto, ours: ours.fresh }, [...ofContracts, ...ofRotations]);
    const spoilt = await compared({ theirs: moto, ours: wrong.fresh }, ofContracts);
    const created = await createdByMoto(tools, { url: server.url, directory });
    const calls = contracts.reduce((sum, { given, asked }) => sum + given.length + asked.length, 0);
    return {
      tool: await versionOf(tools, 'moto'),
      given: `${contracts.length} contracts of Secrets Manager with ${calls} calls: stages, versions by id, tokens, errors; ${ofRotations.length} of Doorcode’s own rotations, step by step; ${created.given}`,
      cases: calls + ofRotations.length + created.cases,
      findings: [...undecided(seen), ...created.findings],
      decisions: [
        ...differences
          .filter(({ covers }) => seen.some(covers))
          .map(({ what, covers, reason }) => ({
            finding: `${what} (${seen.filter(covers).length})`,
            reason,
          })),
        ...created.decisions,
      ],
      mistake: {
        what: 'a double with another name for an error',
        found: spoilt.filter(({ ours }) => ours.endsWith(': NotFoundException')).map(inWords),
      },
    };
  } finally {
    theirs.destroy();
    await Promise.all([ours.stop(), wrong.stop(), server.stop()]);
    rmSync(directory, { recursive: true, force: true });
  }
}
