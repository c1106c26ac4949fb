/** The API and its stage: routes, throttles, CORS and access log as in the template, and no route beside them. */
import {
  type Route as GatewayRoute,
  GetApiCommand,
  GetRoutesCommand,
  GetStageCommand,
} from '@aws-sdk/client-apigatewayv2';
import { type Check, deployAgain } from '../check.ts';
import { type DeployedStack, ofType, type Resource } from '../deployed-stack.ts';
import { differences } from '../differences.ts';
import { type Problem, unless, wrong } from '../finding.ts';
import type { Right } from '../right.ts';

/** In ARNs of API Gateway the account is empty. The path of `$default` is a wildcard, because it may be percent-encoded. */
const right = ({ partition, region }: DeployedStack, path: string): Right => ({
  action: 'apigateway:GET',
  resource: `arn:${partition}:apigateway:${region}::${path}`,
});
const paths = (api: Resource | undefined) => {
  const root = `/apis/${api?.physicalId}`;
  return { api: root, routes: `${root}/routes`, stages: `${root}/stages/*` };
};

export const stageCheck: Check = {
  name: 'API stage',
  rights: (stack) => {
    const { api, routes, stages } = paths(ofType(stack, 'AWS::ApiGatewayV2::Api')[0]);
    return [right(stack, api), right(stack, routes), right(stack, stages)];
  },
  look: async ({ stack, clients: { apiGateway }, read }) => {
    const [api] = ofType(stack, 'AWS::ApiGatewayV2::Api');
    const [stage] = ofType(stack, 'AWS::ApiGatewayV2::Stage');
    const at = paths(api);
    const ApiId = api?.physicalId;
    const foundApi = await read(right(stack, at.api), (options) =>
      apiGateway.send(new GetApiCommand({ ApiId }), options),
    );
    const foundStage = await read(right(stack, at.stages), (options) =>
      apiGateway.send(new GetStageCommand({ ApiId, StageName: stage?.physicalId }), options),
    );
    const found = await read(right(stack, at.routes), async (options) => {
      const all: GatewayRoute[] = [];
      let next: string | undefined;
      do {
        const { Items = [], NextToken } = await apiGateway.send(
          new GetRoutesCommand({ ApiId, MaxResults: '100', ...(next !== undefined && { NextToken: next }) }),
          options,
        );
        all.push(...Items);
        next = NextToken;
      } while (next !== undefined);
      return all;
    });
    if (foundApi === undefined) return [wrong(`The API ${ApiId} does not exist.`, 'Deploy again.')];
    if (foundStage === undefined || stage === undefined)
      return [wrong('The API has no stage, so every route answers 404.', 'Deploy again.')];
    const routes = ofType(stack, 'AWS::ApiGatewayV2::Route');
    return unless(
      [
        ...apiProblems(api, Object(foundApi)),
        ...stageProblems(stage, Object(foundStage)),
        ...routeProblems(routes, found ?? []),
      ],
      `${routes.length} routes, with throttles, CORS and access log as in the template`,
    );
  },
};

function apiProblems(
  api: Resource | undefined,
  found: Readonly<Record<string, unknown>>,
): readonly Problem[] {
  const expected = api?.properties['CorsConfiguration'];
  const cors = found['CorsConfiguration'];
  const isSame = expected === undefined ? cors === undefined : differences(expected, cors).length === 0;
  return [
    ...(isSame
      ? []
      : [wrong('CORS differs from the template: other web pages may call the API.', deployAgain)]),
    ...(Boolean(api?.properties['DisableExecuteApiEndpoint']) === Boolean(found['DisableExecuteApiEndpoint'])
      ? []
      : [wrong('The API’s own endpoint is switched off, unlike in the template.', deployAgain)]),
  ];
}

function stageProblems(
  { properties }: Resource,
  found: Readonly<Record<string, unknown>>,
): readonly Problem[] {
  const throttles = {
    DefaultRouteSettings: properties['DefaultRouteSettings'],
    RouteSettings: properties['RouteSettings'],
  };
  const changed = differences(throttles, found);
  const message = String(found['LastDeploymentStatusMessage'] ?? '');
  return [
    ...(changed.length === 0
      ? []
      : [wrong(`The stage's throttles differ from the template: ${changed.join(', ')}.`, deployAgain)]),
    ...(differences(logOf(properties['AccessLogSettings']), logOf(found['AccessLogSettings'])).length === 0
      ? []
      : [wrong('The access log is off or has another format: support finds no request in it.', deployAgain)]),
    ...(Boolean(properties['AutoDeploy']) === Boolean(found['AutoDeploy'])
      ? []
      : [wrong('The stage no longer deploys its changes by itself.', deployAgain)]),
    ...(/fail/i.test(message) ? [wrong(`The stage was not deployed: ${message}`, 'Deploy again.')] : []),
  ];
}

/** API Gateway may leave off the `:*` with which CloudFormation names a log group. */
function logOf(settings: unknown): unknown {
  const { DestinationArn, Format } = Object(settings);
  return { DestinationArn: String(DestinationArn).replace(/:\*$/, ''), Format };
}

function routeProblems(routes: readonly Resource[], found: readonly GatewayRoute[]): readonly Problem[] {
  const expected = new Map(routes.map(({ properties }) => [String(properties['RouteKey']), properties]));
  const actual = new Map(found.map((route) => [route.RouteKey ?? '', route]));
  const wanted = [...expected].filter(([key, { Target, AuthorizationType = 'NONE' }]) => {
    const { Target: target, AuthorizationType: type = 'NONE' } = actual.get(key) ?? {};
    return differences({ Target, AuthorizationType }, { Target: target, AuthorizationType: type }).length > 0;
  });
  const added = [...actual.keys()].filter((key) => !expected.has(key));
  return [
    ...wanted.map(([key]) =>
      wrong(`The route ${key} is ${actual.has(key) ? 'not the template’s' : 'missing'}.`, deployAgain),
    ),
    ...added.map((key) =>
      wrong(
        `There is a route ${key} that the template does not have.`,
        'Find out who added it, and delete it.',
      ),
    ),
  ];
}
