/** A feature with a schema of its own and a dependency that nobody else has. */
import { jwtVerify } from 'jose';
import * as v from 'valibot';

const tokenSchema = v.pipe(v.string('expected a token of somebody else'), v.minLength(1));

/** Verifies. */
export function openFeature() {
  return (token: unknown, key: Uint8Array) => jwtVerify(v.parse(tokenSchema, token), key);
}
