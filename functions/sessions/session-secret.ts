/**
 * The session secret, as a worker knows it: the versions AWSCURRENT and AWSPREVIOUS. It makes the authenticator of refresh
 * tokens, so whoever has only the table and the identity secret can forge none.
 *
 * A token names the version that made it by a short tag. A new version makes tokens only when it is 15 minutes old. By then
 * every worker has read it, and no worker meets a token of a version that it does not know.
 */
import { createHash, type KeyObject } from 'node:crypto';
import { deriveKey } from '../otp/identity-keys.ts';

/** How old AWSCURRENT must be before it makes tokens. A worker reads the secret again after 60 s. */
const secretSettledSeconds = 900;

/** How old a worker's knowledge may be to say that a version does not exist. Less than the 15 minutes. */
export const knowledgeSeconds = 600;

/** The length of a key tag in bytes. */
export const keyTagBytes = 4;

/** One version of the secret. */
export interface SessionSecretVersion {
  /** Names the version in a token: the first bytes of the hash of its id. Two versions may have the same tag. */
  readonly tag: Buffer;
  /** Makes authenticators. */
  readonly key: KeyObject;
  /** When the version was stored, epoch seconds. */
  readonly createdAt: number;
}

export interface SessionSecret {
  readonly current: SessionSecretVersion;
  readonly previous: SessionSecretVersion | undefined;
}

/** A version from what Secrets Manager stores. Throws for a value that is too short to be the generated one. */
export function sessionSecretVersion({
  versionId,
  value,
  createdAt,
}: {
  readonly versionId: string;
  readonly value: string;
  readonly createdAt: number;
}): SessionSecretVersion {
  const tag = createHash('sha256').update(versionId).digest().subarray(0, keyTagBytes);
  return { tag, key: deriveKey(value, 'session-authenticator'), createdAt };
}

/** The version that makes tokens at `now` (epoch seconds). */
export function makingVersion({ current, previous }: SessionSecret, now: number): SessionSecretVersion {
  return previous !== undefined && now - current.createdAt < secretSettledSeconds ? previous : current;
}

/** The versions that may have made a token with `tag`: none, one, or both where their tags are alike. */
export function versionsTagged(
  { current, previous }: SessionSecret,
  tag: Uint8Array,
): readonly SessionSecretVersion[] {
  const known = previous === undefined ? [current] : [current, previous];
  return known.filter((version) => version.tag.equals(tag));
}
