/**
 * Tries to read each guarded secret as oneself, which must be denied by its resource policy, administrators included. It
 * asks for a version that no secret has, so that not even a missing guard shows a value here: Secrets Manager decides
 * about the right before it looks for the version. It asks the person first, because the watch over CloudTrail sees it.
 */
import { GetSecretValueCommand } from '@aws-sdk/client-secrets-manager';
import { GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import type { Check, Examination } from '../check.ts';
import type { DeployedStack } from '../deployed-stack.ts';
import { each } from '../each.ts';
import { type Problem, unless, untold, wrong } from '../finding.ts';
import { Untold } from '../reading.ts';
import type { Right } from '../right.ts';
import { type Guard, guardsOf } from '../secrets.ts';

const right = (resource: string): Right => ({ action: 'secretsmanager:GetSecretValue', resource });
const identity: Right = { action: 'sts:GetCallerIdentity', resource: '*' };
/** No version has this label. */
const noSuchLabel = 'DOORCODE-DOCTOR';

function guarded(stack: DeployedStack): readonly Guard[] {
  return guardsOf(stack).filter(({ readers }) => readers !== undefined);
}

export const secretReadsCheck: Check = {
  name: 'secret reads',
  rights: (stack) => [identity, ...guarded(stack).map(({ secretArn }) => right(secretArn))],
  asks: (stack) =>
    guarded(stack).length === 0
      ? []
      : [
          `Tries to read ${guarded(stack).length} guarded secrets as you, which must be denied. It would see no value.`,
          'The watch over CloudTrail counts each try: with it the alarm ForeignRead goes off.',
        ],
  look: async (examination) => {
    const guards = guarded(examination.stack);
    const problems = await each(guards, (guard) => problemsOf(guard, examination));
    return unless(problems, `you may read none of ${guards.length}: their own policies deny it`);
  },
};

async function problemsOf(
  { secretArn, name, readers = [] }: Guard,
  { clients, read }: Pick<Examination, 'clients' | 'read'>,
): Promise<readonly Problem[]> {
  const denial = await read(right(secretArn), (options) =>
    clients.secrets.send(
      new GetSecretValueCommand({ SecretId: secretArn, VersionStage: noSuchLabel }),
      options,
    ),
  ).then(
    () => undefined,
    (error: unknown) => {
      if (error instanceof Untold && error.needs !== undefined) return error;
      throw error;
    },
  );
  if (denial?.message.includes('resource-based policy')) return [];
  if (denial !== undefined)
    return [
      untold(
        `you have no right to read ${name} in the first place, so its guard was not tried: run this with an identity that has secretsmanager:GetSecretValue`,
      ),
    ];
  const caller = await read(identity, (options) =>
    clients.sts.send(new GetCallerIdentityCommand({}), options),
  );
  if (readers.some((reader) => isRoleOf(caller?.Arn ?? '', reader)))
    return [untold(`you are ${caller?.Arn}, whom the guard of ${name} lets through on purpose`)];
  return [
    wrong(
      `You (${caller?.Arn ?? 'unknown'}) may read ${name}: its resource policy does not stop you.`,
      'See the check "secret policies"; until it is back, treat the secret as leaked: docs/security-team.md.',
    ),
  ];
}

/** `arn:aws:sts::123456789012:assumed-role/Name/session` is a session of the role `arn:aws:iam::123456789012:role/path/Name`. */
function isRoleOf(callerArn: string, roleArn: string): boolean {
  const [, , , , account = '', session = ''] = callerArn.split(':');
  const [kind, name] = session.split('/');
  const [, , , , roleAccount = '', role = ''] = roleArn.split(':');
  return (
    callerArn === roleArn ||
    (kind === 'assumed-role' && account === roleAccount && role.split('/').at(-1) === name)
  );
}
