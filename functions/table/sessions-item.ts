/**
 * The transitions of a number's sessions, each one conditional UpdateItem. The shape of the item stands in
 * `sessions/session-record.ts`. Nothing else writes these items.
 *
 * A session's id may hold a dash, so the expressions name its map `#s0`, `#s1`, … Every REMOVE has a condition: without one
 * it would make an item where there is none. A condition on a map that is not there is false. It is long because the
 * conditions have to be read side by side.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.ExpressionAttributeNames.html
 */
import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { numberItemPrefixes } from '../limits/lane.ts';
import { noAttempt, type Session, type SessionsRecord } from '../sessions/session-record.ts';
import type { SessionRules } from '../sessions/session-rules.ts';
import type {
  EndCondition,
  EndSessions,
  PruneSessions,
  RefreshSession,
  SessionStore,
  SessionTransition,
  StartSession,
} from '../sessions/session-store.ts';
import { ttlMarginSeconds } from '../settings/fixed-numbers.ts';
import { applyUpdate, type Item, readItem, type Table, type Update } from './table.ts';

type Rules = Pick<SessionRules, 'idleSeconds' | 'absoluteSeconds' | 'notBefore'>;

/** `s` and the id: 12 bytes in base64url. */
const mapName = /^s([A-Za-z0-9_-]{16})$/;

/** The store of one request: its calls end with `signal`. */
export function openSessionStore(table: Table, rules: Rules, signal: AbortSignal): SessionStore {
  const run = async (update: Update): Promise<SessionTransition> => {
    const { tag, item } = await applyUpdate(table, { returns: 'ALL_NEW', ...update }, signal);
    return { tag, record: readSessions(item) };
  };
  return {
    start: (step) => run(startUpdate(rules, step)),
    refresh: (step) => run(refreshUpdate(rules, step)),
    prune: (step) => run(pruneUpdate(rules, step)),
    end: (step) => run(endUpdate(rules, step)),
    read: async (phoneKey) => {
      const item = await readItem(table, sessionsItemKey(phoneKey), signal);
      return item && readSessions(item);
    },
  };
}

/** The partition key of a number's sessions; the argument is that of `sessionsKeyOf`. */
export function sessionsItemKey(phoneKey: string): string {
  return `${numberItemPrefixes.sessions}#${phoneKey}`;
}

/** Reads an item; without one the number has no sessions. */
export function readSessions(item: Item = {}): SessionsRecord {
  const maps = Object.entries(item).flatMap(([attribute, value]) => {
    const [, id] = mapName.exec(attribute) ?? [];
    return id === undefined ? [] : [{ id, session: readSession(id, value.M) }];
  });
  return {
    sessions: maps.map(({ session }) => session).filter((session) => session !== undefined),
    damaged: maps.filter(({ session }) => session === undefined).map(({ id }) => id),
    endedAt: Number(item['endedAt']?.N ?? 0),
  };
}

function readSession(id: string, map: AttributeValue.MMember['M'] | undefined): Session | undefined {
  const [generation, refreshedAt, begunAt] = ['g', 'r', 'b'].map((name) => Number(map?.[name]?.N));
  const isWhole = (value: number | undefined): value is number => Number.isSafeInteger(value);
  if (!isWhole(generation) || !isWhole(refreshedAt) || !isWhole(begunAt)) return undefined;
  const text = (name: string, otherwise: string): string => map?.[name]?.S ?? otherwise;
  return {
    id,
    generation,
    refreshedAt,
    begunAt,
    attempt: text('a', noAttempt),
    attemptBefore: text('p', noAttempt),
    // Blanks alone are none: a list would show an empty name.
    label: text('l', '').trim(),
  };
}

/** An item with one session that was refreshed once, at `now`. */
export function itemWithSession(id: string, now: number): Item {
  const at = { N: String(now) };
  const map = { g: { N: '1' }, r: at, b: at, a: { S: noAttempt }, p: { S: noAttempt }, l: { S: '' } };
  return { [`s${id}`]: { M: map } };
}

