/**
 * Labels, rotation and ages of every secret. Nothing here reads a value. Whether the provider's key is stored shows in its
 * versions: the deployment itself makes the first one, which is no key.
 * It is long because it is a list: each thing that can be wrong with a secret, with its mend.
 */
import {
  DescribeSecretCommand,
  type DescribeSecretResponse,
  ListSecretVersionIdsCommand,
} from '@aws-sdk/client-secrets-manager';
import type { Check, Examination } from '../check.ts';
import { each } from '../each.ts';
import { type Problem, unless, wrong } from '../finding.ts';
import type { Right } from '../right.ts';
import { hasChangedSince, hasProviderKey, type Rotation, type StackSecret, secretsOf } from '../secrets.ts';

const describe = (resource: string): Right => ({ action: 'secretsmanager:DescribeSecret', resource });
const list = (resource: string): Right => ({ action: 'secretsmanager:ListSecretVersionIds', resource });

/** The one secret whose value people store, and the one whose value must never change. */
const providerKey = 'SMS_SECRET_ARN';
const identity = 'IDENTITY_SECRET_ARN';
/** Those whose versions tell something. */
const listed: readonly string[] = [providerKey, identity];
/** Secrets Manager rotates within a window of hours, and repeats what failed. */
const rotationSlackDays = 2;
/** A rotation that is still pending after this time does not end by itself. */
const pendingSeconds = 3600;
const daySeconds = 86_400;

export const secretsCheck: Check = {
  name: 'secrets',
  rights: (stack) =>
    secretsOf(stack).flatMap(({ arn, variable }) =>
      listed.includes(variable) ? [describe(arn), list(arn)] : [describe(arn)],
    ),
  look: async (examination) => {
    const { stack, clients, read } = examination;
    const secrets = secretsOf(stack);
    const problems = await each(secrets, async (secret) => {
      const SecretId = secret.arn;
      const found = await read(describe(SecretId), (options) =>
        clients.secrets.send(new DescribeSecretCommand({ SecretId }), options),
      );
      if (found === undefined) return [wrong(`${secret.name} does not exist.`, 'Deploy again.')];
      return [
        ...labelProblems(secret, found),
        ...rotationProblems(secret, found, examination),
        ...(listed.includes(secret.variable) ? await versionProblems(secret, examination) : []),
      ];
    });
    const rotated = secrets.filter(({ rotation }) => rotation?.everyDays !== undefined).length;
    return unless(
      problems,
      `${secrets.length} with a current value; ${rotated} rotate on time, as in the template`,
    );
  },
};

function labelProblems({ name, arn }: StackSecret, found: DescribeSecretResponse): readonly Problem[] {
  if (found.DeletedDate !== undefined)
    return [
      wrong(
        `${name} is scheduled for deletion since ${found.DeletedDate.toISOString().slice(0, 10)}.`,
        `aws secretsmanager restore-secret --secret-id ${arn}`,
      ),
    ];
  const labels = Object.values(found.VersionIdsToStages ?? {});
  if (labels.some((own) => own.includes('AWSCURRENT'))) return [];
  return [
    wrong(
      `${name} has no version with the label AWSCURRENT.`,
      'Move AWSCURRENT back to the version before: aws secretsmanager update-secret-version-stage.',
    ),
  ];
}

