/**
 * Reads the session secret. AWSCURRENT is read first and AWSPREVIOUS after it: a rotation between the two reads then hides
 * the newest version, which makes no tokens yet. The other way round, it would hide the one that made all tokens in use.
 *
 * A damaged version of either label fails the read, and the last good value serves. It never counts as missing, because the
 * tokens that it made would look forged.
 */
import {
  type SessionSecret,
  type SessionSecretVersion,
  sessionSecretVersion,
} from '../sessions/session-secret.ts';
import { secretReadMs } from '../settings/fixed-numbers.ts';
import { parsed, readCurrent, readVersion, type SecretSource, type SecretVersion } from './secret-readers.ts';

/** Reads both versions, within the time of one read. Throws `Unavailable`. */
export async function readSessionSecret(source: SecretSource, signal: AbortSignal): Promise<SessionSecret> {
  const ending = AbortSignal.any([signal, AbortSignal.timeout(secretReadMs)]);
  const current = await readCurrent(source, ending);
  const previous = await readVersion(source, { VersionStage: 'AWSPREVIOUS' }, ending);
  return parsed(source, () => ({ current: versionOf(current), previous: previous && versionOf(previous) }));
}

function versionOf({ versionId, value, createdAt }: SecretVersion): SessionSecretVersion {
  if (createdAt === undefined) throw new TypeError('expected the time at which the version was stored');
  return sessionSecretVersion({ versionId, value, createdAt });
}
