/**
 * R9, row 8: every call of the routes of sessions, and of the start at a sign-in, fails in every way. A live token is never
 * called invalid, an answer always comes in time, and what was asked happens when it is asked again.
 */
import { setTimeout as pause } from 'node:timers/promises';
import type { SecretVariable } from '../../functions/settings/environment.ts';
import { type FaultMode, faultModes } from '../../local/aws/injected-faults.ts';
import { type LocalStack, startLocalStack } from '../../local/local-stack.ts';
import type { Reply } from '../../test-kit/http.ts';
import { ask, codeFor } from '../../test-kit/sign-in.ts';
import { putControls } from '../../test-kit/stored-controls.ts';
import { type Figure, type Run, scaled } from '../figure.ts';
import { seeded } from '../seeded.ts';
import { errorOf, list, postForm, refresh, signIn, verify } from './session-client.ts';

const answerWithinMs = 5_500;
const settleMs = 1_300;
/** How old a stale worker's secrets are: too old to be used unasked, and for a start not older than its code. */
const staleSeconds = { session: 700, 'verify-otp': 90 } as const;
const healthyTries = 6;
const stacks = 3;
const attempt = 'an-attempt-of-the-app';

const events = ['refresh', 'list', 'end others', 'revoke', 'start'] as const;
const secrets: readonly SecretVariable[] = [
  'IDENTITY_SECRET_ARN',
  'SESSION_SECRET_ARN',
  'SIGNING_SECRET_ARN',
  'CONTROLS_SECRET_ARN',
];
const workers = ['cold', 'stale'] as const;

interface Case {
  readonly event: (typeof events)[number];
  readonly mode: FaultMode;
  /** Of the table's calls, how many tries it hits. */
  readonly tries?: 1 | 2;
  /** The second call of the event, where it makes two. */
  readonly skip?: 1;
  readonly secret?: SecretVariable;
  readonly worker?: (typeof workers)[number];
}

function allCases(): readonly Case[] {
  const table = events.flatMap((event) =>
    faultModes.flatMap((mode) =>
      ([1, 2] as const).flatMap((tries): Case[] => [
        { event, mode, tries },
        ...(event === 'end others' ? [{ event, mode, tries, skip: 1 as const }] : []),
      ]),
    ),
  );
  const ofSecrets = secrets.flatMap((secret) =>
    faultModes.flatMap((mode) =>
      workers.flatMap((worker): Case[] => [
        { event: 'refresh', mode, secret, worker },
        ...(secret === 'SESSION_SECRET_ARN' ? [{ event: 'start' as const, mode, secret, worker }] : []),
      ]),
    ),
  );
  return [...table, ...ofSecrets];
}

const nameOf = ({ event, mode, tries, skip, secret, worker }: Case): string =>
  [
    event,
    secret === undefined
      ? `${mode} at the table${skip ? "'s second call" : ''}`
      : `${mode} at ${secret}, ${worker} worker`,
    tries === 2 && 'and at its retry',
  ]
    .filter(Boolean)
    .join(', ');

interface Notes {
  readonly violations: string[];
  slowestMs: number;
}

/** Runs a share of all cases, chosen by the seed. */
export async function sessionFaults({ seed, scale, onProgress, signal }: Run): Promise<Figure> {
  const all = allCases();
  const queue = [...seeded(seed).shuffled(all).slice(0, scaled(all.length, { scale }))];
  const total = queue.length;
  const violations: string[] = [];
  const seen = { played: 0, slowestMs: 0, slowest: '' };
  const lane = async (): Promise<void> => {
    const stack = await startLocalStack({
      workers: 1,
      prestart: 1,
      settings: { requestRatePerSecond: 10_000, verifyRatePerSecond: 10_000, sendsPerDay: 1_000_000 },
    });
    stack.provider.control({ balance: 100_000, requestsPerThrottleWindow: 1_000_000 });
    try {
      for (let one = queue.pop(); one !== undefined && !signal.aborted; one = queue.pop()) {
        const notes: Notes = { violations: [], slowestMs: 0 };
        await play(stack, one, notes);
        const name = nameOf(one);
        violations.push(...notes.violations.map((sentence) => `${name}: ${sentence}`));
        if (notes.slowestMs > seen.slowestMs)
          Object.assign(seen, { slowestMs: notes.slowestMs, slowest: name });
        seen.played += 1;
        onProgress(`${seen.played} of ${total} cases, ${violations.length} violations`);
      }
      violations.push(...(await malformedControls(stack)));
    } finally {
      await stack.stop();
    }
  };
  await Promise.all(Array.from({ length: scale < 1 ? 1 : stacks }, lane));
  signal.throwIfAborted();
  if (scale >= 1 && seen.slowestMs > answerWithinMs)
    violations.push(`${seen.slowest}: an answer took ${Math.round(seen.slowestMs)} ms`);
  return {
    id: 'R9, row 8',
    what: 'each call of the routes of sessions, and of a start, failing in each way',
    goal: '0 invalid_grant for a live token; ≤ 5.5 s',
    seen: `${violations.length} violations in ${seen.played} cases; slowest answer ${(seen.slowestMs / 1000).toFixed(1)} s`,
    method: `${total} of ${all.length} cases through the whole local stack, whose workers are frozen after init and between events; times as the app sees them`,
    seed,
    violations,
  };
}

