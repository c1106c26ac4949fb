/** Reading JSON that others wrote: nothing in it is believed but what has the right type. */
export type Record = Readonly<{ [name: string]: unknown }>;

export function isRecord(value: unknown): value is Record {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The object in a text; undefined for a text that is none. */
export function parseRecord(text: string): Record | undefined {
  const value = parse(text);
  return isRecord(value) ? value : undefined;
}

/** The objects in a list; none for a text that is no list. */
export function parseList(text: string | undefined): readonly Record[] {
  return recordsIn(parse(text));
}

/** The objects in a list; none for what is no list. */
export function recordsIn(value: unknown): readonly Record[] {
  return Array.isArray(value) ? value.filter(isRecord) : [];
}

function parse(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? '');
  } catch {
    return undefined;
  }
}

/** A number of zero or more, rounded up, or what stands for it. */
export function numberIn(body: Record, name: string, otherwise: number): number {
  const value = body[name];
  return typeof value === 'number' && value >= 0 && value < maxNumber ? Math.ceil(value) : otherwise;
}

/** Above any number that the API tells or the client keeps, a time of day in milliseconds included. */
const maxNumber = 1e14;

/** A string, or an empty one. */
export function textIn(body: Record, name: string): string {
  const value = body[name];
  return typeof value === 'string' ? value : '';
}
