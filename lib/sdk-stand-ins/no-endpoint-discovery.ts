/**
 * Replaces `@aws-sdk/middleware-endpoint-discovery` in the bundles. DynamoDB's client sets it up, with a cache of its own,
 * but none of its commands uses it: DescribeEndpoints returns the address that the client has anyway.
 */

/** The SDK's name for the option that switches discovery on. Nothing sets it. */
export const NODE_ENDPOINT_DISCOVERY_CONFIG_OPTIONS = {
  environmentVariableSelector: (): undefined => undefined,
  configFileSelector: (): undefined => undefined,
  default: false,
};

/** The SDK's name for the function that extends the client's configuration. This one leaves it unchanged. */
export function resolveEndpointDiscoveryConfig<T>(config: T): T {
  return config;
}
