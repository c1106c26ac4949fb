/**
 * Alarms for what nobody would notice by himself: a rotation that failed, a key that the provider refuses, a key that
 * no worker can read anew. Each says what to do. They tell a topic where the settings name one; without it they only
 * turn red, and cost the same few cents.
 *
 * A failed rotation is seen by Lambda's own count, not by ours: every failing step throws, and a step that was killed
 * at its timeout, or never started, wrote no count of ours.
 */
import { Duration, Stack } from 'aws-cdk-lib';
import {
  Alarm,
  ComparisonOperator,
  type IMetric,
  Metric,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { secretFreshSeconds } from '../functions/otp/policy.ts';
import type { LambdaFunction } from './lambda-function.ts';

/** Sixty times what a key should reach in a function that is used: Secrets Manager has been out of reach for long. */
const staleKeySeconds = 60 * secretFreshSeconds;

export interface AlarmsProps {
  /** The rotation functions, by what they rotate. */
  readonly rotations: Readonly<Record<'ProviderKey' | 'CodeSecret' | 'SigningKey', LambdaFunction>>;
  /** Reads of a secret by others than its functions, where CloudTrail is watched. */
  readonly foreignReads: IMetric | undefined;
  /** ARN of the topic that is told. */
  readonly topicArn: string | undefined;
}

/** One alarm for each failure. */
export class Alarms extends Construct {
  constructor(scope: Construct, id: string, { rotations, foreignReads, topicArn }: AlarmsProps) {
    super(scope, id);
    const ours = (metricName: string, statistic: 'Sum' | 'Maximum'): Metric =>
      metricOf(Stack.of(this).stackName, metricName, statistic);
    const topic = topicArn === undefined ? undefined : Topic.fromTopicArn(this, 'Topic', topicArn);
    const alarm = (name: string, metric: IMetric, alarmDescription: string, threshold = 0): void => {
      const made = new Alarm(this, name, {
        metric,
        alarmDescription,
        threshold,
        comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
        evaluationPeriods: 1,
        treatMissingData: TreatMissingData.NOT_BREACHING,
      });
      if (topic !== undefined) made.addAlarmAction(new SnsAction(topic));
    };
    for (const [name, rotation] of Object.entries(rotations)) {
      const errors = rotation.function.metricErrors({ period: Duration.minutes(1) });
      alarm(`${name}RotationFailed`, errors, `${whatFailed[name] ?? name} ${inTheLog}`);
    }
    if (foreignReads !== undefined) alarm('ForeignRead', foreignReads, readByOthers);
    alarm(
      'ProviderKeyRejected',
      ours('request-otp.key-rejected', 'Sum'),
      'Doorcode: the provider refuses a key that is in use. Log of request-otp, code request-otp.key-rejected: ' +
        'current: store a working key (output StoreSmsKey); previous: nothing, if it was revoked on purpose.',
    );
    alarm(
      'ProviderKeyUnusable',
      ours('request-otp.key-unreadable', 'Sum'),
      'Doorcode: the stored provider key cannot be read or is no key; another one serves, for a day at most. Store a ' +
        'working key (output StoreSmsKey), or give request-otp back its right to the secret.',
    );
    alarm(
      'ProviderKeyMissing',
      ours('request-otp.no-key', 'Sum'),
      'Doorcode: there is no provider key to send with, so no SMS is sent. Store one (output StoreSmsKey).',
    );
    alarm(
      'IdentitySecretChanged',
      ours('secret.changed', 'Sum'),
      'Doorcode: the identity secret has another value than before, so workers serve nobody. Move AWSCURRENT back to ' +
        'the version before, at once: with another value every user is another user.',
    );
    alarm(
      'CandidateForgotten',
      ours('rotate-provider-key.candidate-forgotten', 'Sum'),
      'Doorcode: a candidate of the provider key has waited for more than a day, so two keys are alive. Promote it ' +
        '(npm run keys -- promote), or revoke that key in the dashboard and take the label CANDIDATE off.',
    );
    alarm(
      'ProviderKeyStale',
      ours('provider-key.age', 'Maximum'),
      'Doorcode: a worker has sent with a key that it could not read anew for an hour. See whether Secrets Manager ' +
        'has an incident, or request-otp lost its right to the secret; the last good key serves for a day.',
      staleKeySeconds,
    );
  }
}

const readByOthers =
  'Doorcode: somebody who is none of the functions has read a secret, or tried to. CloudTrail’s GetSecretValue says who; ' +
  'unless it was the role for emergencies in use, follow the runbook for a leak in the README.';

const whatFailed: Readonly<Record<string, string>> = {
  ProviderKey: 'Doorcode: the hand-over of the provider key failed; the key in use is untouched.',
  CodeSecret: 'Doorcode: the rotation of the code secret failed; the secret in use is untouched.',
  SigningKey: 'Doorcode: the rotation of the signing keys failed; the keys in use are untouched.',
};
const inTheLog =
  'The log of its function names the reason, in a line whose code ends in .failed, and what to do about it; ' +
  'no such line means that the function was killed or could not start.';

/** A metric that the functions write into their logs; their dimension `service` is the stack. */
function metricOf(stackName: string, metricName: string, statistic: 'Sum' | 'Maximum'): Metric {
  return new Metric({
    namespace: 'Doorcode',
    metricName,
    dimensionsMap: { service: stackName },
    statistic,
    period: Duration.minutes(1),
  });
}
