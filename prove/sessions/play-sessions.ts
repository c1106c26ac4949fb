/** Plays a history of sessions on the real flows and on the model, and compares each pair of answers. */
import { parseControls } from '../../functions/otp/controls.ts';
import { phoneKeyOf } from '../../functions/otp/identity-keys.ts';
import { Unavailable } from '../../functions/runtime/unavailable.ts';
import type { RefreshOutcome, StartOutcome } from '../../functions/sessions/session-ports.ts';
import type { SessionRules } from '../../functions/sessions/session-rules.ts';
import type { SessionStore } from '../../functions/sessions/session-store.ts';
import { startSessionFlow } from '../../test-kit/session-flow.ts';
import type { TestTable } from '../../test-kit/test-table.ts';
import { failingTable } from '../histories/failing-table.ts';
import { type ModelSettings, type Promised, startSessionModel } from './model.ts';
import type { SessionStep } from './session-history.ts';

const number = '+919876543210';
const daySeconds = 86_400;

/** Counts of what the histories reached, so that a run that reached nothing fails. */
export interface SessionsSeen {
  steps: number;
  refreshed: number;
  again: number;
  reuse: number;
  late: number;
  invalid: number;
  faults: number;
}

interface Token {
  readonly text: string;
  readonly generation: number;
}

interface Known {
  readonly win: string;
  readonly challengeId: string;
  readonly idempotencyKey: string | undefined;
  readonly wonAt: number;
  readonly isStranger: boolean;
  /** Newest last. */
  readonly tokens: Token[];
}

const modelSettings = (days: {
  idleDays: number;
  absoluteDays: number;
  perNumber: number;
  notBefore: number;
}): ModelSettings => ({
  idleSeconds: days.idleDays * daySeconds,
  absoluteSeconds: days.absoluteDays * daySeconds,
  perNumber: days.perNumber,
  notBefore: days.notBefore,
});

