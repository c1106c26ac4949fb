/** What `keys status` says of the identity secret. Pure: its versions come in, a sentence goes out. */
import type { KeyVersion } from './provider-key.ts';

/**
 * Whether the identity secret has changed, and whether somebody meant it. A change is a cry until the deployment after
 * it: who meant it deploys once more, so that every worker starts with the new value. Times are epoch seconds.
 */
export function identityState(
  versions: readonly Pick<KeyVersion, 'versionId' | 'labels' | 'storedAt'>[],
  deployedAt: number,
): string {
  const current = versions.find(({ labels }) => labels.includes('AWSCURRENT'));
  const previous = versions.find(({ labels }) => labels.includes('AWSPREVIOUS'));
  if (current === undefined) return 'HAS NO VALUE: nobody can sign in';
  if (previous === undefined) return 'unchanged, as it must stay';
  const day = new Date(current.storedAt * 1000).toISOString().slice(0, 10);
  if (previous.storedAt > current.storedAt) return `moved back to the value of ${day}, as it must stay`;
  if (current.storedAt <= deployedAt)
    return `another value since ${day}, and deployed with it: as after a move`;
  return (
    `HAS CHANGED on ${day}, after the last deployment. Move AWSCURRENT back at once; if it was meant, deploy once more: ` +
    'see "The identity secret" in docs/security-team.md'
  );
}
