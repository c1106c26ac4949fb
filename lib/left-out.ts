/**
 * What a deployment's settings may leave out of its bundles. Each feature is a condition of the imports in package.json:
 * with `no-foreign-tokens`, `#foreign-verifiers` is a module that verifies nothing, and what the real one alone imports is
 * gone. In the same way `no-sessions` leaves out all that starts a session or names the routes of sessions.
 */
import type { Settings } from '../functions/settings/settings.ts';

/** Every feature. The package has a bundle for each choice of them. */
export const features = ['foreign-tokens', 'sessions'] as const;

/** A feature that a bundle leaves out. */
export type LeftOut = (typeof features)[number];

/** The features that these `settings` never use. */
export function leftOutBy({
  session,
  attestation,
  sessions,
}: Partial<Pick<Settings, 'session' | 'attestation' | 'sessions'>>): readonly LeftOut[] {
  return [
    ...(session === undefined && attestation === undefined ? (['foreign-tokens'] as const) : []),
    ...(sessions === 'off' ? (['sessions'] as const) : []),
  ];
}

/** The directory of a bundle: `functions/<entry>.ts` without some features. */
export function bundleName(entry: string, leavesOut: readonly LeftOut[]): string {
  return [entry, ...leavesOut.map((feature) => `no-${feature}`).toSorted()].join('-');
}
