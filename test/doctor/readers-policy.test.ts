/** The policy for whoever runs the doctor: with it everything is told, and without one action of it exactly that is not. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { DeployedStack } from '../../doctor/deployed-stack.ts';
import { readersPolicy } from '../../doctor/examine.ts';
import { AwsError } from '../../local/aws/aws-error.ts';
import type { Statement } from '../../local/aws/iam.ts';
import { type LocalStack, startLocalStack } from '../../local/local-stack.ts';
import { runDoctor } from '../support/run-doctor.ts';

let stack: LocalStack;
let examined: DeployedStack;
beforeAll(async () => {
  stack = await startLocalStack({
    workers: 1,
    settings: {
      alarmTopicArn: 'arn:aws:sns:ap-south-1:000000000000:on-call',
      cloudTrailLogGroupName: 'trail/all',
    },
  });
  const { stack: read } = await runDoctor(stack);
  if (read === undefined) throw new Error('the stack was not read');
  examined = read;
});
afterAll(() => stack.stop());

/** The policy as IAM evaluates it. */
function statementsOf(beyondReading: boolean): readonly Statement[] {
  return readersPolicy(examined, beyondReading).Statement.map((statement) => ({
    ...statement,
    Action: [...statement.Action],
    Resource: [...statement.Resource],
    Condition: {},
  }));
}

afterEach(() => stack.alterAnswers());

describe('the policy for the doctor’s reader', () => {
  it('is enough: everything is told', async () => {
    const { findings } = await runDoctor(stack, { rights: statementsOf(true) });
    expect(findings.filter(({ tag }) => tag !== 'ok')).toEqual([]);
  });

  it('fits into a managed policy, with names as long as CloudFormation makes them', () => {
    // 6,144 characters without white space: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
    const text = JSON.stringify(readersPolicy(examined, true));
    // CloudFormation puts the stack's name before a logical id, and 12 characters or more behind it.
    const asInAws = text.replaceAll(
      /:(function:|role\/|secret:|log-group:)(?=[A-Z])/g,
      ':$1Doorcode-1a2b3c4d5e6f7-',
    );
    expect(asInAws.length).toBeGreaterThan(text.length);
    expect(asInAws.length).toBeLessThanOrEqual(6144);
  });

  it('names no wildcard in an action, and no resource of another stack', () => {
    const { Statement } = readersPolicy(examined, true);
    for (const { Action, Resource } of Statement) {
      expect(Action.filter((action) => action.includes('*'))).toEqual([]);
      for (const resource of Resource)
        expect(resource === '*' || !resource.startsWith('arn:aws:*')).toBe(true);
    }
    const onEverything = Statement.filter(({ Resource }) => Resource.includes('*')).flatMap(
      ({ Action }) => Action,
    );
    expect(onEverything.sort()).toEqual([
      'cloudwatch:ListMetrics',
      'cloudwatch:PutMetricData',
      'lambda:GetAccountSettings',
      'logs:DescribeLogGroups',
      'logs:TestMetricFilter',
    ]);
  });

  it('has nothing but reading of descriptions where the checks that ask are left out', () => {
    const actions = readersPolicy(examined, false).Statement.flatMap(({ Action }) => Action);
    expect(actions.filter((action) => !/:(Describe|Get|GET|List|Filter|Test)/.test(action))).toEqual([]);
    expect(actions).not.toContain('secretsmanager:GetSecretValue');
  });

  it('needs each of its actions: without one, that action is named, and nothing is called wrong', async () => {
    const statements = statementsOf(true);
    const actions = statements.flatMap(({ Action }) => Action);
    expect(actions.length).toBeGreaterThan(20);
    // As after a first deployment, when no metric has been written yet.
    stack.alterAnswers(({ action }, answer) =>
      action === 'ListMetrics' && !(answer instanceof AwsError) ? { Metrics: [] } : answer,
    );
    for (const missing of actions) {
      const rights = statements
        .map((statement) => ({
          ...statement,
          Action: statement.Action.filter((action) => action !== missing),
        }))
        .filter(({ Action }) => Action.length > 0);
      const { findings } = await runDoctor(stack, { rights });
      expect([missing, findings.filter(({ tag }) => tag === 'wrong')]).toEqual([missing, []]);
      const reasons = findings.flatMap((finding) => (finding.tag === 'untold' ? [finding.reason] : []));
      const named =
        missing === 'secretsmanager:GetSecretValue'
          ? /no right to read \S+ in the first place/
          : `needs ${missing} on `;
      expect([missing, reasons.join('\n')]).toEqual([
        missing,
        typeof named === 'string' ? expect.stringContaining(named) : expect.stringMatching(named),
      ]);
    }
  }, 300_000);
});
