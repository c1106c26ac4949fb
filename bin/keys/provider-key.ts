/** The provider key's versions, and what is safe to do next. Pure: what was read comes in, sentences go out. */
import type { ListSecretVersionIdsResponse, SecretVersionsListEntry } from '@aws-sdk/client-secrets-manager';

/** The label under which the security team stores the next key. */
export const candidateLabel = 'CANDIDATE';

/** A key that nobody used for this long is unused: every worker reads the secret more often. */
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
 * Of all versions of the secret, deprecated ones included, those that are keys. The oldest is none: the deployment made
 * it with the secret, so that AWSCURRENT exists (`noProviderKey`). Its value is not looked at, because this command reads
 * no secret.
 */
export function keysAmong(all: readonly SecretVersionsListEntry[]): SecretVersionsListEntry[] {
  const madeAtMs = all.map(({ CreatedDate }) => CreatedDate?.getTime() ?? 0);
  const oldestMs = Math.min(...madeAtMs);
  // Two of the same moment cannot be told apart; a key must not be taken for none.
  if (madeAtMs.filter((ms) => ms === oldestMs).length > 1) return [...all];
  return all.filter((_, i) => madeAtMs[i] !== oldestMs);
}

/** The versions in an answer of Secrets Manager that carry a label, without their uses. */
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

/** Whether the key before the current one can be revoked in the provider's dashboard, and why not. */
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
      because: 'The current key has not been used yet: wait for the first SMS with it.',
    };
  }
  const unusedSeconds = previous.lastUsedAt === undefined ? undefined : now - previous.lastUsedAt;
  if (unusedSeconds !== undefined && unusedSeconds < unusedAfterSeconds) {
    const minutes = Math.ceil((unusedAfterSeconds - unusedSeconds) / 60);
    return { isSafe: false, because: `The old key was used lately: look again in ${minutes} min.` };
  }
  return { isSafe: true, because: 'Old key unused for 15 min: safe to revoke in the dashboard.' };
}

/** What to do next, most urgent first; never empty. */
export function adviceOn(versions: readonly KeyVersion[], now: number): readonly string[] {
  const candidate = versionWith(versions, candidateLabel);
  const pending = versionWith(versions, 'AWSPENDING');
  const advice: string[] = [];
  if (versionWith(versions, 'AWSCURRENT') === undefined)
    advice.push('No key is stored, so no SMS is sent: run the line that the stack prints as StoreSmsKey.');
  if (candidate !== undefined) {
    const isOld = now - candidate.storedAt > oldCandidateSeconds;
    advice.push(
      `A candidate waits${isOld ? ' for more than a day' : ''}: test it with \`test\`, make it current with \`promote\`.`,
    );
  }
  if (pending !== undefined && !pending.labels.includes('AWSCURRENT'))
    advice.push('A rotation is under way, or did not finish: `promote` tries again.');
  if (versionWith(versions, 'AWSPREVIOUS') !== undefined) advice.push(revocation(versions, now).because);
  return advice.length > 0 ? advice : ['Nothing to do.'];
}
