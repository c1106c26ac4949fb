/**
 * What a function creates once, at cold start: settings, clients, the first secrets. A mistake in them must not end the
 * process, because then the app would get the gateway's bare 500 and the log a stack trace. The function keeps the failure,
 * answers every request with 503, and logs the name of the variable.
 */
import type { Variable } from '../settings/environment.ts';
import { nameOf, Unavailable } from './unavailable.ts';

/** Runs `make` once, now. Every call of the result returns what it made, or throws its failure. */
export function prepared<T>(make: () => T): () => T {
  try {
    const value = make();
    return () => value;
  } catch (error) {
    const failure = error instanceof Unavailable ? error : new Unavailable('cold-start', nameOf(error));
    return () => {
      throw failure;
    };
  }
}

/** Reads a variable of the environment. */
export function variable(name: Variable): string {
  const value = process.env[name];
  if (value === undefined || value === '') throw new Unavailable(name, 'missing');
  return value;
}

/** Reads and parses a variable. On a mistake the log says `malformed` and never shows the value. */
export function parsedVariable<T>(name: Variable, parse: (value: string) => T): T {
  const value = variable(name);
  try {
    return parse(value);
  } catch {
    throw new Unavailable(name, 'malformed');
  }
}
