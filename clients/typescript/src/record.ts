/** Reading JSON that others wrote: nothing in it is believed but what has the right type. */
export type Record = Readonly<{ [name: string]: unknown }>;

export function isRecord(value: unknown): value is Record {
  return typeof value === 'object' && value !== null;
}

/** The object in a text; undefined for a text that is none. */
export function parseRecord(text: string): Record | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** A number of zero or more, rounded up, or what stands for it. */
export function numberIn(body: Record, name: string, otherwise: number): number {
  const value = body[name];
  return typeof value === 'number' && value >= 0 ? Math.ceil(value) : otherwise;
}

/** A string, or an empty one. */
export function textIn(body: Record, name: string): string {
  const value = body[name];
  return typeof value === 'string' ? value : '';
}