/** What every write of an item shares: its key, its time of cleanup, and the names of maps. */
function common(
  { idleSeconds }: Rules,
  { phoneKey, now }: Pick<StartSession, 'phoneKey' | 'now'>,
  ids: readonly string[],
): { readonly key: string; readonly names: Record<string, string>; readonly ttl: Record<':ttl', number> } {
  return {
    key: sessionsItemKey(phoneKey),
    names: Object.fromEntries(ids.map((id, i) => [`#s${i}`, `s${id}`])),
    ttl: { ':ttl': now + idleSeconds + ttlMarginSeconds },
  };
}

/** The session begins, if it is not there and no session of the number was ended after its sign-in. */
function startUpdate(rules: Rules, step: StartSession): Update {
  const { id, begunAt, label } = step;
  const { key, names, ttl } = common(rules, step, [id]);
  const begun = { N: String(begunAt) };
  const map = {
    g: { N: '0' },
    r: begun,
    b: begun,
    a: { S: noAttempt },
    p: { S: noAttempt },
    l: { S: label },
  };
  return {
    key,
    names,
    set: ['#s0 = :map'],
    conditions: ['attribute_not_exists(#s0)', '(attribute_not_exists(endedAt) OR endedAt <= :begunAt)'],
    values: { ':map': { M: map }, ':begunAt': begunAt, ...ttl },
  };
}

/**
 * The next generation, if the token is of the latest one and the session is not over. A generation lower than the token's is
 * that of a restored table, which heals so.
 */
function refreshUpdate(rules: Rules, step: RefreshSession): Update {
  const { id, generation, attempt, now } = step;
  const { key, names, ttl } = common(rules, step, [id]);
  return {
    key,
    names,
    set: ['#s0.g = :next', '#s0.r = :now', '#s0.p = #s0.a', '#s0.a = :attempt'],
    conditions: [
      '#s0.g <= :generation',
      '#s0.r > :idleSince',
      '#s0.b > :absoluteSince',
      '#s0.b >= :notBefore',
    ],
    values: {
      ':generation': generation,
      ':next': generation + 1,
      ':now': now,
      ':attempt': attempt,
      ':idleSince': now - rules.idleSeconds,
      ':absoluteSince': now - rules.absoluteSeconds,
      ':notBefore': rules.notBefore,
      ...ttl,
    },
  };
}

/** Evicts sessions, if each is as it was read and the one that they go for is still there. */
function pruneUpdate(rules: Rules, step: PruneSessions): Update {
  const { own, evicted } = step;
  const { key, names, ttl } = common(rules, step, [...evicted.map(({ id }) => id), own]);
  const ownName = `#s${evicted.length}`;
  return {
    key,
    names,
    remove: evicted.map((_, i) => `#s${i}`),
    conditions: [...evicted.map((_, i) => `#s${i}.r = :r${i}`), `attribute_exists(${ownName})`],
    values: { ...Object.fromEntries(evicted.map(({ refreshedAt }, i) => [`:r${i}`, refreshedAt])), ...ttl },
  };
}

/** Ends sessions and notes when. */
function endUpdate(rules: Rules, step: EndSessions): Update {
  const { ids, endedAt, only } = step;
  const named = only.tag === 'item' || ids.includes(only.id) ? ids : [...ids, only.id];
  const { key, names, ttl } = common(rules, step, named);
  const condition = endCondition(only, `#s${only.tag === 'item' ? 0 : named.indexOf(only.id)}`);
  return {
    key,
    names,
    set: ['endedAt = :endedAt'],
    remove: ids.map((_, i) => `#s${i}`),
    conditions: condition.clauses,
    values: { ':endedAt': endedAt, ...condition.values, ...ttl },
  };
}

interface Clauses {
  readonly clauses: readonly string[];
  readonly values: Readonly<Record<string, number>>;
}

function endCondition(only: EndCondition, name: string): Clauses {
  switch (only.tag) {
    case 'there': {
      const noLaterEnd = '(attribute_not_exists(endedAt) OR endedAt <= :endedAt)';
      return { clauses: [`${name}.b < :endedAt`, noLaterEnd], values: {} };
    }
    case 'above':
      return { clauses: [`${name}.g > :generation`], values: { ':generation': only.generation } };
    case 'at':
      return { clauses: [`${name}.g = :generation`], values: { ':generation': only.generation } };
    case 'item':
      return { clauses: ['attribute_exists(pk)'], values: {} };
  }
}
