/** Every text that was sealed, by keys, IV and name: two that must not meet are told as they come. */
import type { SealKeys } from '../../functions/otp/seal.ts';
import { unseal } from '../../functions/otp/seal.ts';

/** A text that was handed out, with the keys of its format. */
export interface HandedOut {
  readonly format: 'request id' | 'device token';
  readonly keys: SealKeys;
  readonly text: string;
}

const nameBytes = 16;
const tagBytes = 16;

export interface SealLog {
  /** Takes a text; gives what it breaks, one sentence each. */
  add(handedOut: HandedOut): readonly string[];
  /** How many different texts, and names, there were. */
  texts(): number;
  names(): number;
}

/** A log without entries. */
export function openSealLog(): SealLog {
  const byIv = new Map<string, string>();
  const byName = new Map<string, string>();
  const isOther = (known: Map<string, string>, at: string, what: string): boolean => {
    const before = known.get(at);
    known.set(at, what);
    return before !== undefined && before !== what;
  };
  return {
    add: ({ format, keys, text }) => {
      const bytes = Buffer.from(text, 'base64url');
      const opened = unseal(keys, bytes, nameBytes);
      if (opened === undefined) return [`a ${format} that was handed out does not open`];
      const [name, plaintext] = [opened.name.toString('base64url'), opened.plaintext.toString('base64url')];
      const iv = bytes.subarray(-tagBytes).toString('base64url');
      return [
        ...(isOther(byIv, `${format} ${iv}`, `${name} ${plaintext}`) ? [`one IV for two ${format}s`] : []),
        ...(isOther(byName, `${format} ${name}`, plaintext) ? [`one name for two ${format}s`] : []),
      ];
    },
    texts: () => byIv.size,
    names: () => byName.size,
  };
}
