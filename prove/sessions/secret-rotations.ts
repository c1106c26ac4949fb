/**
 * R9, row 9: ten rotations of the session secret at 50 refreshes a second, in virtual time. Every request meets a worker
 * whose knowledge of the secret has another age; one worker cannot reach Secrets Manager for a day. A phone that was idle
 * for just less than `idleDays` comes back across each rotation.
 */
import type { SessionSecret, SessionSecretVersion } from '../../functions/sessions/session-secret.ts';
import type { SessionStore } from '../../functions/sessions/session-store.ts';
import { secretVersion, startSessionFlow } from '../../test-kit/session-flow.ts';
import type { TestTable } from '../../test-kit/test-table.ts';
import { type Figure, type Run, scaled } from '../figure.ts';
import { type Chance, seeded } from '../seeded.ts';
import { memorySessionStore } from './memory-session-store.ts';

const rotations = 10;
const refreshesPerSecond = 50;
const phones = 20;
const workerCount = 12;
/** Before and after each rotation: longer than the secret takes to settle. */
const watchedSeconds = 1_200;
const daySeconds = 86_400;
/** A worker serves its secrets for a minute, and for a day while Secrets Manager does not answer. */
const freshSeconds = 60;
const staleSeconds = daySeconds;
/** The two reads of one worker are up to this far apart. */
const slowestReadSeconds = 2;

interface Worker {
  secret: SessionSecret;
  /** Epoch seconds. */
  readAt: number;
  readonly isCutOff: boolean;
}

interface Phone {
  readonly number: string;
  token: string;
  attempts: number;
}

