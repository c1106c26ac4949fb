/**
 * The rotation of the provider key. The security team stores the new key under the label CANDIDATE and starts an ordinary
 * rotation. This code tries the key with the provider, without sending an SMS, and only then lets it become current. It
 * never generates a key: people create keys in the provider's dashboard, and a generated one would stop every send.
 */
import { isProviderKey } from '../secrets/provider-key-format.ts';
import { findLabelled, type Rotation, type SecretVersions, type StoredVersion } from './rotate-secret.ts';
import { RotationFailed } from './rotation-failed.ts';

/** The label under which the security team stores the next key. */
export const candidateLabel = 'CANDIDATE';

/** The provider's answer about a key. */
export type KeyTrial = 'accepted' | 'refused' | 'no-answer';

/** Asks the provider about a key, without sending an SMS. */
export type TryKey = (key: string) => Promise<KeyTrial>;

/** The rotation of the provider's key. */
export function providerKeyRotation(versions: SecretVersions, tryKey: TryKey): Rotation {
  return {
    // A person started this rotation. They read why it failed and start it again.
    afterFailure: 'give-up',
    nextValue: async (stored) => {
      const key = wellFormed(await readKey(versions, candidateLabel));
      if (stored === undefined) return key;
      if (stored === key) return undefined;
      throw new RotationFailed('candidate-changed', 'another candidate was stored meanwhile: start anew');
    },
    check: async (key, current) => {
      // Nothing changes with the key in use, whatever the provider says of it today.
      if (key !== current) await tried(wellFormed(key), tryKey);
    },
    finished: async (key) => {
      // A candidate that somebody stored meanwhile is another key. It waits for its own rotation.
      const candidate = await findCandidate(versions);
      if (candidate?.value === key) await versions.moveLabel(candidateLabel, { from: candidate.versionId });
    },
  };
}

/** Tries the key with a label and changes nothing; throws a `RotationFailed` when it could not become or stay current. */
export async function tryLabelled(
  versions: SecretVersions,
  tryKey: TryKey,
  label: typeof candidateLabel | 'AWSCURRENT',
): Promise<void> {
  await tried(wellFormed(await readKey(versions, label)), tryKey);
}

async function readKey(versions: SecretVersions, label: string): Promise<string> {
  const stored = await findLabelled(versions, await versions.labels(), label);
  if (stored !== undefined) return stored.value;
  throw new RotationFailed('no-candidate', `no key is stored under the label ${label}`);
}

async function findCandidate(versions: SecretVersions): Promise<StoredVersion | undefined> {
  return findLabelled(versions, await versions.labels(), candidateLabel);
}

function wellFormed(key: string): string {
  if (isProviderKey(key)) return key;
  throw new RotationFailed('malformed', 'the key does not look like a StartMessaging key');
}

async function tried(key: string, tryKey: TryKey): Promise<void> {
  switch (await tryKey(key)) {
    case 'accepted':
      return;
    case 'refused':
      throw new RotationFailed('refused', 'the provider refuses the key: mistyped or revoked');
    case 'no-answer':
      throw new RotationFailed('no-answer', 'the provider did not say whether it takes the key: try again');
  }
}
