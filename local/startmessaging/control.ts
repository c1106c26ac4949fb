/** The changes that tests and the page's switches may make. An unknown switch is an error, so that a typo fails the test. */
import * as v from 'valibot';
import { type ProviderFaultName, providerFaults } from './provider-faults.ts';

const faultNames = Object.keys(providerFaults) as ProviderFaultName[];

export const controlSchema = v.strictObject({
  profile: v.optional(v.picklist(['observed', 'documented'])),
  account: v.optional(v.picklist(['active', 'unapproved', 'suspended'])),
  /** Rupees. */
  balance: v.optional(v.pipe(v.number(), v.minValue(0))),
  addKey: v.optional(
    v.strictObject({ key: v.pipe(v.string(), v.minLength(1)), label: v.pipe(v.string(), v.minLength(1)) }),
  ),
  /** The label of a key. */
  revokeKey: v.optional(v.string()),
  /** Caller addresses that may use the account; an empty list means all. */
  callers: v.optional(v.array(v.string())),
  /** A number for which other customers have used up the provider's limit. */
  exhaustNumber: v.optional(v.string()),
  /** How many requests one caller address may make in ten seconds; 200 at first. */
  requestsPerThrottleWindow: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1))),
  /** What became of the SMS, as the provider tells it; delivered at first. */
  fate: v.optional(
    v.strictObject({
      status: v.picklist(['initiated', 'queued', 'sent', 'delivered', 'failed', 'expired']),
      failureReason: v.optional(v.string()),
    }),
  ),
  latencyMs: v.optional(v.pipe(v.number(), v.minValue(0), v.maxValue(60_000))),
  /** How far the provider's clock is ahead, in seconds. */
  clockOffsetSeconds: v.optional(v.pipe(v.number(), v.finite())),
  /** A fault for the next calls: `times` of them, or until it is `null`. */
  fault: v.optional(
    v.nullable(
      v.strictObject({
        name: v.picklist(faultNames),
        times: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1))),
      }),
    ),
  ),
});

export type ControlChange = v.InferInput<typeof controlSchema>;