/** Throws where the flows and the model differ. `storeOf` is for a store in place of the table's. */
export async function playSessions(
  table: TestTable,
  history: readonly SessionStep[],
  seen: SessionsSeen,
  storeOf?: (rules: () => SessionRules) => SessionStore,
): Promise<void> {
  const failing = failingTable(table);
  const flow = startSessionFlow(failing.table);
  const inMemory = storeOf?.(() => flow.state.rules);
  if (inMemory !== undefined) flow.state.around = () => inMemory;
  const model = startSessionModel(
    modelSettings({ idleDays: 60, absoluteDays: 180, perNumber: 8, notBefore: 0 }),
  );
  const known: Known[] = [];
  /** The win of each session id that was seen. */
  const ids = new Map<string, string>();
  /** Everything that one generation was ever answered with. */
  const grants = new Map<string, string>();
  let wins = 0;

  const now = (): number => flow.state.now;
  const pick = (session: number, token: number): { of: Known; token: Token } | undefined => {
    const having = known.filter(({ tokens }) => tokens.length > 0);
    const of = having.at(-1 - Math.min(session, having.length - 1));
    const found = of?.tokens.at(-1 - Math.min(token, of.tokens.length - 1));
    return of === undefined || found === undefined ? undefined : { of, token: found };
  };
  const isThere = async (win: string): Promise<boolean> => {
    const { sessions } = (await flow.ports().store.read(phoneKeyOf(flow.keys, flow.phone(number)))) ?? {
      sessions: [],
    };
    return sessions.some(({ id }) => ids.get(id) === win);
  };

  const start = async (one: Known, s: Extract<SessionStep, { do: 'win' | 'replay' }>): Promise<void> => {
    const { win, wonAt, isStranger, challengeId, idempotencyKey } = one;
    failing.fail(s.faults);
    const outcome = await flow.start(number, {
      challengeId,
      idempotencyKey,
      verifiedAt: wonAt,
      lane: isStranger ? 'public' : 'device',
    });
    failing.fail({});
    // Twice in a row is once: a repeat of the first write finds itself.
    same(toldStart(outcome), toldPromise(model.start(now(), { win, wonAt, isStranger }, s.faults)));
    if (outcome.tag !== 'started') return;
    keep(one, 0, outcome.grant);
  };

  const keep = (
    of: Known,
    generation: number,
    grant: Extract<StartOutcome, { tag: 'started' }>['grant'],
  ): void => {
    const { refreshToken, tokenId, issuedAt, expiresAt, sessionId, begunAt } = grant;
    const all = JSON.stringify({ refreshToken, tokenId, issuedAt, sessionId, begunAt });
    const name = `${of.win} ${generation}`;
    same(grants.get(name) ?? all, all);
    grants.set(name, all);
    ids.set(sessionId, of.win);
    same(String(begunAt), String(of.wonAt));
    if (expiresAt > of.wonAt + flow.state.rules.absoluteSeconds)
      throw new Error('exp is past the absolute end');
    if (!of.tokens.some((token) => token.generation === generation))
      of.tokens.push({ text: refreshToken, generation });
  };

  const refresh = async (s: Extract<SessionStep, { do: 'refresh' }>): Promise<void> => {
    const picked = pick(s.session, s.token);
    if (picked === undefined) return;
    const { of, token } = picked;
    const attempt = {
      own: `attempt-of-${of.win}-${token.generation}`,
      none: undefined,
      other: `somebody-else-${seen.steps}`,
    }[s.attempt];
    const { controls } = flow.state;
    if (s.isDenied) flow.state.controls = parseControls(JSON.stringify({ denied: [number] }));
    failing.fail(s.faults);
    const outcome = await flow.refresh(token.text, attempt).catch(unavailable);
    failing.fail({});
    flow.state.controls = controls;
    const promised = model.refresh(
      now(),
      { win: of.win, generation: token.generation },
      { attempt, isDenied: s.isDenied },
      s.faults,
    );
    same(toldRefresh(outcome), toldPromise(promised));
    if (outcome.tag === 'refreshed' && 'generation' in promised) keep(of, promised.generation, outcome.grant);
    if (promised.tag === 'new') seen.refreshed += 1;
    if (promised.tag === 'again') seen.again += 1;
    if (promised.tag === 'reuse') seen.reuse += 1;
    if (promised.tag === 'invalid_grant') seen.invalid += 1;
    if (outcome.tag === 'temporarily-unavailable' && outcome.reason === 'late') seen.late += 1;
  };

  const listed = async (s: Extract<SessionStep, { do: 'list' | 'end' }>): Promise<void> => {
    const picked = pick(s.session, s.token);
    if (picked === undefined) return;
    const { of, token } = picked;
    const presented = { win: of.win, generation: token.generation };
    const [one] = ids;
    const wish = s.do === 'list' ? undefined : s.which === 'one' ? [one?.[0] ?? 'no such id'] : s.which;
    const outcome = await flow.list(token.text, wish);
    const promised =
      s.do === 'list'
        ? model.list(now(), presented)
        : model.end(now(), presented, (win) =>
            s.which === 'all' ? true : s.which === 'others' ? win !== of.win : win === one?.[1],
          );
    const told =
      outcome.tag === 'sessions'
        ? outcome.sessions
            .map(({ id }) => ids.get(id) ?? 'never answered')
            .toSorted()
            .join(' ')
        : outcome.tag;
    const answered = new Set(ids.values());
    same(
      told,
      promised === 'invalid_grant'
        ? 'invalid-grant'
        : promised
            .map((win) => (answered.has(win) ? win : 'never answered'))
            .toSorted()
            .join(' '),
    );
  };

  for (const s of history) {
    seen.steps += 1;
    if ('faults' in s) seen.faults += Object.keys(s.faults).length;
    switch (s.do) {
      case 'wait':
        flow.state.now += s.seconds;
        break;
      case 'win': {
        // Which of two sign-ins of one second goes first is nobody's promise.
        flow.state.now += 1;
        wins += 1;
        const one: Known = {
          win: `win ${wins}`,
          challengeId: `challenge-of-win-${wins}`,
          idempotencyKey: s.hasKey ? 'idempotency-key-0001' : undefined,
          wonAt: now(),
          isStranger: s.isStranger,
          tokens: [],
        };
        known.push(one);
        await start(one, s);
        break;
      }
      case 'replay': {
        // Without a key there is no replay: the verify's answer is gone.
        const keyed = known.filter(({ idempotencyKey }) => idempotencyKey !== undefined);
        const one = keyed.at(-1 - s.back);
        if (one !== undefined) await start(one, s);
        break;
      }
      case 'refresh':
        await refresh(s);
        break;
      case 'revoke': {
        const picked = pick(s.session, s.token);
        if (picked === undefined) break;
        failing.fail(s.faults);
        const { tag } = await flow.revoke(picked.token.text).catch(unavailable);
        failing.fail({});
        const token = { win: picked.of.win, generation: picked.token.generation };
        // An unknown outcome is either, and the client asks again.
        if (tag !== 'unavailable' || !(await isThere(picked.of.win))) model.revoke(now(), token);
        break;
      }
      case 'list':
      case 'end':
        await listed(s);
        break;
      case 'end all':
        await flow.endAll(number);
        model.endAll(now());
        break;
      case 'deploy': {
        const notBefore = s.isOver ? now() : 0;
        model.settings = modelSettings({ ...s, notBefore });
        flow.state.rules = { ...flow.state.rules, ...model.settings };
        break;
      }
    }
  }
}

const unavailable = (error: unknown): { readonly tag: 'unavailable' } => {
  if (!(error instanceof Unavailable)) throw error;
  return { tag: 'unavailable' };
};

function toldStart({ tag }: StartOutcome): string {
  return tag === 'started' ? 'token' : 'no-session';
}

function toldRefresh(outcome: RefreshOutcome | { readonly tag: 'unavailable' }): string {
  switch (outcome.tag) {
    case 'refreshed':
      return 'token';
    case 'invalid-grant':
      return outcome.reason === 'reuse' ? 'reuse' : 'invalid_grant';
    case 'temporarily-unavailable':
    case 'unavailable':
      return 'unavailable';
    case 'denied':
      return 'denied';
  }
}

function toldPromise({ tag }: Promised): string {
  return tag === 'new' || tag === 'again' ? 'token' : tag;
}

function same(real: string, promised: string): void {
  if (real !== promised) throw new Error(`the flow says "${real}", the model "${promised}"`);
}
