/**
 * What befell the provider's key during one request, for the log and the metrics: the id of its version, never the key.
 * An outdated key that is refused belongs to a rotation; the key that is meant to work and is refused needs somebody.
 */
import type { MessageCode } from './message-codes.ts';
import { countKey, type Decision, report } from './report.ts';

interface Key {
  readonly versionId: string;
  readonly label: 'current' | 'previous';
}

/** The four things that can be told of a key. */
export interface KeyReports {
  readonly onUnreadable: (reason: string) => void;
  readonly onUsed: (key: Key) => void;
  readonly onOutdated: (key: Key) => void;
  readonly onRejected: (key: Key) => void;
}

/** Reports for one request; `dependency` is the variable that names the secret. */
export function reportKeys(of: Pick<Decision, 'requestId' | 'dependency'>): KeyReports {
  const refused = (code: MessageCode, { versionId, label }: Key): void => {
    countKey('provider-key.rejected', versionId);
    report({ ...of, code, reason: label, versionId });
  };
  return {
    onUnreadable: (reason) => report({ ...of, code: 'request-otp.key-unreadable', reason }),
    onUsed: ({ versionId }) => countKey('provider-key.used', versionId),
    onOutdated: (key) => refused('request-otp.key-outdated', key),
    onRejected: (key) => refused('request-otp.key-rejected', key),
  };
}
