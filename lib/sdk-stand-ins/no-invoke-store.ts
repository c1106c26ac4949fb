/**
 * Replaces `@aws/lambda-invoke-store` in the bundles. The store separates the trace ids of requests that one process serves
 * at the same time. Lambda gives each of our processes one request at a time, with its trace id in the environment.
 */

/** The SDK's name: there is no store. */
export const InvokeStore = {
  getInstanceAsync: async (): Promise<undefined> => undefined,
};
