/**
 * Executions against what the routes can ask for. While the provider hangs, each request for a code holds an execution for
 * the provider's 4 s. Without a reservation, requests for codes could then take every execution of the account, and nobody
 * could type a code in.
 * https://docs.aws.amazon.com/lambda/latest/dg/lambda-concurrency.html
 */
import { GetAccountSettingsCommand, GetFunctionConcurrencyCommand } from '@aws-sdk/client-lambda';
import { providerDeadlineMs } from '../../functions/settings/fixed-numbers.ts';
import { arnOfFunction, environmentOf, routesOf } from '../api.ts';
import type { Check } from '../check.ts';
import type { DeployedStack, Resource } from '../deployed-stack.ts';
import { each } from '../each.ts';
import { type Problem, unless, wrong } from '../finding.ts';
import type { Right } from '../right.ts';

const ofAccount: Right = { action: 'lambda:GetAccountSettings', resource: '*' };
const ofFunction = (resource: string): Right => ({ action: 'lambda:GetFunctionConcurrency', resource });

/** What a request takes besides the provider's answer, what any other request takes, and one that needs no secret. */
const ownSeconds = 0.1;
const publicSeconds = 0.05;
const secondsWithProvider = providerDeadlineMs / 1000 + ownSeconds;

interface Demand {
  readonly lambda: Resource;
  /** Requests a second over all routes of the function. */
  readonly ratePerSecond: number;
  readonly seconds: number;
  readonly executions: number;
}

/** What each function behind a route can need at once. */
function demandsOf(stack: DeployedStack): readonly Demand[] {
  const byFunction = Map.groupBy(routesOf(stack), ({ to }) => to);
  return [...byFunction].flatMap(([lambda, routes]) => {
    if (lambda === undefined) return [];
    const ratePerSecond = routes.reduce((sum, route) => sum + route.ratePerSecond, 0);
    const seconds = secondsOf(lambda);
    return [{ lambda, ratePerSecond, seconds, executions: Math.ceil(ratePerSecond * seconds) }];
  });
}

/** How long a request of a function holds an execution at worst; `docs/deploy.md` has the same figures. */
function secondsOf(lambda: Resource): number {
  const variables = Object.keys(environmentOf(lambda));
  if (variables.includes('PROVIDER_URL')) return secondsWithProvider;
  return variables.some((name) => name.endsWith('_SECRET_ARN')) ? ownSeconds : publicSeconds;
}

export const concurrencyCheck: Check = {
  name: 'concurrency',
  rights: (stack) => [
    ofAccount,
    ...demandsOf(stack).map(({ lambda }) => ofFunction(arnOfFunction(stack, lambda))),
  ],
  look: async ({ stack, clients, read }) => {
    const demands = demandsOf(stack);
    const settings = await read(ofAccount, (options) =>
      clients.lambda.send(new GetAccountSettingsCommand({}), options),
    );
    const { ConcurrentExecutions: quota = 0, UnreservedConcurrentExecutions: unreserved = 0 } =
      settings?.AccountLimit ?? {};
    const shared: Demand[] = [];
    const problems = await each(demands, async (demand) => {
      const { lambda } = demand;
      const found = await read(ofFunction(arnOfFunction(stack, lambda)), (options) =>
        clients.lambda.send(new GetFunctionConcurrencyCommand({ FunctionName: lambda.physicalId }), options),
      );
      const reserved = found?.ReservedConcurrentExecutions;
      const expected = lambda.properties['ReservedConcurrentExecutions'];
      if (String(reserved) !== String(expected)) return [reservationDiffers(lambda, reserved, expected)];
      if (reserved === undefined) shared.push(demand);
      return [];
    });
    const wanted = shared.reduce((sum, { executions }) => sum + executions, 0);
    const fits = wanted <= unreserved;
    return unless(
      [...problems, ...(fits ? [] : [tooMany(shared, { wanted, unreserved, quota })])],
      `the routes can need ${wanted} of ${unreserved} unreserved executions at once`,
    );
  },
};

function reservationDiffers(
  { logicalId, physicalId }: Resource,
  reserved: number | undefined,
  expected: unknown,
): Problem {
  return wrong(
    `${logicalId} has ${reserved ?? 'no'} reserved executions, and in the template ${String(expected ?? 'none')}.`,
    expected === undefined
      ? `aws lambda delete-function-concurrency --function-name ${physicalId}`
      : `aws lambda put-function-concurrency --function-name ${physicalId} --reserved-concurrent-executions ${String(expected)}`,
  );
}

/** Lambda keeps 100 executions unreserved, and below that no reservation is possible. */
const alwaysUnreserved = 100;

interface Executions {
  readonly wanted: number;
  readonly unreserved: number;
  readonly quota: number;
}

/** Names the function that needs most, and a reservation that leaves enough for the others. */
function tooMany(shared: readonly Demand[], { wanted, unreserved, quota }: Executions): Problem {
  const [first] = [...shared].sort((a, b) => b.executions - a.executions);
  const { lambda, ratePerSecond = 0, seconds = ownSeconds, executions = 0 } = first ?? {};
  const others = wanted - executions;
  const room = unreserved - Math.max(others, alwaysUnreserved);
  const mend =
    room > 0
      ? `Set reservedConcurrency: { requestOtp: ${Math.min(executions, room)} }, or lower requestRatePerSecond: "Concurrency" in docs/deploy.md.`
      : `Set requestRatePerSecond: ${Math.max(1, Math.floor(quota / secondsWithProvider))}, and ask AWS for a higher quota.`;
  return wrong(
    `The routes can need ${wanted} executions at once, and ${unreserved} are unreserved: ${lambda?.logicalId} alone needs ${ratePerSecond} × ${seconds} s = ${executions}. Then nobody can type a code in.`,
    mend,
  );
}
