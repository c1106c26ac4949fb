import type { ProviderBreaker } from './breaker.ts';

/** Stands before the provider in init's rehearsal: every SMS is accepted, and none is sent. */
export const rehearsalProvider: ProviderBreaker = {
  pausedSeconds: async () => 0,
  run: async () => ({ tag: 'accepted' }),
};
