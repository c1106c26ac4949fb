/**
 * Stands in for `@aws/lambda-invoke-store` in the bundles: it keeps the trace ids of requests apart that one process
 * serves at the same time. Lambda gives each of our processes one at a time, and its trace id by the environment.
 */

/** The SDK's name: there is no store. */
export const InvokeStore = {
  getInstanceAsync: async (): Promise<undefined> => undefined,
};
