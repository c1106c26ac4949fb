/** The alarms: all there, as in the template, switched on, and none of them red. */
import { DescribeAlarmsCommand, type MetricAlarm } from '@aws-sdk/client-cloudwatch';
import { alarmsOf } from '../alarms.ts';
import { type Check, deployAgain } from '../check.ts';
import type { DeployedStack, Resource } from '../deployed-stack.ts';
import { differences } from '../differences.ts';
import { type Problem, unless, untold, wrong } from '../finding.ts';
import type { Right } from '../right.ts';

/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_DescribeAlarms.html: 100 names a call. */
const namesOfCall = 100;
const right = ({ arn }: DeployedStack): Right => ({
  action: 'cloudwatch:DescribeAlarms',
  resource: arn('cloudwatch', 'alarm:*'),
});

export const alarmsCheck: Check = {
  name: 'alarms',
  rights: (stack) => [right(stack)],
  look: async ({ stack, clients: { cloudWatch }, read }) => {
    const alarms = alarmsOf(stack);
    const found = new Map<string, MetricAlarm>();
    for (let at = 0; at < alarms.length; at += namesOfCall) {
      const AlarmNames = alarms.slice(at, at + namesOfCall).map(({ physicalId = '' }) => physicalId);
      const answer = await read(right(stack), (options) =>
        cloudWatch.send(
          new DescribeAlarmsCommand({ AlarmNames, AlarmTypes: ['MetricAlarm'], MaxRecords: namesOfCall }),
          options,
        ),
      );
      for (const alarm of answer?.MetricAlarms ?? []) found.set(alarm.AlarmName ?? '', alarm);
    }
    const problems = alarms.flatMap((alarm) => problemsOf(alarm, found.get(alarm.physicalId ?? '')));
    const unevaluated = [...found.values()].filter(
      ({ StateValue }) => StateValue === 'INSUFFICIENT_DATA',
    ).length;
    return unless(
      [
        ...problems,
        ...(unevaluated === 0
          ? []
          : [
              untold(
                `CloudWatch has not evaluated ${unevaluated} alarms yet, run this again in five minutes`,
              ),
            ]),
      ],
      `${alarms.length} as in the template, none of them red`,
    );
  },
};

function problemsOf({ logicalId, properties }: Resource, found: MetricAlarm | undefined): readonly Problem[] {
  if (found === undefined) return [wrong(`The alarm ${logicalId} does not exist.`, 'Deploy again.')];
  const { Tags: _, ...expected } = properties;
  const changed = differences(expected, found);
  return [
    ...(changed.length === 0
      ? []
      : [wrong(`The alarm ${logicalId} differs from the template in ${changed.join(', ')}.`, deployAgain)]),
    ...(found.ActionsEnabled === false
      ? [
          wrong(
            `The actions of the alarm ${logicalId} are switched off, so it tells nobody.`,
            `aws cloudwatch enable-alarm-actions --alarm-names ${found.AlarmName}`,
          ),
        ]
      : []),
    ...(found.StateValue === 'ALARM'
      ? [wrong(`The alarm ${logicalId} is red.`, String(found.AlarmDescription ?? 'Look at the dashboard.'))]
      : []),
  ];
}
