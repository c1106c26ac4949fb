/**
 * The state of the fake provider: keys, account, balance, and the accepted sends. It is one file, which each change replaces
 * as a whole. Faults and limits are only in memory.
 */
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';

export interface RecordedSend {
  readonly phoneNumber: string;
  /** The SMS as a phone would show it. */
  readonly text: string;
  readonly code: string;
  readonly templateId: string;
  readonly keyLabel: string;
  readonly idempotencyKey: string;
  /** Epoch milliseconds. */
  readonly sentAtMs: number;
  readonly messageId: string;
}

export type Profile = 'observed' | 'documented';
type AccountState = 'active' | 'unapproved' | 'suspended';

export interface ProviderState {
  profile: Profile;
  account: AccountState;
  /** Rupees. */
  balance: number;
  /** Keys by themselves, with their labels. */
  keys: Record<string, string>;
  /** Caller addresses that may use the account; empty means all. */
  callers: readonly string[];
  sends: RecordedSend[];
}

export interface KeptState {
  readonly state: ProviderState;
  save(): void;
}

/** Reads the state from `file`, or starts with an empty one. Without a file the state is only in memory. */
export function openState(file: string | undefined): KeptState {
  const fresh: ProviderState = {
    profile: 'observed',
    account: 'active',
    balance: 1000,
    keys: {},
    callers: [],
    sends: [],
  };
  const isKept = file !== undefined && existsSync(file);
  const state: ProviderState = isKept ? { ...fresh, ...JSON.parse(readFileSync(file, 'utf8')) } : fresh;
  return {
    state,
    save: () => {
      if (file === undefined) return;
      writeFileSync(`${file}.new`, JSON.stringify(state), { mode: 0o600 });
      renameSync(`${file}.new`, file);
    },
  };
}
