/**
 * The name of one intention: new for each, the same for its repetitions. It has to be unlike every other, not secret,
 * so an engine without `crypto`, as React Native's is, may draw it by Math.random.
 */
interface Engine {
  readonly Math: unknown;
  readonly crypto?: { readonly randomUUID?: () => string };
}

export function newIdempotencyKey(): string {
  const { crypto }: Engine = globalThis;
  return crypto?.randomUUID?.() ?? `${Math.random()}${Math.random()}${Math.random()}`;
}
