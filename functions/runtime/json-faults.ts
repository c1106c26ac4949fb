/**
 * What a JSON text says and `JSON.parse` keeps to itself: a member that is there twice, of which it takes the last, and
 * a number that a double cannot hold as it is written, of which it takes another one. Other readers of the same text
 * choose otherwise, and then what a person was shown is not what was approved. RFC 8259, sections 4 and 6, leaves both
 * to the reader; RFC 7493 (I-JSON), sections 2.2 and 2.3, forbids them.
 */

/** One place, and what is expected there. It holds no value. */
export interface JsonFault {
  /** From the outermost value inwards: names of members, and places in lists. */
  readonly path: readonly string[];
  readonly detail: string;
}

/** An answer names so many and no more: a body of 4 KiB could hold hundreds. */
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

/** A fault, and whether it is a member that is there twice. */
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

/** Whether any object in `text`, which is known to be JSON, has a member twice. */
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

/** Whether a double holds the number that is written, and no other number of this size would give the same double. */
function isExact(written: string): boolean {
  const read = Number(written);
  const isOneOfSeveral = Number.isInteger(read) && !Number.isSafeInteger(read);
  return Number.isFinite(read) && !isOneOfSeveral && decimal(written) === decimal(JSON.stringify(read));
}

/** The one spelling of a decimal number: sign, digits without zeros around them, exponent. `-0` is not `0`. */
function decimal(written: string): string {
  const [, sign = '', whole = '', fraction = '', exponent = '0'] =
    /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(written) ?? [];
  const digits = (whole + fraction).replace(/^0+/, '');
  const significant = digits.replace(/0+$/, '');
  if (significant === '') return `${sign}0`;
  return `${sign}${significant}e${Number(exponent) - fraction.length + digits.length - significant.length}`;
}
