/**
 * Stands in for `@smithy/core/event-streams` in the bundles: no call of ours streams. The SDK
 * imports the real one on demand, which in a bundle of one file keeps half of its core from being left out.
 */

const refusal = 'this bundle has no event streams';

/** The SDK's name. Made only for an operation with a stream, of which there is none here. */
export class EventStreamSerde {
  constructor() {
    throw new Error(refusal);
  }
}

/** The SDK's name. The client of CloudWatch Logs calls it when it is made, for a call that we never make. */
export function resolveEventStreamSerdeConfig<Config>(config: Config): Config {
  return config;
}

/** The SDK's name. */
export function eventStreamSerdeProvider(): never {
  throw new Error(refusal);
}
