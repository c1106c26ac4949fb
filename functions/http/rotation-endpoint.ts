/**
 * The rotation functions share the schema of their events, which admits the function's own secret alone, and the log line of
 * each step. A failure is rethrown, so that Secrets Manager sees it. The log gives its reason in our own words.
 */
import * as v from 'valibot';
import { type RotationStep, rotationSteps } from '../rotation/rotate-secret.ts';
import { reasonOf } from '../rotation/rotation-failed.ts';
import type { MessageCode } from '../runtime/message-codes.ts';
import { report } from '../runtime/report.ts';

/** An event of Secrets Manager for the secret `arn`. A caller who may invoke the function can rotate no other secret. */
export function rotationEventSchema(arn: string) {
  return v.object({
    Step: v.picklist(rotationSteps),
    SecretId: v.literal(arn),
    ClientRequestToken: v.string(),
  });
}

/** Runs a step and reports it. */
export async function reportedStep(
  codes: { readonly done: MessageCode; readonly failed: MessageCode },
  {
    step,
    requestId,
  }: {
    readonly step: RotationStep | 'tryCandidate' | 'tryCurrent' | 'replaceNow';
    readonly requestId: string;
  },
  run: () => Promise<void>,
): Promise<void> {
  try {
    await run();
    report({ code: codes.done, requestId, reason: step });
  } catch (error) {
    report({ code: codes.failed, requestId, reason: `${step}: ${reasonOf(error)}` });
    throw error;
  }
}
