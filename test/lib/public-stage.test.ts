import { Match } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { accessLogFormat } from '../../lib/access-log.ts';
import { doorcodeTemplate, logicalIds } from './doorcode-template.ts';
import { functionId } from './grants.ts';

const template = doorcodeTemplate();

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-logging-variables.html, without authorizers. */
const documentedVariables = [
  'accountId apiId awsEndpointRequestId awsEndpointRequestId2 dataProcessed domainName domainPrefix error.message',
  'error.messageString error.responseType extendedRequestId httpMethod identity.sourceIp identity.userAgent',
  'integration.error integration.integrationStatus integration.latency integration.requestId integration.status',
  'integrationErrorMessage integrationLatency integrationStatus path protocol requestId requestTime',
  'requestTimeEpoch responseLatency responseLength routeKey stage status',
].flatMap((line) => line.split(' '));

describe('the API', () => {
  it('keeps its logical id: its endpoint is the issuer of every token', () => {
    expect(logicalIds(template, 'AWS::ApiGatewayV2::Api')).toEqual(['ApiF70053CD']);
  });

  it('has eight routes, each to its function by payload 2.0, and no catch-all', () => {
    const integrations = template.findResources('AWS::ApiGatewayV2::Integration');
    const routes = Object.values(template.findResources('AWS::ApiGatewayV2::Route')).map(({ Properties }) => {
      const [, { Ref }] = Properties.Target['Fn::Join'][1];
      const { IntegrationUri, PayloadFormatVersion } = integrations[Ref]?.['Properties'] ?? {};
      return [Properties.RouteKey, IntegrationUri['Fn::GetAtt'][0], PayloadFormatVersion];
    });
    expect(routes).toEqual([
      ['POST /auth/request-otp', functionId(template, 'RequestOtp'), '2.0'],
      ['POST /auth/verify-otp', functionId(template, 'VerifyOtp'), '2.0'],
      ['GET /.well-known/jwks.json', functionId(template, 'WellKnown'), '2.0'],
      ['GET /.well-known/openid-configuration', functionId(template, 'WellKnown'), '2.0'],
      ['GET /.well-known/oauth-authorization-server', functionId(template, 'WellKnown'), '2.0'],
      ['POST /auth/token', functionId(template, 'Session'), '2.0'],
      ['POST /auth/revoke', functionId(template, 'Session'), '2.0'],
      ['POST /auth/sessions', functionId(template, 'Session'), '2.0'],
    ]);
  });

  it('is reached over IPv4 and IPv6, is closed to pages of other origins, and serves one stage at its root', () => {
    template.hasResourceProperties('AWS::ApiGatewayV2::Api', {
      ProtocolType: 'HTTP',
      IpAddressType: 'dualstack',
      CorsConfiguration: Match.absent(),
    });
    template.resourceCountIs('AWS::ApiGatewayV2::Stage', 1);
    template.hasResourceProperties('AWS::ApiGatewayV2::Stage', { StageName: '$default', AutoDeploy: true });
  });

  it('lets the gateway call each function for its own routes only', () => {
    const permissions = Object.values(template.findResources('AWS::Lambda::Permission'))
      .filter(({ Properties }) => Properties.Principal === 'apigateway.amazonaws.com')
      .map(({ Properties }) => [
        Properties.FunctionName['Fn::GetAtt'][0],
        Properties.SourceArn['Fn::Join'][1].at(-1),
      ]);
    expect(permissions).toEqual([
      [functionId(template, 'RequestOtp'), '/*/*/auth/request-otp'],
      [functionId(template, 'VerifyOtp'), '/*/*/auth/verify-otp'],
      [functionId(template, 'WellKnown'), '/*/*/.well-known/jwks.json'],
      [functionId(template, 'WellKnown'), '/*/*/.well-known/openid-configuration'],
      [functionId(template, 'WellKnown'), '/*/*/.well-known/oauth-authorization-server'],
      [functionId(template, 'Session'), '/*/*/auth/token'],
      [functionId(template, 'Session'), '/*/*/auth/revoke'],
      [functionId(template, 'Session'), '/*/*/auth/sessions'],
    ]);
  });
});

