/** Routes and throttles of the one stage. */
import * as v from 'valibot';
import type { DeployedRoute } from './deployment.ts';
import type { OfType } from './template.ts';

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

/** The routes, each with the throttle that is its own or the stage's. */
export function readRoutes(ofType: OfType): readonly DeployedRoute[] {
  const { DefaultRouteSettings, RouteSettings } = readStage(ofType);
  const targets = new Map(
    ofType('AWS::ApiGatewayV2::Integration').map(([id, { IntegrationUri }]) => [
      `integrations/${id}`,
      String(IntegrationUri),
    ]),
  );
  return ofType('AWS::ApiGatewayV2::Route').map(([, { RouteKey, Target }]) => {
    const routeKey = String(RouteKey);
    const { ThrottlingRateLimit, ThrottlingBurstLimit } = RouteSettings[routeKey] ?? DefaultRouteSettings;
    return {
      routeKey,
      functionArn: targets.get(String(Target)) ?? '',
      ratePerSecond: ThrottlingRateLimit,
      burst: ThrottlingBurstLimit,
    };
  });
}
