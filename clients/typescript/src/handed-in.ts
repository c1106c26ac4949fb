/**
 * The one place that calls the parts that the app provides: headers, storage, `fetch`, pauses, and in the screens the SMS
 * listener and `onSignedIn`. A part may throw, reject, answer at once or never answer. Each of these becomes a value within
 * a time limit, so that no action of a sign-in waits forever.
 */

export type Handed<T> =
  | { readonly ok: true; readonly value: T }
  /** `error` is what was thrown; undefined when `isLate`: nothing came in time. */
  | { readonly ok: false; readonly isLate: boolean; readonly error?: unknown };

/** Calls `part`; never throws. What comes after `limitMs` is ignored, also when it is a rejection. */
export async function handedIn<T>(part: () => T | PromiseLike<T>, limitMs: number): Promise<Handed<T>> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<Handed<T>>((resolve) => {
    timer = setTimeout(() => resolve({ ok: false, isLate: true }), limitMs);
  });
  const answered = (async () => part())().then(
    (value): Handed<T> => ({ ok: true, value }),
    (error: unknown): Handed<T> => ({ ok: false, isLate: false, error }),
  );
  try {
    return await Promise.race([answered, late]);
  } finally {
    clearTimeout(timer);
  }
}