function rotationProblems(
  { name, arn, rotation }: StackSecret,
  found: DescribeSecretResponse,
  { now, stack: { deployedAt } }: Pick<Examination, 'now' | 'stack'>,
): readonly Problem[] {
  const isOn = found.RotationEnabled === true;
  if (rotation === undefined)
    return isOn
      ? [
          wrong(
            `${name} rotates, and it must not.`,
            `aws secretsmanager cancel-rotate-secret --secret-id ${arn}`,
          ),
        ]
      : [];
  // Without a calendar only the function counts: AWS does not document what RotationEnabled is then.
  const isAttached = found.RotationLambdaARN === rotation.functionArn;
  if (!isAttached || (rotation.everyDays !== undefined && !isOn))
    return [
      wrong(
        `${name} ${isOn ? `is rotated by ${found.RotationLambdaARN}` : 'is not rotated'}, unlike in the template.`,
        `aws secretsmanager rotate-secret --secret-id ${arn} --rotation-lambda-arn ${rotation.functionArn}${rulesOf(rotation)}`,
      ),
    ];
  const days = found.RotationRules?.AutomaticallyAfterDays;
  if (rotation.everyDays !== undefined && days !== rotation.everyDays)
    return [
      wrong(
        `${name} rotates every ${days ?? '?'} days, not every ${rotation.everyDays}.`,
        `aws secretsmanager rotate-secret --secret-id ${arn}${rulesOf(rotation)} --no-rotate-immediately`,
      ),
    ];
  return [...pendingProblems(name, found, now), ...ageProblems({ name, rotation, deployedAt, now }, found)];
}

function rulesOf({ everyDays }: Rotation): string {
  return everyDays === undefined ? '' : ` --rotation-rules AutomaticallyAfterDays=${everyDays}`;
}

function pendingProblems(name: string, found: DescribeSecretResponse, now: number): readonly Problem[] {
  const pending = Object.values(found.VersionIdsToStages ?? {}).some(
    (own) => own.includes('AWSPENDING') && !own.includes('AWSCURRENT'),
  );
  const changedAt = (found.LastChangedDate?.getTime() ?? 0) / 1000;
  if (!pending || now - changedAt < pendingSeconds) return [];
  return [
    wrong(
      `A rotation of ${name} did not finish: a version has the label AWSPENDING.`,
      'Read the log of its rotation function, then "When promote fails" in docs/security-team.md.',
    ),
  ];
}

interface Aged {
  readonly name: string;
  readonly rotation: Rotation;
  readonly deployedAt: number;
  readonly now: number;
}

function ageProblems(
  { name, rotation, deployedAt, now }: Aged,
  found: DescribeSecretResponse,
): readonly Problem[] {
  const rotatedAt = (found.LastRotatedDate ?? found.CreatedDate)?.getTime();
  if (rotation.startsAtOnce && found.LastRotatedDate === undefined && now - deployedAt > pendingSeconds)
    return [
      wrong(`${name} has never been rotated, so it has no key.`, 'Run npm run keys -- rotate-signing.'),
    ];
  if (rotation.everyDays === undefined || rotatedAt === undefined) return [];
  const days = Math.floor((now - rotatedAt / 1000) / daySeconds);
  const dueAt = found.NextRotationDate?.getTime() ?? rotatedAt + rotation.everyDays * daySeconds * 1000;
  if (now < dueAt / 1000 + rotationSlackDays * daySeconds) return [];
  return [
    wrong(
      `${name} was last rotated ${days} days ago; it should rotate every ${rotation.everyDays}.`,
      'Read the log of its rotation function. npm run keys starts a rotation.',
    ),
  ];
}

async function versionProblems(
  { name, arn, variable }: StackSecret,
  { clients, read, stack: { deployedAt } }: Pick<Examination, 'clients' | 'read' | 'stack'>,
): Promise<readonly Problem[]> {
  const answer = await read(list(arn), (options) =>
    clients.secrets.send(
      new ListSecretVersionIdsCommand({ SecretId: arn, IncludeDeprecated: true, MaxResults: 100 }),
      options,
    ),
  );
  const versions = answer?.Versions ?? [];
  if (variable === identity)
    return hasChangedSince(versions, deployedAt)
      ? [
          wrong(
            `${name} has changed after the last deployment: with another value every user is another user.`,
            'Move AWSCURRENT back to the version before, at once. If you changed it on purpose, deploy once more: "The identity secret" in docs/security-team.md.',
          ),
        ]
      : [];
  if (hasProviderKey(versions)) return [];
  return [
    wrong(
      `${name} holds no provider key yet, so no SMS is sent.`,
      'Run the line in the stack’s output StoreSmsKey and paste the key.',
    ),
  ];
}
