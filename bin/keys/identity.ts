/** What `keys status` says about the identity secret, as a pure function of its versions. */
import type { KeyVersion } from './provider-key-versions.ts';

/**
 * Whether the identity secret has changed, and whether on purpose. The text is a warning until the next deployment. After
 * a change on purpose you deploy once more, so that every worker starts with the new value. Times are epoch seconds.
 */
export function identityState(
  versions: readonly Pick<KeyVersion, 'versionId' | 'labels' | 'storedAt'>[],
  deployedAt: number,
): string {
  const current = versions.find(({ labels }) => labels.includes('AWSCURRENT'));
  const previous = versions.find(({ labels }) => labels.includes('AWSPREVIOUS'));
  if (current === undefined) return 'HAS NO VALUE: nobody can sign in';
  if (previous === undefined) return 'unchanged, as it must be';
  const day = new Date(current.storedAt * 1000).toISOString().slice(0, 10);
  if (previous.storedAt > current.storedAt) return `moved back to the value of ${day}, as it must be`;
  if (current.storedAt <= deployedAt)
    return `another value since ${day}, and deployed since then, as after a move`;
  return (
    `HAS CHANGED on ${day}, after the last deployment. Move AWSCURRENT back at once. If you changed it on purpose, deploy ` +
    'once more: see "The identity secret" in docs/security-team.md'
  );
}
