/** Looks a name up in the resolver of this machine: its canonical names, and its addresses. */
import { Resolver } from 'node:dns/promises';

type LookedUp =
  | { readonly tag: 'found'; readonly canonical: readonly string[]; readonly addresses: readonly string[] }
  /** There is no such name. */
  | { readonly tag: 'absent' }
  | { readonly tag: 'unanswered'; readonly reason: string };

export interface NameLookUp {
  lookUp(name: string): Promise<LookedUp>;
}

const timeoutMs = 3_000;
const tries = 2;
/** The name or the kind of record does not exist. Anything else says nothing about the name. */
const absentCodes = ['ENODATA', 'ENOTFOUND'];

/** The machine's own resolver. */
export function openNameLookUp(): NameLookUp {
  const resolver = new Resolver({ timeout: timeoutMs, tries });
  return {
    lookUp: async (name) => {
      const answers = await Promise.allSettled([
        resolver.resolveCname(name),
        resolver.resolve4(name),
        resolver.resolve6(name),
      ]);
      const [canonical = [], ipv4 = [], ipv6 = []] = answers.map((answer) =>
        answer.status === 'fulfilled' ? answer.value : [],
      );
      const addresses = [...ipv4, ...ipv6];
      if (canonical.length + addresses.length > 0) return { tag: 'found', canonical, addresses };
      const codes = answers.map((answer) =>
        answer.status === 'rejected' ? String(Object(answer.reason).code) : '',
      );
      const unanswered = codes.find((code) => !absentCodes.includes(code));
      return unanswered === undefined ? { tag: 'absent' } : { tag: 'unanswered', reason: unanswered };
    },
  };
}
