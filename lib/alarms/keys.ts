/**
 * Alarms for keys and secrets: a rotation that failed, a key that the provider refuses, one that no worker can read anew.
 *
 * A failed rotation is seen by Lambda's own count, not by ours: every failing step throws, and a step that was killed
 * at its timeout, or never started, wrote no count of ours.
 *
 * None for an old key that is still used: which version is the current one is in no metric, and an alarm cannot search
 * for versions that do not exist yet. The dashboard shows the uses by version, and `npm run keys -- revoke-check` judges.
 */
import { Duration } from 'aws-cdk-lib';
import type { IMetric } from 'aws-cdk-lib/aws-cloudwatch';
import { secretFreshSeconds } from '../../functions/settings/fixed-numbers.ts';
import type { LambdaFunction } from '../lambda-function.ts';
import type { DoorcodeMetrics } from '../metrics.ts';
import type { AlarmPlan } from './alarm.ts';

/** Sixty times what a key should reach in a function that is used: Secrets Manager has been out of reach for long. */
const staleKeySeconds = 60 * secretFreshSeconds;

const oneMinute = Duration.minutes(1);

/** The rotation functions, by what they rotate. */
export type Rotations = Readonly<Record<'ProviderKey' | 'CodeSecret' | 'SigningKey', LambdaFunction>>;

interface Watched {
  readonly rotations: Rotations;
  /** Reads of a secret by others than its functions, where CloudTrail is watched. */
  readonly foreignReads: IMetric | undefined;
  /** Changes of a secret, or of its policy, by others. */
  readonly foreignChanges: IMetric | undefined;
}

/** The alarms of this theme. */
export function keyAlarms(
  metrics: DoorcodeMetrics,
  { rotations, foreignReads, foreignChanges }: Watched,
): readonly AlarmPlan[] {
  const ours = (name: Parameters<typeof metrics.of>[0], statistic: 'Sum' | 'Maximum' = 'Sum'): IMetric =>
    metrics.of(name, { statistic, period: oneMinute });
  const failed = (name: keyof Rotations): AlarmPlan => ({
    id: `${name}RotationFailed`,
    metric: rotations[name].function.metricErrors({ period: oneMinute }),
    description: `${whatFailed[name]} ${inTheLog}`,
  });
  return [
    failed('ProviderKey'),
    failed('CodeSecret'),
    failed('SigningKey'),
    ...(foreignReads === undefined
      ? []
      : [{ id: 'ForeignRead', metric: foreignReads, description: readByOthers }]),
    ...(foreignChanges === undefined
      ? []
      : [{ id: 'ForeignChange', metric: foreignChanges, description: changedByOthers }]),
    {
      id: 'ProviderKeyRejected',
      metric: ours('request-otp.key-rejected'),
      description:
        'Doorcode: the provider refuses a key that is in use. Log of request-otp, code request-otp.key-rejected: ' +
        'current: store a working key (output StoreSmsKey); previous: nothing, if it was revoked on purpose.',
    },
    {
      id: 'ProviderKeyUnusable',
      metric: ours('request-otp.key-unreadable'),
      description:
        'Doorcode: the stored provider key cannot be read or is no key; another one serves, for a day at most. Store a ' +
        'working key (output StoreSmsKey), or give request-otp back its right to the secret.',
    },
    {
      id: 'ProviderKeyMissing',
      metric: ours('request-otp.no-key'),
      description:
        'Doorcode: there is no provider key to send with, so no SMS is sent. Store one (output StoreSmsKey).',
    },
    {
      id: 'IdentitySecretChanged',
      metric: ours('secret.changed'),
      description:
        'Doorcode: the identity secret has another value than before, so workers serve nobody. Move AWSCURRENT back to ' +
        'the version before, at once: with another value every user is another user.',
    },
    {
      id: 'CandidateForgotten',
      metric: ours('rotate-provider-key.candidate-forgotten'),
      description:
        'Doorcode: a candidate of the provider key has waited for more than a day, so two keys are alive. Promote it ' +
        '(npm run keys -- promote), or revoke that key in the dashboard and take the label CANDIDATE off.',
    },
    {
      id: 'ProviderKeyStale',
      metric: ours('provider-key.age', 'Maximum'),
      threshold: staleKeySeconds,
      description:
        'Doorcode: a worker has sent with a key that it could not read anew for an hour. See whether Secrets Manager ' +
        'has an incident, or request-otp lost its right to the secret; the last good key serves for a day.',
    },
  ];
}

const readByOthers =
  'Doorcode: somebody who is none of the functions has read a secret, or tried to. CloudTrail says who (GetSecretValue). ' +
  'Nothing to do if it was the role for emergencies, or your team with npm run controls (name its role in controlsRoleArn to ' +
  'leave it out here). Else follow the runbook for a leak in the README.';

const changedByOthers =
  'Doorcode: somebody has changed a secret, the controls, or a resource policy of theirs, or tried to. CloudTrail says who ' +
  '(PutSecretValue, UpdateSecret, UpdateSecretVersionStage, DeleteSecret, ReplicateSecretToRegions, PutResourcePolicy, ' +
  'DeleteResourcePolicy). Nothing to do if it was a deployment that made or changed a policy, or your team with npm run ' +
  'controls. Else: npm run keys -- status and npm run controls -- status, deploy again for the policies, and follow the ' +
  'runbook for a leak in the README.';

const whatFailed: Readonly<Record<keyof Rotations, string>> = {
  ProviderKey: 'Doorcode: the hand-over of the provider key failed; the key in use is untouched.',
  CodeSecret: 'Doorcode: the rotation of the code secret failed; the secret in use is untouched.',
  SigningKey: 'Doorcode: the rotation of the signing keys failed; the keys in use are untouched.',
};
const inTheLog =
  'Read the log of its function: a line whose code ends in .failed names the reason, and what to do about it; ' +
  'no such line means that the function was killed or could not start.';
