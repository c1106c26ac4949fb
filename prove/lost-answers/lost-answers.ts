/**
 * Sign-ins whose right code wins while the table's answer gets lost. The consume lands and its first answer is lost, for
 * each of a thousand users without an idempotency key. A second round does the same after many other writes have failed for
 * good. Only the worker's own retry finds such a win.
 */
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { clientOptions } from '../../functions/runtime/aws-client.ts';
import { awsTries } from '../../functions/settings/fixed-numbers.ts';
import { type Flow, noCounters, startFlow } from '../../test-kit/flow.ts';
import { isConsume, type LosingProxy, startLosingProxy } from '../../test-kit/losing-proxy.ts';
import { startTestTable } from '../../test-kit/test-table.ts';
import { type Figure, type Run, scaled } from '../figure.ts';

const signIns = 1_000;
const workers = 4;
const failuresBefore = 200;
/** The goal: at least this share of the sign-ins gets exactly one token. */
const share = 0.999;
/** Ten digits that begin as a mobile number does. */
const firstNumber = 9_000_000_000;

/** Plays both rounds. */
export async function lostAnswers({ seed, scale, onProgress, signal }: Run): Promise<Figure> {
  const perWorker = Math.ceil(scaled(signIns, { scale }) / workers);
  const server = await startTestTable();
  const proxy = await startLosingProxy(server.endpoint);
  const clients = Array.from({ length: workers }, () => connect(proxy.endpoint));
  const identity = `${seed}`.padEnd(64, 'i');
  const flows = clients.map((client) => startFlow({ ...server, client }, {}, noCounters, identity));
  const violations: string[] = [];
  const seen: string[] = [];
  try {
    for (const round of ['fresh', `after ${failuresBefore} failed writes of each worker`] as const) {
      if (round !== 'fresh') await Promise.all(flows.map((flow) => failWrites(flow, proxy)));
      proxy.lose(({ body, tries }) => isConsume(body) && tries === 1);
      const lostBefore = proxy.lost;
      const tokens = await Promise.all(
        flows.map(async (flow, worker) => {
          const won: string[] = [];
          for (let i = 0; i < perWorker && !signal.aborted; i += 1) {
            const number = `+91${firstNumber + (round === 'fresh' ? 0 : 1e6) + worker * 1e5 + i}`;
            won.push(...(await signIn(flow, number, violations)));
            if (i % 50 === 0) onProgress(`${round}: ${i * workers} of ${perWorker * workers}`);
          }
          return won;
        }),
      );
      signal.throwIfAborted();
      const got = new Set(tokens.flat()).size;
      const all = perWorker * workers;
      if (got !== tokens.flat().length) violations.push(`${round}: two sign-ins got one token`);
      if (got < all * share) violations.push(`${round}: ${got} of ${all} got a token`);
      if (proxy.lost - lostBefore < all) violations.push(`${round}: fewer answers were lost than planned`);
      seen.push(`${got} of ${all} ${round}`);
    }
  } finally {
    for (const client of clients) client.destroy();
    await proxy.stop();
    await server.stop();
  }
  return {
    id: 'R4, lost answers',
    what: `${perWorker * workers} sign-ins whose consume lands and loses its first answer, without an idempotency key`,
    goal: '99.9 % get exactly one token, also after 200 failures of other writes',
    seen: seen.join('; '),
    method: `the flow with the functions' own ${workers} clients, through a proxy that ends the connection of each first consume after it has landed`,
    seed,
    violations,
  };
}

/** A client as a worker has it. */
function connect(endpoint: string): DynamoDBClient {
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  return new DynamoDBClient({ ...clientOptions(awsTries), endpoint, region: 'ap-south-1', credentials });
}

/** One sign-in; gives its tokens, and notes a code that wins twice. */
async function signIn(flow: Flow, number: string, violations: string[]): Promise<readonly string[]> {
  const asked = await flow.request(number);
  if (asked.tag !== 'accepted') throw new Error(`${number} was not asked: ${asked.tag}`);
  const code = flow.lastCode();
  const first = await flow.verify(asked.requestId, code).catch(() => undefined);
  const second = await flow.verify(asked.requestId, code).catch(() => undefined);
  if (second?.tag === 'verified') violations.push('a code that had won was taken again');
  return first?.tag === 'verified' ? [first.tokenId] : [];
}

/** Writes of a worker that never get an answer, however often it retries. */
async function failWrites(flow: Flow, proxy: LosingProxy): Promise<void> {
  proxy.lose(() => true);
  for (let i = 0; i < failuresBefore; i += 1) {
    const step = { phoneKey: 'nobody', now: flow.state.now, deviceHash: `device ${i}` };
    const failed = await flow.store.remember(step).then(
      () => false,
      () => true,
    );
    if (!failed) throw new Error(`a write succeeded although ${awsTries} answers were lost`);
  }
}
