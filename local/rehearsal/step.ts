/** What the rehearsal's steps share: their shape, two expectations, and what an app and a verifier see. */
import type { LocalStack } from '../local-stack.ts';
import { askForCode, getJson, typeCode } from '../visitor.ts';

/** One thing that must come true, and how it is tried; rejects when it does not. */
export type Step = readonly [what: string, run: () => Promise<void>];

/** What later steps need of those before them. */
export interface Seen {
  kids?: readonly string[];
  subject?: string | undefined;
}

/** The users of the rehearsal. */
export const phoneNumbers = ['+919000000001', '+919000000002', '+919000000003'] as const;

/** How every stack of the rehearsal runs: as a deployment leaves it. */
export const asDeployed = { workers: 1, storesProviderKey: false } as const;

/** Throws when `found` is not `expected`, as JSON has them. */
export function expectEqual(what: string, found: unknown, expected: unknown): void {
  const [is, should] = [JSON.stringify(found), JSON.stringify(expected)];
  if (is !== should) throw new Error(`${what}: expected ${should}, found ${is}`);
}

/** Throws when `run` does not fail, or fails for something else. */
export async function expectFailure(
  what: string,
  run: () => Promise<unknown>,
  expected: string,
): Promise<void> {
  const message = await run().then(
    () => 'nothing',
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  );
  if (!message.includes(expected))
    throw new Error(`${what}: expected a failure with "${expected}", found "${message}"`);
}

/** The ids of the published signing keys. */
export async function kidsOf({ apiUrl }: LocalStack): Promise<readonly string[]> {
  const jwks = await getJson(`${apiUrl}/.well-known/jwks.json`);
  return jwks.keys.map(({ kid }: { kid: string }) => kid);
}

/** Asks for a code, types it in, and gives the token. */
export async function signInAt(stack: LocalStack, phoneNumber: string): Promise<string> {
  const asked = await askForCode(stack, phoneNumber);
  expectEqual('request-otp', asked.status, 202);
  return typeCode(stack, { requestId: asked.json.requestId, phoneNumber });
}
