/**
 * Stands in for `@aws-sdk/middleware-endpoint-discovery` in the bundles. DynamoDB's client sets it up, with a cache of
 * its own, and none of its commands uses it: DescribeEndpoints answers the address that is known anyway.
 */

/** The SDK's name: how it would be switched on. Nothing does. */
export const NODE_ENDPOINT_DISCOVERY_CONFIG_OPTIONS = {
  environmentVariableSelector: (): undefined => undefined,
  configFileSelector: (): undefined => undefined,
  default: false,
};

/** The SDK's name: would add to the client's configuration, and leaves it as it is. */
export function resolveEndpointDiscoveryConfig<T>(config: T): T {
  return config;
}
