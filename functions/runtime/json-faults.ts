/**
 * Finds two faults of a JSON text that `JSON.parse` hides. Of a repeated member it silently takes the last, and it rounds
 * a number that a double cannot hold. Another reader of the same text may decide otherwise, so a person could approve
 * something else than what they saw. RFC 8259, sections 4 and 6, leaves both to the reader. RFC 7493 (I-JSON), sections
 * 2.2 and 2.3, forbids them.
 */

/** A fault: its place, and what is expected there. It never holds the value. */
export interface JsonFault {
  /** The path from the outermost value inwards: names of members and indexes of lists. */
  readonly path: readonly string[];
  readonly detail: string;
}

/** The most faults that one answer names. A body of 4 KiB could have hundreds. */
const maxFaults = 8;

const inexact = 'expected a number that JSON carries exactly as it is written; send others as strings';

interface OpenObject {
  readonly kind: 'object';
  readonly names: Set<string>;
  /** The member that is being read. */
  at: string;
  isAtName: boolean;
}

interface OpenList {
  readonly kind: 'list';
  at: number;
}

/** A fault, and whether it is a repeated member. */
interface Found extends JsonFault {
  readonly isTwice: boolean;
}

const tokens = /"(?:[^"\\]|\\.)*"|[{}[\],:]|-?\d[\d.eE+-]*/gs;

/** The faults of `text`, which is known to be JSON; the first eight of them. */
export function jsonFaults(text: string): readonly JsonFault[] {
  const faults: JsonFault[] = [];
  for (const { path, detail } of faultsOf(text)) {
    if (faults.push({ path, detail }) === maxFaults) break;
  }
  return faults;
}

/** Whether any object in `text`, which is known to be JSON, has a repeated member. */
export function hasMemberTwice(text: string): boolean {
  for (const { isTwice } of faultsOf(text)) if (isTwice) return true;
  return false;
}

function* faultsOf(text: string): Generator<Found> {
  const open: (OpenObject | OpenList)[] = [];
  const path = (): readonly string[] => open.map(({ at }) => String(at));
  for (const [token] of text.matchAll(tokens)) {
    const inner = open.at(-1);
    if (token === '{') open.push({ kind: 'object', names: new Set(), at: '', isAtName: true });
    else if (token === '[') open.push({ kind: 'list', at: 0 });
    else if (token === '}' || token === ']') open.pop();
    else if (token === ',') next(inner);
    else if (token.startsWith('"')) {
      if (inner?.kind !== 'object' || !inner.isAtName) continue;
      const name = String(JSON.parse(token));
      Object.assign(inner, { at: name, isAtName: false });
      if (inner.names.has(name)) yield { isTwice: true, path: path(), detail: 'expected once' };
      inner.names.add(name);
    } else if (token !== ':' && !isExact(token)) {
      yield { isTwice: false, path: path(), detail: inexact };
    }
  }
}

function next(open: OpenObject | OpenList | undefined): void {
  if (open?.kind === 'object') open.isAtName = true;
  else if (open?.kind === 'list') open.at += 1;
}

/** Whether a double holds exactly the written number, and no other integer of this size gives the same double. */
function isExact(written: string): boolean {
  const read = Number(written);
  const isOneOfSeveral = Number.isInteger(read) && !Number.isSafeInteger(read);
  return Number.isFinite(read) && !isOneOfSeveral && decimal(written) === decimal(JSON.stringify(read));
}

/** The canonical form of a decimal number: sign, digits without outer zeros, exponent. `-0` differs from `0`. */
function decimal(written: string): string {
  const [, sign = '', whole = '', fraction = '', exponent = '0'] =
    /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(written) ?? [];
  const digits = (whole + fraction).replace(/^0+/, '');
  const significant = digits.replace(/0+$/, '');
  if (significant === '') return `${sign}0`;
  return `${sign}${significant}e${Number(exponent) - fraction.length + digits.length - significant.length}`;
}