/** Rotates under load. */
export async function secretRotations({ seed, scale, onProgress, signal }: Run): Promise<Figure> {
  const chance = seeded(seed);
  const stores = new Map<string, SessionStore>();
  const flow = startSessionFlow(noTable, {});
  const storeOf = (phoneKey: string): SessionStore => {
    const known = stores.get(phoneKey) ?? memorySessionStore(() => flow.state.rules);
    stores.set(phoneKey, known);
    return known;
  };
  flow.state.around = () => ({
    start: (step) => storeOf(step.phoneKey).start(step),
    refresh: (step) => storeOf(step.phoneKey).refresh(step),
    prune: (step) => storeOf(step.phoneKey).prune(step),
    end: (step) => storeOf(step.phoneKey).end(step),
    read: (phoneKey) => storeOf(phoneKey).read(phoneKey),
  });
  // The absolute end has rows of its own.
  flow.state.rules = { ...flow.state.rules, absoluteSeconds: 100 * 365 * daySeconds };
  const { idleSeconds } = flow.state.rules;

  /** Secrets Manager: the versions and the moments at which they became AWSCURRENT. */
  const versions: SessionSecretVersion[] = [secretVersion('version 0', flow.state.now - 90 * daySeconds)];
  const secretAt = (seconds: number): SessionSecret => secretOf(versions, seconds, seconds);
  const readAt = (seconds: number, chanceOf: Chance): SessionSecret =>
    secretOf(versions, seconds - chanceOf.below(slowestReadSeconds + 1), seconds);
  const workers: Worker[] = Array.from({ length: workerCount }, (_, i) => ({
    secret: secretAt(flow.state.now),
    readAt: flow.state.now - chance.below(freshSeconds),
    isCutOff: i === 0,
  }));
  const counts = { refreshes: 0, unavailable: 0, invalid: 0, returns: 0, made: new Set<string>() };
  const violations: string[] = [];

  const refresh = async (phone: Phone, context: string): Promise<void> => {
    const worker = chance.pick(workers);
    const { now } = flow.state;
    if (!worker.isCutOff && now - worker.readAt > freshSeconds) {
      worker.secret = readAt(now, chance);
      worker.readAt = now;
    }
    const secretAgeSeconds = now - worker.readAt;
    // A worker that could not read it for a day answers 503 by itself.
    if (secretAgeSeconds > staleSeconds) return;
    flow.state.secret = worker.secret;
    flow.state.secretAgeSeconds = secretAgeSeconds;
    const outcome = await flow.refresh(phone.token, `an attempt of ${phone.attempts}`);
    counts.refreshes += 1;
    if (outcome.tag === 'refreshed') {
      phone.token = outcome.grant.refreshToken;
      phone.attempts += 1;
      counts.made.add(Buffer.from(phone.token, 'base64url').subarray(1, 5).toString('hex'));
    } else if (outcome.tag === 'temporarily-unavailable') {
      counts.unavailable += 1;
      if (!worker.isCutOff) violations.push(`${context}: 503 from a worker that reads the secret`);
    } else {
      counts.invalid += 1;
      violations.push(
        `${context}: a live token was answered ${outcome.tag} ${'reason' in outcome ? outcome.reason : ''}`,
      );
    }
  };
  const watch = async (seconds: number, context: string): Promise<void> => {
    for (let second = 0; second < seconds; second += 1) {
      signal.throwIfAborted();
      for (let i = 0; i < refreshesPerSecond; i += 1)
        await refresh(chance.pick(active), `${context} ${second} s`);
      flow.state.now += 1;
    }
  };

  flow.state.secret = secretAt(flow.state.now);
  const signIn = async (i: number): Promise<Phone> => {
    const number = `+9190000${10_000 + i}`;
    return { number, token: await flow.signIn(number), attempts: 0 };
  };
  const active = await Promise.all(Array.from({ length: phones }, (_, i) => signIn(i)));
  const idle = await signIn(phones);
  const total = scaled(rotations, { scale });
  for (let n = 1; n <= total; n += 1) {
    workers.forEach((worker) => {
      worker.secret = secretAt(flow.state.now);
      worker.readAt = flow.state.now - chance.below(freshSeconds);
    });
    await watch(watchedSeconds / 4, `before rotation ${n},`);
    await refresh(idle, `the idle phone before rotation ${n}`);
    const leftAt = flow.state.now;
    versions.push(secretVersion(`version ${n}`, flow.state.now));
    await watch(watchedSeconds, `after rotation ${n},`);
    // Everybody comes back in time, the idle phone at the last moment.
    flow.state.now = leftAt + idleSeconds - 10;
    for (const phone of [idle, ...active]) {
      const before = phone.token;
      for (let tries = 0; tries < 40 && phone.token === before; tries += 1)
        await refresh(phone, `back after ${idleSeconds / daySeconds} days`);
      if (phone.token === before) violations.push(`a phone did not come back after rotation ${n}`);
      else if (phone === idle) counts.returns += 1;
    }
    // The next rotation comes a day after the last token of the version before is over.
    flow.state.now = leftAt + idleSeconds + daySeconds + 1;
    onProgress(`${n} of ${total} rotations, ${violations.length} violations`);
  }
  if (counts.made.size !== total + 1) violations.push(`tokens of ${counts.made.size} versions were made`);
  return {
    id: 'R9, row 9',
    what: `${total} rotations of the session secret at ${refreshesPerSecond} refreshes/s, workers at every age of their cache, one without Secrets Manager`,
    goal: '0 invalid_grant; a phone idle for idleDays refreshes',
    seen: `${counts.invalid} invalid_grant in ${counts.refreshes} refreshes, ${counts.unavailable} times 503 from the worker that is cut off; the idle phone came back ${counts.returns} times`,
    method:
      'the flows in virtual time, the item in memory; that a second rotation too soon is refused is tested with the rotation function',
    seed,
    violations,
  };
}

/** What a worker reads that asks for AWSCURRENT at one moment and for AWSPREVIOUS a little later. */
function secretOf(
  versions: readonly SessionSecretVersion[],
  currentAt: number,
  previousAt: number,
): SessionSecret {
  const newest = (seconds: number): number => versions.findLastIndex(({ createdAt }) => createdAt <= seconds);
  const current = versions[newest(currentAt)];
  if (current === undefined) throw new Error('no version yet');
  return { current, previous: versions[newest(previousAt) - 1] };
}

/** Nothing of this suite reaches a table. */
const noTable = {
  client: { send: () => Promise.reject(new Error('no table')) },
  tableName: 'none',
} as unknown as TestTable;
