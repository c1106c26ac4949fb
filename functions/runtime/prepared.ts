/**
 * What a function makes once, at cold start: settings, clients, the first secrets. A mistake in them must not end
 * the process, where the app would get the gateway's bare 500 and the log a stack: it is kept, and every request
 * is answered 503 with a line in the log that names the variable.
 */
import type { Variable } from '../settings/environment.ts';
import { nameOf, Unavailable } from './unavailable.ts';

/** Runs `make` now and gives its result, or throws its failure, at every call. */
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

/** Reads a variable and parses it; the reason in the log is that it is malformed, and never what it holds. */
export function parsedVariable<T>(name: Variable, parse: (value: string) => T): T {
  const value = variable(name);
  try {
    return parse(value);
  } catch {
    throw new Unavailable(name, 'malformed');
  }
}
