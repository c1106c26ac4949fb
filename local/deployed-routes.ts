/** Routes and throttles of the one stage. */
import * as v from 'valibot';
import { account } from './deployed-names.ts';
import type { OfType } from './template.ts';

export interface DeployedRoute {
  /** `POST /auth/request-otp`. */
  readonly routeKey: string;
  /** The source ARN with which the API invokes the function. */
  readonly arn: string;
  readonly functionArn: string;
  readonly ratePerSecond: number;
  readonly burst: number;
}

const throttleSchema = v.object({ ThrottlingRateLimit: v.number(), ThrottlingBurstLimit: v.number() });
const stageSchema = v.object({
  AccessLogSettings: v.object({ Format: v.string() }),
  DefaultRouteSettings: throttleSchema,
  RouteSettings: v.record(v.string(), throttleSchema),
});

/** The stage: its throttles and the format of its access log. */
export function readStage(ofType: OfType): v.InferOutput<typeof stageSchema> {
  const [[, stage] = []] = ofType('AWS::ApiGatewayV2::Stage');
  return v.parse(stageSchema, stage);
}

/** The routes, each with its own throttle or else the stage's. */
export function readRoutes(ofType: OfType, region: string): readonly DeployedRoute[] {
  const { DefaultRouteSettings, RouteSettings } = readStage(ofType);
  const targets = new Map(
    ofType('AWS::ApiGatewayV2::Integration').map(([id, { IntegrationUri }]) => [
      `integrations/${id}`,
      String(IntegrationUri),
    ]),
  );
  return ofType('AWS::ApiGatewayV2::Route').map(([, { ApiId, RouteKey, Target }]) => {
    const routeKey = String(RouteKey);
    const { ThrottlingRateLimit, ThrottlingBurstLimit } = RouteSettings[routeKey] ?? DefaultRouteSettings;
    return {
      routeKey,
      // Lambda's permissions name the caller by stage, method and path.
      arn: `arn:aws:execute-api:${region}:${account}:${ApiId}/$default/${routeKey.replace(' ', '')}`,
      functionArn: targets.get(String(Target)) ?? '',
      ratePerSecond: ThrottlingRateLimit,
      burst: ThrottlingBurstLimit,
    };
  });
}

const corsSchema = v.object({
  AllowOrigins: v.array(v.string()),
  AllowMethods: v.array(v.string()),
  AllowHeaders: v.array(v.string()),
  ExposeHeaders: v.array(v.string()),
  MaxAge: v.number(),
});

/** The CORS rules of the API; undefined where the template has none. */
export type Cors = v.InferOutput<typeof corsSchema>;

/** The CORS configuration of the one API. */
export function readCors(ofType: OfType): Cors | undefined {
  const [[, api] = []] = ofType('AWS::ApiGatewayV2::Api');
  return v.parse(v.object({ CorsConfiguration: v.optional(corsSchema) }), api).CorsConfiguration;
}
