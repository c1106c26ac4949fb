/**
 * Sends requests of foreign pages and of broken clients to every listener of the local stack. The stack must stay alive,
 * answer no 5xx, reveal nothing and change nothing. A person's own requests must work before and after.
 */
import { isDeepStrictEqual } from 'node:util';
import { type LocalStack, startLocalStack } from '../../local/local-stack.ts';
import { startPage } from '../../local/page/page.ts';
import { askForCode, typeCode } from '../../local/visitor.ts';
import { sendRaw } from '../../test-kit/raw-http.ts';
import { type Figure, type Run, scaled } from '../figure.ts';
import { seeded } from '../seeded.ts';
import { type Place, placesOf } from './places.ts';
import { brokenKnock, type Knock, pageKnock } from './requests.ts';
import { canariesOf, stateOf } from './stack-state.ts';

const requests = 20_000;
const lanes = 8;
const phoneNumber = '+919876543210';
const otherNumber = '+919876543211';

/** Fuzzes all listeners of one stack. */
export async function listeners({ seed, scale, onProgress, signal }: Run): Promise<Figure> {
  const stack = await startLocalStack({ workers: 2 });
  const page = await startPage(stack, { port: 0 });
  const violations: string[] = [];
  const statuses: Record<string, number> = {};
  const total = scaled(requests, { scale });
  const ends: string[] = [];
  const onEnd = (error: unknown): void => void ends.push(String(error));
  process.on('uncaughtExceptionMonitor', onEnd);
  try {
    await signIn(stack, phoneNumber);
    const places = placesOf(stack, page, otherNumber);
    const [before, canaries] = [await stateOf(stack, page), await canariesOf(stack, phoneNumber)];
    let played = 0;
    await Promise.all(
      Array.from({ length: lanes }, async (_, lane) => {
        const chance = seeded(seed * lanes + lane);
        while (played < total && !signal.aborted) {
          played += 1;
          const place = chance.pick(places);
          const isOfPage = chance.below(2) === 0;
          const knock = isOfPage ? pageKnock(place, chance) : brokenKnock(place, chance);
          const reply = await sendRaw(
            place.url,
            Buffer.from(knock.bytes, 'latin1'),
            knock.isAll ? 'and end' : 'and wait',
          );
          const status = reply.status ?? 'no answer';
          statuses[status] = (statuses[status] ?? 0) + 1;
          const wrong = wrongIn(reply, { place, knock, isOfPage, canaries });
          if (wrong !== undefined) violations.push(`${place.name}: ${wrong}, to ${knock.what}`);
          if (lane === 0) onProgress(`${played} of ${total} requests`);
        }
      }),
    );
    signal.throwIfAborted();
    if (!isDeepStrictEqual(await stateOf(stack, page), before))
      violations.push('the state of the stack has changed');
    await signIn(stack, otherNumber).catch((error) => violations.push(`no sign-in afterwards: ${error}`));
    violations.push(...ends);
  } finally {
    process.off('uncaughtExceptionMonitor', onEnd);
    await page.stop();
    await stack.stop();
  }
  const answers = Object.entries(statuses).map(([status, count]) => `${count} × ${status}`);
  return {
    id: 'R6, listeners',
    what: `${total} requests of foreign pages and broken clients to every listener of the local stack`,
    goal: 'the stack lives; 0 × 5xx, nothing changed, nothing read',
    seen: `${violations.length} violations; answers: ${answers.join(', ')}`,
    method:
      'bytes on connections to API, page, inbox, AWS and Lambda endpoint; table, secrets, provider and clock compared before and after; every answer searched for the secrets and the SMS',
    seed,
    violations,
  };
}

interface Told {
  readonly place: Place;
  readonly knock: Knock;
  readonly isOfPage: boolean;
  readonly canaries: readonly string[];
}

/** What is wrong with an answer; undefined for nothing. */
function wrongIn(
  { status, text }: { readonly status: number | undefined; readonly text: string },
  { place, knock, isOfPage, canaries }: Told,
): string | undefined {
  // A server ignores empty lines before a request (RFC 9112, section 2.2): where nothing follows, nothing was asked.
  if (status === undefined) return /^[\r\n]*$/.test(knock.bytes) ? undefined : 'no answer';
  if (status >= 500) return `answered ${status}`;
  if (!isOfPage || knock.isLink) return undefined;
  if (/^access-control-allow-origin/im.test(text)) return 'a page may read the answer';
  if (!place.isPublic && (status < 400 || status >= 500)) return `answered ${status}`;
  return canaries.some((canary) => text.includes(canary)) ? 'gave something away' : undefined;
}

async function signIn(stack: LocalStack, number: string): Promise<void> {
  const { json } = await askForCode(stack, number);
  await typeCode(stack, { requestId: json.requestId, phoneNumber: number });
}
