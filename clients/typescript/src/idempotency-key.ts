/**
 * The name of one intention: new for each, the same for its repetitions. It has to be unlike every other, not secret,
 * so an engine without `crypto` may draw it by Math.random.
 */
export function newIdempotencyKey(): string {
  const { crypto } = globalThis;
  if (typeof crypto?.randomUUID === 'function') return crypto.randomUUID();
  const draw = (): string => Math.random().toString(36).slice(2, 12).padEnd(10, '0');
  return `${draw()}-${draw()}-${draw()}`;
}
