/**
 * What the fake provider knows: keys, account, balance, the sends it accepted. Kept in one file, written whole and
 * moved into place; faults and limits are not kept, they belong to an afternoon.
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

/** Reads the state from `file`, or starts afresh; without a file nothing is kept. */
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
