/**
 * Stands in for `@smithy/core/retry` in the bundles. Left out are the SDK's two retry strategies and their rate limiter,
 * because each of our clients brings a strategy of its own (`functions/runtime/second-try.ts`). The middleware that asks the
 * strategy is the SDK's.
 */
// @ts-expect-error The package has no types and no export at the path of its middleware.
import { bindGetRetryPlugin } from '../../node_modules/@smithy/core/dist-es/submodules/retry/middleware-retry/retryMiddleware.js';

/** The SDK's defaults. Every client of ours overrides them. */
export const DEFAULT_MAX_ATTEMPTS = 3;
export const RETRY_MODES = { STANDARD: 'standard', ADAPTIVE: 'adaptive' } as const;
export const DEFAULT_RETRY_MODE = RETRY_MODES.STANDARD;
export const Retry = { v2026: true } as const;

/** The SDK's options of a client that names no number of tries and no mode. */
const unset = {
  environmentVariableSelector: (): undefined => undefined,
  configFileSelector: (): undefined => undefined,
};
export const NODE_MAX_ATTEMPT_CONFIG_OPTIONS = { ...unset, default: DEFAULT_MAX_ATTEMPTS };
export const NODE_RETRY_MODE_CONFIG_OPTIONS = { ...unset, default: DEFAULT_RETRY_MODE };

/** The SDK's plugin. None of our calls has a stream as its body, so it may repeat each of them. */
export const getRetryPlugin: (config: unknown) => unknown = bindGetRetryPlugin(() => false);

interface RetryInput {
  readonly maxAttempts: number;
  readonly retryStrategy: object;
}

/** The SDK's name for the function that completes the configuration. It throws where a client brings no strategy. */
export function resolveRetryConfig<T extends RetryInput>(config: T): object {
  const { maxAttempts, retryStrategy } = config;
  if (retryStrategy === undefined) throw new TypeError('expected a retryStrategy');
  return Object.assign(config, {
    maxAttempts: async () => maxAttempts,
    retryStrategy: async () => retryStrategy,
  });
}
