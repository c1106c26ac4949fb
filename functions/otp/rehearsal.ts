/** The valid requests that init rehearses. They reach neither the table nor the provider. */
import * as v from 'valibot';
import type { IdentityKeys } from './identity-keys.ts';
import { type Challenge, none } from './number-record.ts';
import { drawChallengeId, requestIdOf } from './request-id.ts';
import { sealedPhoneNumberSchema } from './sealed-phone-number.ts';

/** A well-formed number. Nothing is ever sent to it. */
const phoneNumber = '+916000000000';

/** Asks for a code. */
export const rehearsedAsk: object = { phoneNumber };

/** A guess, and the challenge that it is made at. */
export interface RehearsedGuess {
  readonly body: object;
  readonly challenge: Challenge;
}

/** A wrong guess. No code matches the hash, so the flow consumes nothing and signs no token. */
export function rehearsedGuess(
  { seal }: Pick<IdentityKeys, 'seal'>,
  challenge: Pick<Challenge, 'keyVersion' | 'expiresAt' | 'purpose'>,
): RehearsedGuess {
  const name = { id: drawChallengeId(), lane: 'public', needsSession: false } as const;
  const requestId = requestIdOf(seal, name, v.parse(sealedPhoneNumberSchema, phoneNumber));
  return {
    body: { requestId, code: '000000' },
    challenge: { ...challenge, ...name, hash: none, idempotency: none },
  };
}