describe('throttles', () => {
  const stage = (from = template) => Object.values(from.findResources('AWS::ApiGatewayV2::Stage'))[0];

  it('are set for every route, with CloudFormation’s spelling of the inner keys', () => {
    expect(stage()?.['Properties']['RouteSettings']).toEqual({
      'POST /auth/request-otp': { ThrottlingRateLimit: 300, ThrottlingBurstLimit: 300 },
      'POST /auth/verify-otp': { ThrottlingRateLimit: 1000, ThrottlingBurstLimit: 1000 },
      'GET /.well-known/jwks.json': { ThrottlingRateLimit: 300, ThrottlingBurstLimit: 300 },
      'GET /.well-known/openid-configuration': { ThrottlingRateLimit: 300, ThrottlingBurstLimit: 300 },
      'GET /.well-known/oauth-authorization-server': { ThrottlingRateLimit: 300, ThrottlingBurstLimit: 300 },
      'POST /auth/token': { ThrottlingRateLimit: 1000, ThrottlingBurstLimit: 1000 },
      'POST /auth/revoke': { ThrottlingRateLimit: 1000, ThrottlingBurstLimit: 1000 },
      'POST /auth/sessions': { ThrottlingRateLimit: 1000, ThrottlingBurstLimit: 1000 },
    });
  });

  it('name only routes that exist when the stage is made', () => {
    expect(stage()?.['DependsOn']).toEqual(
      expect.arrayContaining(Object.keys(template.findResources('AWS::ApiGatewayV2::Route'))),
    );
  });

  it('follow the settings, and a forgotten route gets the lowest', () => {
    const own = doorcodeTemplate({
      requestRatePerSecond: 5,
      verifyRatePerSecond: 6,
      wellKnownRatePerSecond: 7,
      sessionRatePerSecond: 8,
    });
    expect(stage(own)?.['Properties']).toMatchObject({
      DefaultRouteSettings: { ThrottlingRateLimit: 5, ThrottlingBurstLimit: 5 },
      RouteSettings: {
        'POST /auth/request-otp': { ThrottlingRateLimit: 5, ThrottlingBurstLimit: 5 },
        'POST /auth/verify-otp': { ThrottlingRateLimit: 6, ThrottlingBurstLimit: 6 },
        'GET /.well-known/jwks.json': { ThrottlingRateLimit: 7, ThrottlingBurstLimit: 7 },
        'POST /auth/token': { ThrottlingRateLimit: 8, ThrottlingBurstLimit: 8 },
      },
    });
  });
});

describe('the access log', () => {
  it('is the format that the stage uses, with a log group of its own', () => {
    template.hasResourceProperties('AWS::ApiGatewayV2::Stage', {
      AccessLogSettings: {
        Format: accessLogFormat,
        DestinationArn: { 'Fn::GetAtt': [Match.stringLikeRegexp('^PublicAccessLog'), 'Arn'] },
      },
    });
  });

  it('is one JSON object of documented variables', () => {
    const values = Object.values<unknown>(JSON.parse(accessLogFormat));
    expect(values).not.toHaveLength(0);
    for (const value of values) {
      expect(documentedVariables.map((name) => `$context.${name}`)).toContain(value);
    }
  });

  it('holds no body, no query, no path, no header and no claim', () => {
    expect(accessLogFormat).not.toMatch(/body|query|path|header|authoriz|claims|userAgent/i);
  });
});

describe('log groups', () => {
  it('keep everything for 400 days, and outlive the stack, but not a first deployment that fails', () => {
    expect(logicalIds(template, 'AWS::Logs::LogGroup')).toHaveLength(10);
    template.allResources('AWS::Logs::LogGroup', {
      DeletionPolicy: 'RetainExceptOnCreate',
      UpdateReplacePolicy: 'Retain',
      Properties: { RetentionInDays: 400 },
    });
  });

  it('follow the setting', () => {
    doorcodeTemplate({ logRetentionDays: 30 }).allResourcesProperties('AWS::Logs::LogGroup', {
      RetentionInDays: 30,
    });
  });
});
