/**
 * The routes, throttles and access log of the HTTP API.
 *
 * The throttles are a ceiling on cost that all callers share. The limits per caller are in the table. CDK does not check a
 * stage's route settings. Their inner keys must have CloudFormation's spelling, which the stack tests check.
 */
import { type RemovalPolicy, Validations } from 'aws-cdk-lib';
import { CfnStage, type HttpApi, HttpMethod, PayloadFormatVersion } from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { accessLogFormat } from './access-log.ts';
import type { LambdaFunction } from './lambda-function.ts';
import { unlessNeverDeployed } from './removal.ts';

/** Routes that one function answers, all with the same throttle. */
interface Routes {
  readonly method: 'GET' | 'POST';
  readonly paths: readonly string[];
  readonly to: LambdaFunction;
  /** Requests per second of each path, and the burst. */
  readonly ratePerSecond: number;
  /** The reason why these routes need no authorization. */
  readonly openBecause: string;
}

export interface PublicStageProps {
  readonly api: HttpApi;
  readonly routes: readonly Routes[];
  readonly logRetention: RetentionDays;
  readonly removalPolicy: RemovalPolicy;
}

/** The routes of an API, and the one stage that serves them at its root. */
export class PublicStage extends Construct {
  readonly stage: CfnStage;

  constructor(scope: Construct, id: string, { api, routes, ...props }: PublicStageProps) {
    super(scope, id);
    const logGroup = new LogGroup(this, 'AccessLog', {
      retention: props.logRetention,
      removalPolicy: unlessNeverDeployed(props.removalPolicy),
    });
    this.stage = new CfnStage(this, 'Stage', {
      apiId: api.apiId,
      stageName: '$default',
      autoDeploy: true,
      accessLogSettings: { destinationArn: logGroup.logGroupArn, format: accessLogFormat },
      defaultRouteSettings: {
        throttlingRateLimit: lowestRate(routes),
        throttlingBurstLimit: lowestRate(routes),
      },
      routeSettings: Object.fromEntries(routes.flatMap(throttles)),
    });
    for (const group of routes) this.stage.node.addDependency(...addRoutes(api, group));
  }
}

function addRoutes(api: HttpApi, { method, paths, to, openBecause }: Routes): Construct[] {
  const integration = new HttpLambdaIntegration(`${to.node.id}Integration`, to.function, {
    payloadFormatVersion: PayloadFormatVersion.VERSION_2_0,
  });
  const routes = paths.flatMap((path) => api.addRoutes({ path, methods: [HttpMethod[method]], integration }));
  for (const route of routes) {
    Validations.of(route).acknowledge({ id: 'AwsSolutions::AwsSolutions-APIG4', reason: openBecause });
  }
  return routes;
}

function throttles({ method, paths, ratePerSecond }: Routes): [string, unknown][] {
  const settings = { ThrottlingRateLimit: ratePerSecond, ThrottlingBurstLimit: ratePerSecond };
  return paths.map((path) => [`${method} ${path}`, settings]);
}

/** The default throttle is the tightest one, for a route that somebody adds and forgets to throttle. */
function lowestRate(routes: readonly Routes[]): number {
  return Math.min(...routes.map(({ ratePerSecond }) => ratePerSecond));
}
