/**
 * Stands in for `@smithy/core/event-streams` in the bundles: no call to DynamoDB or Secrets Manager streams. The SDK
 * imports the real one on demand, which in a bundle of one file keeps half of its core from being left out.
 */

const refusal = 'this bundle has no event streams';

/** The SDK's name. Made only for an operation with a stream, of which there is none here. */
export class EventStreamSerde {
  constructor() {
    throw new Error(refusal);
  }
}

/** The SDK's name. */
export function eventStreamSerdeProvider(): never {
  throw new Error(refusal);
}
