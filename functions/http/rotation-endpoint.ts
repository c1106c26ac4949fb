/**
 * What the rotation functions share: an event of Secrets Manager for the one secret that is theirs, and a line in the
 * log for each step. A failure is thrown on, so that Secrets Manager sees it; its reason is in our words.
 */
import * as v from 'valibot';
import { type RotationStep, rotationSteps } from '../rotation/rotate-secret.ts';
import { reasonOf } from '../rotation/rotation-failed.ts';
import type { MessageCode } from '../runtime/message-codes.ts';
import { report } from '../runtime/report.ts';

/** An event of Secrets Manager for the secret `arn`: whoever may invoke the function rotates no other. */
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
  }: { readonly step: RotationStep | 'tryCandidate' | 'replaceNow'; readonly requestId: string },
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
