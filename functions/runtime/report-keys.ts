/**
 * Reports the events of the provider key during one request to the log and the metrics, by the id of its version, never by
 * the key itself. A refused outdated key is normal in a rotation. A refused key that should work needs a person.
 */
import type { MessageCode } from './message-codes.ts';
import { countKey, type Decision, report } from './report.ts';

interface Key {
  readonly versionId: string;
  readonly label: 'current' | 'previous';
}

/** The four events of a key. */
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
