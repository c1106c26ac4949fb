/** What the rehearsal's steps share: their type, two expectations, and the calls of an app and a verifier. */
import type { LocalStack } from '../local-stack.ts';
import { askForCode, getJson, typeCode } from '../visitor.ts';

/** One property that must hold, and the check of it, which rejects where it does not hold. */
export type Step = readonly [what: string, run: () => Promise<void>];

/** The results of earlier steps that later steps need. */
export interface Seen {
  kids?: readonly string[];
  subject?: string | undefined;
}

/** The users of the rehearsal. */
export const phoneNumbers = ['+919000000001', '+919000000002', '+919000000003', '+919000000004'] as const;

/** The options of every stack of the rehearsal: as after a deployment. */
export const asDeployed = { workers: 1, storesProviderKey: false } as const;

/** Throws when `found` and `expected` differ as JSON. */
export function expectEqual(what: string, found: unknown, expected: unknown): void {
  const [is, should] = [JSON.stringify(found), JSON.stringify(expected)];
  if (is !== should) throw new Error(`${what}: expected ${should}, found ${is}`);
}

/** Throws when `run` succeeds, or fails for another reason. */
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

/** Requests a code, sends it in, and returns the token. */
export async function signInAt(stack: LocalStack, phoneNumber: string): Promise<string> {
  const asked = await askForCode(stack, phoneNumber);
  expectEqual('request-otp', asked.status, 202);
  return typeCode(stack, { requestId: asked.json.requestId, phoneNumber });
}
