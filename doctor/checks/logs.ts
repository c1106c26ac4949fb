/**
 * The logs: each group with its retention, and both lines of the calls that were just made, found by the `instance` that
 * the app got. So support finds a user's request, and the functions may write their logs.
 * It is long because it waits for four lines, and says for each what its absence means.
 */
import { setTimeout as pause } from 'node:timers/promises';
import {
  DescribeLogGroupsCommand,
  type LogGroup,
  paginateFilterLogEvents,
} from '@aws-sdk/client-cloudwatch-logs';
import { routesOf } from '../api.ts';
import type { Check, Examination } from '../check.ts';
import { type DeployedStack, ofType, type Resource } from '../deployed-stack.ts';
import { each } from '../each.ts';
import { type Problem, unless, untold, wrong } from '../finding.ts';
import type { Answered, Probes } from '../probes.ts';
import type { Right } from '../right.ts';

const type = 'AWS::Logs::LogGroup';
const describe: Right = { action: 'logs:DescribeLogGroups', resource: '*' };
const filter = ({ arn }: DeployedStack, group: string): Right => ({
  action: 'logs:FilterLogEvents',
  resource: arn('logs', `log-group:${group}:*`),
});

const pollMs = 2_000;
/** The clock of the person's machine may be ahead of AWS's. */
const skewMs = 5 * 60_000;

interface Sought {
  readonly group: string;
  readonly what: string;
  readonly probe: keyof Pick<Probes, 'emptyBody' | 'forgedId'>;
}

/** Where the lines of the two calls are. */
function soughtIn(stack: DeployedStack): readonly Sought[] {
  const [stage] = ofType(stack, 'AWS::ApiGatewayV2::Stage');
  const { DestinationArn = '' } = Object(stage?.properties['AccessLogSettings']);
  // arn:aws:logs:region:account:log-group:name:*
  const accessLog = String(DestinationArn).split(':')[6] ?? '';
  const called = [
    ['POST /auth/request-otp', 'emptyBody'],
    ['POST /auth/verify-otp', 'forgedId'],
  ] as const;
  return called.flatMap(([key, probe]) => {
    const { LoggingConfig } = Object(routesOf(stack).find((route) => route.key === key)?.to?.properties);
    const group = Object(LoggingConfig).LogGroup;
    return [
      { group: accessLog, what: `the access log has no line of ${key}`, probe },
      ...(typeof group === 'string'
        ? [{ group, what: `the function's log has no line of ${key}`, probe }]
        : []),
    ];
  });
}

export const logsCheck: Check = {
  name: 'logs',
  rights: (stack) => [describe, ...soughtIn(stack).map(({ group }) => filter(stack, group))],
  look: async (examination) => {
    const { stack } = examination;
    const groups = ofType(stack, type);
    const problems = [
      ...(await each(groups, (group) => groupProblems(group, examination))),
      ...(await lineProblems(examination)),
    ];
    return unless(
      problems,
      `${groups.length} groups with their retention; both lines of each call just made, in access log and function log`,
    );
  },
};

async function groupProblems(
  { logicalId, physicalId = '', properties }: Resource,
  { clients, read }: Pick<Examination, 'clients' | 'read'>,
): Promise<readonly Problem[]> {
  const answer = await read(describe, (options) =>
    clients.logs.send(new DescribeLogGroupsCommand({ logGroupNamePrefix: physicalId }), options),
  );
  const found: LogGroup | undefined = answer?.logGroups?.find(
    ({ logGroupName }) => logGroupName === physicalId,
  );
  if (found === undefined) return [wrong(`The log group ${logicalId} does not exist.`, 'Deploy again.')];
  const expected = properties['RetentionInDays'];
  if (String(found.retentionInDays) === String(expected)) return [];
  return [
    wrong(
      `The log group ${logicalId} keeps its lines ${found.retentionInDays === undefined ? 'for ever' : `for ${found.retentionInDays} days`}, not for ${expected}.`,
      `aws logs put-retention-policy --log-group-name ${physicalId} --retention-in-days ${expected}`,
    ),
  ];
}

async function lineProblems(examination: Examination): Promise<readonly Problem[]> {
  const { stack, probes, signal, lineMs } = examination;
  const all = soughtIn(stack);
  const withId = all.flatMap((sought) => {
    const id = idOf(probes[sought.probe]);
    return id === undefined ? [] : [{ ...sought, id }];
  });
  const endsAtMs = performance.now() + lineMs;
  let left = withId;
  const denied = await each([0], async () => {
    for (;;) {
      const still: typeof left = [];
      for (const sought of left) if (!(await hasLine(sought, examination))) still.push(sought);
      left = still;
      if (left.length === 0 || performance.now() > endsAtMs) return [];
      await pause(pollMs, undefined, { signal });
    }
  });
  if (denied.length > 0) return denied;
  const unidentified = all.length - withId.length;
  return [
    ...(unidentified === 0
      ? []
      : [
          untold(
            `${unidentified / 2} of the calls just made got no id from the gateway, so their lines cannot be looked up`,
          ),
        ]),
    ...left.map(({ what, id }) =>
      wrong(
        `After ${lineMs / 1000} s ${what} (${id}).`,
        'Check the stage’s access log settings and the right logs:PutLogEvents of the function’s role (checks "API stage" and "function roles").',
      ),
    ),
  ];
}

function idOf(answered: Answered): string | undefined {
  return answered.tag === 'answer' ? answered.gatewayId : undefined;
}

async function hasLine(
  { group, id }: Sought & { readonly id: string },
  { stack, clients, read, probes }: Examination,
): Promise<boolean> {
  const found = await read(filter(stack, group), async ({ abortSignal }) => {
    const asked = {
      logGroupName: group,
      startTime: probes.startedAtMs - skewMs,
      // A quoted term is matched as it stands.
      filterPattern: `"${id}"`,
    };
    // A page may be empty although a later one is not.
    for await (const { events = [] } of paginateFilterLogEvents({ client: clients.logs }, asked, {
      abortSignal,
    }))
      if (events.some(({ message = '' }) => message.includes(id))) return true;
    return false;
  });
  return found === true;
}