async function play(stack: LocalStack, one: Case, notes: Notes): Promise<void> {
  // A number gets its next code after half a minute.
  const askingAt = (seconds: number): void => stack.pool('request-otp').shiftClock(seconds);
  askingAt(-150);
  const other = await signIn(stack);
  askingAt(0);
  const owner = one.event === 'start' ? other : await signIn(stack, other.number);
  const asked = one.event === 'start' ? (await ask(stack, owner.number)).json.requestId : undefined;
  const start = {
    requestId: String(asked),
    code: codeFor(stack, owner.number),
    key: `key-${crypto.randomUUID()}`,
  };
  const event = (): Promise<Reply> => {
    switch (one.event) {
      case 'refresh':
        return refresh(stack, owner.refreshToken, attempt);
      case 'list':
        return list(stack, owner.refreshToken);
      case 'end others':
        return list(stack, owner.refreshToken, 'others');
      case 'revoke':
        return postForm(stack, '/auth/revoke', { token: owner.refreshToken });
      case 'start':
        return verify(stack, start);
    }
  };
  await arm(stack, one);
  for (let i = 0; i < 2; i += 1) look(one, await timed(notes, event()), notes);
  if (stack.faults.hits() === 0) notes.violations.push('the fault hit no call');
  disarm(stack, one);
  if (one.mode === 'late') await pause(settleMs);
  const after = await healthy(event);
  look(one, after, notes);
  if (after.status !== 200)
    notes.violations.push(`asked again, it was answered ${after.status} ${after.text}`);
  if (one.event === 'start' && typeof after.json.refreshToken !== 'string')
    notes.violations.push('no session, asked again');
  const isEnded = one.event === 'end others';
  const last = await healthy(() => refresh(stack, other.refreshToken, attempt));
  if (isEnded !== (errorOf(last) === 'invalid_grant'))
    notes.violations.push(`the other session was answered ${last.status} ${last.text}`);
  if (one.event === 'list' || isEnded) {
    const own = await healthy(() => refresh(stack, owner.refreshToken, attempt));
    if (own.status !== 200) notes.violations.push(`the own session was answered ${own.status} ${own.text}`);
  }
  if (one.event === 'revoke') {
    const own = await healthy(() => refresh(stack, owner.refreshToken, attempt));
    if (errorOf(own) !== 'invalid_grant')
      notes.violations.push(`revoked, it was answered ${own.status} ${own.text}`);
  }
  if (one.secret !== undefined) await stack.pool(functionOf(one)).restart();
}

async function timed(notes: Notes, reply: Promise<Reply>): Promise<Reply> {
  const startedAtMs = performance.now();
  const answer = await reply;
  notes.slowestMs = Math.max(notes.slowestMs, performance.now() - startedAtMs);
  return answer;
}

/** Looks at an answer under a fault, or after it. */
function look({ event }: Case, reply: Reply, { violations }: Notes): void {
  const { status, headers, json, text } = reply;
  if (errorOf(reply) !== undefined) violations.push(`a live token was answered ${text}`);
  else if (status !== 200 && status !== 503) violations.push(`answered ${status} ${text}`);
  if (
    status === 503 &&
    (headers['retry-after'] === undefined || json.type !== 'urn:doorcode:temporarily-unavailable')
  )
    violations.push(`a 503 without a wait: ${text}`);
  if (event === 'refresh' && status === 200 && typeof json.refresh_token !== 'string')
    violations.push('a refresh without a token');
}

async function healthy(event: () => Promise<Reply>): Promise<Reply> {
  let reply = await event();
  for (let i = 0; i < healthyTries && (reply.status === 503 || reply.json?.refreshToken === null); i += 1) {
    await pause(settleMs);
    reply = await event();
  }
  return reply;
}

function functionOf({ event }: Pick<Case, 'event'>): 'session' | 'verify-otp' {
  return event === 'start' ? 'verify-otp' : 'session';
}

async function arm(stack: LocalStack, one: Case): Promise<void> {
  const name = functionOf(one);
  const { mode, tries = 1, skip = 0, secret, worker } = one;
  if (secret === undefined) {
    stack.faults.add({
      service: 'dynamodb',
      function: name,
      keyPrefix: 'sessions',
      skip,
      mode,
      times: tries,
    });
    return;
  }
  const arn = stack.deployment.functions.find((each) => each.name === name)?.environment[secret];
  if (arn === undefined) throw new Error(`${name} has no ${secret}`);
  stack.faults.add({ service: 'secretsmanager', secretArn: arn, mode, function: name });
  if (worker === 'stale') return stack.pool(name).shiftClock(staleSeconds[name]);
  await stack.pool(name).restart();
  stack.pool(name).prestart(1);
}

function disarm(stack: LocalStack, one: Case): void {
  stack.faults.clear();
  stack.pool(functionOf(one)).shiftClock(0);
}

/** Controls that nobody can read deny nobody, whatever a worker knew before. */
async function malformedControls(stack: LocalStack): Promise<readonly string[]> {
  const { refreshToken } = await signIn(stack);
  const found: string[] = [];
  for (const value of ['no JSON', '{"denied":"+91"}']) {
    await putControls(stack, value);
    await stack.pool('session').restart();
    const reply = await healthy(() => refresh(stack, refreshToken, attempt));
    if (reply.status !== 200) found.push(`controls "${value}": ${reply.status} ${reply.text}`);
  }
  await putControls(stack, {});
  await stack.pool('session').restart();
  return found;
}
