/**
 * API Gateway's HTTP APIs, as far as they are described. The routes and throttles are those that the local gateway serves.
 * https://docs.aws.amazon.com/apigatewayv2/latest/api-reference/resources.html
 */
import { AwsError } from '../aws/aws-error.ts';
import { NamedMap } from './account-answer.ts';
import { type AccountState, type Input, type Operations, ofType } from './account-state.ts';

type Found = ReturnType<typeof ofType>[number];

function find(state: AccountState, type: string, id: unknown): Found {
  const found = ofType(state, type).find(({ physicalId }) => physicalId === id);
  if (found === undefined)
    throw new AwsError('NotFoundException', `Invalid ${type} identifier specified`, 404);
  return found;
}

function right(path: (input: Input) => string): Operations[string]['right'] {
  return (input, { deployment: { region } }) => ({
    action: 'apigateway:GET',
    resource: `arn:aws:apigateway:${region}::${path(input)}`,
  });
}

const api = 'AWS::ApiGatewayV2::Api';

export const apiGateway: Operations = {
  GetApi: {
    right: right(({ ApiId }) => `/apis/${ApiId}`),
    answer: ({ ApiId }, state) => {
      const { Name, ProtocolType, IpAddressType } = find(state, api, ApiId).properties;
      const { cors } = state.deployment;
      return {
        ApiId,
        ApiEndpoint: state.apiUrl,
        Name,
        ProtocolType,
        IpAddressType,
        DisableExecuteApiEndpoint: false,
        ...(cors !== undefined && { CorsConfiguration: cors }),
      };
    },
  },
  GetStage: {
    right: right(({ ApiId, StageName }) => `/apis/${ApiId}/stages/${StageName}`),
    answer: ({ ApiId, StageName }, state) => {
      find(state, api, ApiId);
      const { AccessLogSettings, AutoDeploy, DefaultRouteSettings, RouteSettings } = find(
        state,
        'AWS::ApiGatewayV2::Stage',
        StageName,
      ).properties;
      const { DestinationArn, Format } = Object(AccessLogSettings);
      // The throttles that the local gateway applies.
      const { routes } = state.deployment;
      const settings = Object.keys(Object(RouteSettings)).map((key) => {
        const { ratePerSecond, burst } = routes.find(({ routeKey }) => routeKey === key) ?? {};
        return [key, { ThrottlingRateLimit: ratePerSecond, ThrottlingBurstLimit: burst }];
      });
      return {
        StageName,
        AutoDeploy,
        DefaultRouteSettings,
        RouteSettings: new NamedMap(Object.fromEntries(settings)),
        AccessLogSettings: { DestinationArn: String(DestinationArn).replace(/:\*$/, ''), Format },
        CreatedDate: new Date(state.deployedAt * 1000),
      };
    },
  },
  GetRoutes: {
    right: right(({ ApiId }) => `/apis/${ApiId}/routes`),
    answer: ({ ApiId }, state) => {
      find(state, api, ApiId);
      const Items = ofType(state, 'AWS::ApiGatewayV2::Route')
        .filter(({ properties }) =>
          state.deployment.routes.some(({ routeKey }) => routeKey === properties['RouteKey']),
        )
        .map(({ physicalId, properties: { RouteKey, Target, AuthorizationType = 'NONE' } }) => ({
          RouteId: physicalId,
          RouteKey,
          Target,
          AuthorizationType,
          ApiKeyRequired: false,
        }));
      return { Items };
    },
  },
  GetDomainName: {
    right: right(({ DomainName }) => `/domainnames/${DomainName}`),
    answer: ({ DomainName }, state) => {
      const { DomainNameConfigurations } = find(
        state,
        'AWS::ApiGatewayV2::DomainName',
        DomainName,
      ).properties;
      const [configuration] = Array.isArray(DomainNameConfigurations) ? DomainNameConfigurations : [];
      const ApiGatewayDomainName = `d-local.execute-api.${state.deployment.region}.amazonaws.com`;
      return {
        DomainName,
        DomainNameConfigurations: [{ ...configuration, ApiGatewayDomainName, DomainNameStatus: 'AVAILABLE' }],
      };
    },
  },
  GetApiMappings: {
    right: right(({ DomainName }) => `/domainnames/${DomainName}/apimappings`),
    answer: ({ DomainName }, state) => ({
      Items: ofType(state, 'AWS::ApiGatewayV2::ApiMapping')
        .filter(({ properties }) => properties['DomainName'] === DomainName)
        .map(({ physicalId, properties: { ApiId, Stage, ApiMappingKey = '' } }) => ({
          ApiMappingId: physicalId,
          ApiId,
          Stage,
          ApiMappingKey,
        })),
    }),
  },
};
