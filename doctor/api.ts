/** The API of a stack: its routes with their functions, its stage, and its issuer. All of it comes from the template. */

import { type DeployedStack, ofType, type Resource } from './deployed-stack.ts';
import { isRecord } from './differences.ts';

export interface Route {
  /** `POST /auth/request-otp`. */
  readonly key: string;
  /** The function behind it; undefined where the stack does not have it. */
  readonly to: Resource | undefined;
  /** Requests a second that the stage admits. */
  readonly ratePerSecond: number;
}

/** The routes. */
export function routesOf(stack: DeployedStack): readonly Route[] {
  const functions = new Map(
    ofType(stack, 'AWS::Lambda::Function').map((lambda) => [arnOfFunction(stack, lambda), lambda] as const),
  );
  const targets = new Map<string, Resource | undefined>(
    ofType(stack, 'AWS::ApiGatewayV2::Integration').map(
      ({ physicalId, properties }) =>
        [`integrations/${physicalId}`, functions.get(String(properties['IntegrationUri']))] as const,
    ),
  );
  const [stage] = ofType(stack, 'AWS::ApiGatewayV2::Stage');
  const { DefaultRouteSettings, RouteSettings } = Object(stage?.properties);
  return ofType(stack, 'AWS::ApiGatewayV2::Route').map(({ properties }) => {
    const key = String(properties['RouteKey']);
    const { ThrottlingRateLimit } = Object(Object(RouteSettings)[key] ?? DefaultRouteSettings);
    return {
      key,
      to: targets.get(String(properties['Target'])),
      ratePerSecond: Number(ThrottlingRateLimit ?? 0),
    };
  });
}

/** The ARN of a function of this stack. */
export function arnOfFunction({ arn }: DeployedStack, { physicalId }: Resource): string {
  return arn('lambda', `function:${physicalId}`);
}

/** The variables of a function. */
export function environmentOf({ properties }: Resource): Readonly<Record<string, string>> {
  const { Variables = {} } = Object(properties['Environment']);
  return isRecord(Variables)
    ? Object.fromEntries(Object.entries(Variables).map(([name, value]) => [name, String(value)]))
    : {};
}

/** The addresses of a deployment: of its API, and of what other APIs trust. */
export interface Addresses {
  readonly apiUrl: string;
  /** Equal to `apiUrl` without a domain of the adopter's own. */
  readonly issuer: string;
}

/** The issuer of every token, which the functions get as a variable. */
export function issuerOf(stack: DeployedStack): string | undefined {
  return ofType(stack, 'AWS::Lambda::Function')
    .map((lambda) => environmentOf(lambda)['ISSUER'])
    .find((issuer) => issuer !== undefined);
}
