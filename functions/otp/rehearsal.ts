/** What init rehearses: requests that are valid, and of which nobody ever hears. */
import * as v from 'valibot';
import type { IdentityKeys } from './identity-keys.ts';
import { type Challenge, none } from './number-record.ts';
import { phoneNumberSchema } from './phone-number.ts';
import { drawChallengeId, requestIdOf } from './request-id.ts';

/** A number as it is written; whose it is does not matter, it goes nowhere. */
const phoneNumber = '+916000000000';

/** Asks for a code. */
export const rehearsedAsk: object = { phoneNumber };

/** A guess, and the challenge that it is made at. */
export interface RehearsedGuess {
  readonly body: object;
  readonly challenge: Challenge;
}

/** A wrong guess: no code matches the hash, so nothing is won and no token is signed. */
export function rehearsedGuess(
  { seal }: Pick<IdentityKeys, 'seal'>,
  challenge: Pick<Challenge, 'keyVersion' | 'expiresAt' | 'purpose'>,
): RehearsedGuess {
  const name = { id: drawChallengeId(), lane: 'public', needsSession: false } as const;
  const requestId = requestIdOf(seal, name, v.parse(phoneNumberSchema, phoneNumber));
  return {
    body: { requestId, code: '000000' },
    challenge: { ...challenge, ...name, hash: none, idempotency: none },
  };
}
