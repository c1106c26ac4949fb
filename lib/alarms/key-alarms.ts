/**
 * Alarms for keys and secrets: a rotation failed, the provider refuses a key, or a worker cannot read a key again.
 *
 * The alarm of a failed rotation counts Lambda's own errors. Every failing step throws, so Lambda counts it. A step that
 * Lambda killed at its timeout, or that never started, would have written no count of ours.
 *
 * No alarm watches for uses of an old key. No metric says which version is current, and an alarm cannot search for
 * versions that do not exist yet. The dashboard shows the uses by version, and `npm run keys -- revoke-check` judges them.
 */
import { Duration } from 'aws-cdk-lib';
import type { IMetric } from 'aws-cdk-lib/aws-cloudwatch';
import type { MessageCode } from '../../functions/runtime/message-codes.ts';
import { secretFreshSeconds } from '../../functions/settings/fixed-numbers.ts';
import type { LambdaFunction } from '../lambda-function.ts';
import type { DoorcodeMetrics } from '../metrics.ts';
import { type AlarmPlan, textOf } from './alarm.ts';

/** Sixty times the age that a key reaches in a busy function. At this age Secrets Manager has been unreachable for an hour. */
const staleKeySeconds = 60 * secretFreshSeconds;

const oneMinute = Duration.minutes(1);

/** The rotation functions, by the secret that they rotate. */
export type Rotations = Readonly<Record<'ProviderKey' | 'CodeSecret' | 'SigningKey', LambdaFunction>> & {
  /** Undefined where sessions are off. */
  readonly SessionSecret: LambdaFunction | undefined;
};

interface Watched {
  readonly rotations: Rotations;
  /** Reads of a secret by anybody but its functions; `undefined` where the stack does not watch CloudTrail. */
  readonly foreignReads: IMetric | undefined;
  /** Changes of a secret or its policy by anybody but its functions; `undefined` likewise. */
  readonly foreignChanges: IMetric | undefined;
}

/** The alarms of this theme. */
export function keyAlarms(
  metrics: DoorcodeMetrics,
  { rotations, foreignReads, foreignChanges }: Watched,
): readonly AlarmPlan[] {
  const ours = (name: Parameters<typeof metrics.of>[0], statistic: 'Sum' | 'Maximum' = 'Sum'): IMetric =>
    metrics.of(name, { statistic, period: oneMinute });
  const atOnce = (id: string, code: MessageCode): AlarmPlan => ({
    id,
    metric: ours(code),
    description: textOf(code),
  });
  const failed = (name: keyof Rotations): readonly AlarmPlan[] => {
    const metric = rotations[name]?.function.metricErrors({ period: oneMinute });
    if (metric === undefined) return [];
    return [{ id: `${name}RotationFailed`, metric, description: `${whatFailed[name]} ${inTheLog}` }];
  };
  return [
    ...failed('ProviderKey'),
    ...failed('CodeSecret'),
    ...failed('SigningKey'),
    ...failed('SessionSecret'),
    ...(foreignReads === undefined
      ? []
      : [{ id: 'ForeignRead', metric: foreignReads, description: readByOthers }]),
    ...(foreignChanges === undefined
      ? []
      : [{ id: 'ForeignChange', metric: foreignChanges, description: changedByOthers }]),
    atOnce('ProviderKeyRejected', 'request-otp.key-rejected'),
    atOnce('ProviderKeyUnusable', 'request-otp.key-unreadable'),
    atOnce('ProviderKeyMissing', 'request-otp.no-key'),
    atOnce('IdentitySecretChanged', 'secret.changed'),
    atOnce('CandidateForgotten', 'rotate-provider-key.candidate-forgotten'),
    {
      id: 'ProviderKeyStale',
      metric: ours('provider-key.age', 'Maximum'),
      threshold: staleKeySeconds,
      description:
        'Doorcode: a worker has not been able to read the provider key again for an hour. Check whether Secrets Manager has ' +
        'an incident or request-otp lost its right to the secret. The worker uses the last good key for a day.',
    },
  ];
}

const readByOthers =
  'Doorcode: somebody other than the functions read a secret, or tried to. Read in CloudTrail who it was (GetSecretValue). ' +
  'Nothing to do if it was the emergency role, or your team with npm run controls (name its role in controlsRoleArn, and ' +
  'this alarm ignores it). Otherwise follow the runbook for a leak in docs/security-team.md.';

const changedByOthers =
  'Doorcode: somebody changed a secret, the controls or one of their resource policies, or tried to. Read in CloudTrail who ' +
  'it was (PutSecretValue, UpdateSecret, UpdateSecretVersionStage, DeleteSecret, ReplicateSecretToRegions, ' +
  'PutResourcePolicy, DeleteResourcePolicy). Nothing to do if it was a deployment that created or changed a policy, or your ' +
  'team with npm run controls. Otherwise run npm run keys -- status and npm run controls -- status, deploy again to restore ' +
  'the policies, and follow the runbook for a leak in docs/security-team.md.';

const whatFailed: Readonly<Record<keyof Rotations, string>> = {
  ProviderKey: 'Doorcode: the rotation of the provider key failed. The key in use is unchanged.',
  CodeSecret: 'Doorcode: the rotation of the code secret failed. The secret in use is unchanged.',
  SigningKey: 'Doorcode: the rotation of the signing keys failed. The keys in use are unchanged.',
  SessionSecret:
    'Doorcode: the rotation of the session secret failed. The secret in use is unchanged, and nobody is signed out.',
};
const inTheLog =
  'Read the log of its function. A line whose code ends in .failed names the reason and the action. ' +
  'Without such a line, Lambda killed the function or could not start it.';
