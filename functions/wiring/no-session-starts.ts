/** Replaces `session-starts.ts` in a bundle without sessions. */
import { deriveIdentityKeys } from '../otp/identity-keys.ts';
import type { SessionStarts } from './session-starts.ts';

export const deriveKeys = deriveIdentityKeys;

/** Starts no session, whatever an app asks for. */
export function openSessionStarts(): SessionStarts {
  return { prepare: async () => undefined, startFor: () => async () => ({}) };
}
