/**
 * The name of one intention: new for each, the same for its repetitions. It has to be unlike every other, not secret,
 * so an engine without `crypto`, as React Native's is, may draw it by Math.random.
 */
declare const crypto: { readonly randomUUID?: () => string };

export function newIdempotencyKey(): string {
  if (typeof crypto !== 'undefined' && crypto.randomUUID !== undefined) return crypto.randomUUID();
  const draw = (): string => Math.random().toString(36).slice(2, 12).padEnd(10, '0');
  return draw() + draw() + draw();
}
