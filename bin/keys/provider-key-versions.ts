/** The versions of the provider key and what is safe to do next, as pure functions. */
import type { ListSecretVersionIdsResponse, SecretVersionsListEntry } from '@aws-sdk/client-secrets-manager';

/** The label under which the security team stores the next key. */
export const candidateLabel = 'CANDIDATE';

/** A key counts as unused after this time, because every worker reads the secret more often. */
const unusedAfterSeconds = 15 * 60;
const oldCandidateSeconds = 24 * 3600;

/** One version of the secret. Times are epoch seconds. */
export interface KeyVersion {
  readonly versionId: string;
  readonly labels: readonly string[];
  readonly storedAt: number;
  /** Undefined when it was not used in the last three hours. */
  readonly lastUsedAt: number | undefined;
}

/**
 * The versions that are keys, of all versions of the secret, deprecated ones included. The oldest version is not a key:
 * the deployment created it with the secret, so that AWSCURRENT exists (`noProviderKey`). The age decides, because this
 * command reads no value.
 */
export function keysAmong(all: readonly SecretVersionsListEntry[]): SecretVersionsListEntry[] {
  const madeAtMs = all.map(({ CreatedDate }) => CreatedDate?.getTime() ?? 0);
  const oldestMs = Math.min(...madeAtMs);
  // The age does not distinguish two versions of the same moment. Then both stay, so that no key is left out.
  if (madeAtMs.filter((ms) => ms === oldestMs).length > 1) return [...all];
  return all.filter((_, i) => madeAtMs[i] !== oldestMs);
}

/** The labelled versions in an answer of Secrets Manager, without their uses. */
export function labelledVersions({ Versions = [] }: ListSecretVersionIdsResponse): readonly KeyVersion[] {
  return Versions.filter(({ VersionStages = [] }) => VersionStages.length > 0).map(
    ({ VersionId = '', VersionStages = [], CreatedDate }) => ({
      versionId: VersionId,
      labels: VersionStages,
      storedAt: Math.floor((CreatedDate?.getTime() ?? 0) / 1000),
      lastUsedAt: undefined,
    }),
  );
}

/** The version with a label. */
function versionWith(versions: readonly KeyVersion[], label: string): KeyVersion | undefined {
  return versions.find(({ labels }) => labels.includes(label));
}

/** Whether you can safely revoke the previous key in the provider's dashboard, and why or why not. */
export function revocation(
  versions: readonly KeyVersion[],
  now: number,
): { readonly isSafe: boolean; readonly because: string } {
  const current = versionWith(versions, 'AWSCURRENT');
  const previous = versionWith(versions, 'AWSPREVIOUS');
  if (previous === undefined) return { isSafe: false, because: 'There is no earlier key.' };
  if (current?.lastUsedAt === undefined) {
    return {
      isSafe: false,
      because: 'No worker has used the current key yet. Wait for the first SMS with it.',
    };
  }
  const unusedSeconds = previous.lastUsedAt === undefined ? undefined : now - previous.lastUsedAt;
  if (unusedSeconds !== undefined && unusedSeconds < unusedAfterSeconds) {
    const minutes = Math.ceil((unusedAfterSeconds - unusedSeconds) / 60);
    return { isSafe: false, because: `A worker used the old key recently. Check again in ${minutes} min.` };
  }
  return {
    isSafe: true,
    because: 'No worker has used the old key for 15 min. It is safe to revoke in the dashboard.',
  };
}

/** What to do next, most urgent first; never empty. */
export function adviceOn(versions: readonly KeyVersion[], now: number): readonly string[] {
  const candidate = versionWith(versions, candidateLabel);
  const pending = versionWith(versions, 'AWSPENDING');
  const advice: string[] = [];
  if (versionWith(versions, 'AWSCURRENT') === undefined)
    advice.push('No key is stored, so workers send no SMS. Run the command in the stack output StoreSmsKey.');
  if (candidate !== undefined) {
    const isOld = now - candidate.storedAt > oldCandidateSeconds;
    advice.push(
      `A candidate waits${isOld ? ' for more than a day' : ''}. Try it with \`test\`, then make it current with \`promote\`.`,
    );
  }
  if (pending !== undefined && !pending.labels.includes('AWSCURRENT'))
    advice.push('A rotation is running or did not finish. `promote` tries again.');
  if (versionWith(versions, 'AWSPREVIOUS') !== undefined) advice.push(revocation(versions, now).because);
  return advice.length > 0 ? advice : ['Nothing to do.'];
}
