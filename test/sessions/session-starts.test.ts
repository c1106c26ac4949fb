/** Which wins of verify-otp start a session, what their answers say, and that no failure costs the sign-in. */
import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Lane } from '../../functions/limits/lane.ts';
import type { Verified } from '../../functions/otp/verify-otp-ports.ts';
import { countedBy } from '../../functions/runtime/metric-groups.ts';
import { parseSettings, type SettingsInput } from '../../functions/settings/settings.ts';
import type { Table } from '../../functions/table/table.ts';
import { openSessionStarts as openNone } from '../../functions/wiring/no-session-starts.ts';
import { openSessionStarts, type Starting } from '../../functions/wiring/session-starts.ts';
import { startSessionFlow } from '../../test-kit/session-flow.ts';
import { sessionFor } from '../../test-kit/session-settings.ts';
import { startTestTable, type TestTable } from '../../test-kit/test-table.ts';

const number = '+919876543210';
const smsTemplates = {
  'sign-in': { default: '22222222-2222-4222-8222-222222222222' },
  payment: { default: '11111111-1111-4111-8111-111111111111' },
};

let table: TestTable;
beforeAll(async () => {
  table = await startTestTable();
});
afterAll(async () => table.stop());

interface Case {
  readonly settings?: Partial<SettingsInput>;
  readonly starting?: Partial<Starting>;
  readonly lane?: Lane;
  readonly needsSession?: boolean;
  readonly purpose?: string;
  /** The name of the error that Secrets Manager answers with. */
  readonly secretFails?: string;
  /** The same of the table. */
  readonly tableFails?: string;
}

const failure = (name: string): Error => Object.assign(new Error('it fails'), { name });

function failingTable(name: string): Table {
  const send = async (): Promise<never> => {
    throw failure(name);
  };
  return { ...table, client: { send } as unknown as Table['client'] };
}

async function win({ settings = {}, starting = {}, secretFails, tableFails, ...won }: Case) {
  const flow = startSessionFlow(table, { smsTemplates });
  const told: string[] = [];
  const client = {
    send: async ({ input }: { input: { VersionStage: string } }) => {
      if (secretFails !== undefined) throw failure(secretFails);
      const SecretString = input.VersionStage.padEnd(64, 's');
      return { VersionId: input.VersionStage, SecretString, CreatedDate: new Date(0) };
    },
  } as unknown as SecretsManagerClient;
  const starts = openSessionStarts(
    parseSettings({ appName: 'Acme', audience: 'acme-app', smsTemplates, ...settings }),
    (name) => ({ client, name, arn: 'arn' }),
  );
  const { lane = 'public', needsSession = false, purpose = 'sign-in' } = won;
  const phoneNumber = flow.phone(number);
  const start = starts.startFor({
    request: { headers: {} },
    input: { session: { label: 'Pixel 9' }, idempotencyKey: undefined },
    opened: { challengeId: 'c'.repeat(22), lane, needsSession, phoneNumber },
    identity: flow.keys,
    table: tableFails === undefined ? table : failingTable(tableFails),
    signal: new AbortController().signal,
    tell: (code, reason) => told.push(`${code} ${reason}`),
    ...starting,
  });
  const verified: Verified = {
    tag: 'verified',
    phoneNumber,
    purpose,
    tokenId: 'token-id',
    verifiedAt: Math.floor(Date.now() / 1000),
    caller: {},
    isTest: false,
  };
  return { started: await start(verified), told, flow };
}

it.each(['public', 'attested', 'device', 'test'] as const)(
  'a sign-in in the lane %s starts one',
  async (lane) => {
    const { started, told, flow } = await win({ lane });
    expect(started.members).toEqual({
      refreshToken: expect.stringMatching(/^[A-Za-z0-9_-]{96}$/),
      sessionExpiresInSeconds: expect.any(Number),
      otherSessions: 0,
    });
    const [session] = (await flow.record(number, lane)).sessions;
    expect(session).toMatchObject({ label: 'Pixel 9', generation: 0 });
    expect(started.token?.session?.id).toBe(session?.id);
    expect(started.token?.tokenId).not.toBe('token-id');
    expect(told).toEqual([]);
  },
);

it('a browser starts one where the settings say so', async () => {
  const starting = { request: { headers: { origin: 'https://acme.example' } } };
  const settings = { sessions: { inBrowsers: true } };
  expect((await win({ starting, settings })).started.members).toBeDefined();
});

it.each<[string, Case]>([
  ['an app that does not ask', { starting: { input: { idempotencyKey: undefined } } }],
  ['a browser', { starting: { request: { headers: { origin: 'https://acme.example' } } } }],
  ['a web view without an origin', { starting: { request: { headers: { origin: 'null' } } } }],
  ['another purpose', { purpose: 'payment' }],
  ['a code that is bound to a session of the adopter’s', { needsSession: true }],
  ['a purpose that needs one now', { settings: { session: sessionFor('sign-in') } }],
  ['a context', { starting: { input: { session: {}, context: { amount: 1 }, idempotencyKey: undefined } } }],
  ['a deployment without sessions', { settings: { sessions: 'off' } }],
])('%s starts none, and gets no member about it', async (_, one) => {
  const { started, told, flow } = await win(one);
  expect(started).toEqual({});
  expect(told).toEqual([]);
  expect((await flow.record(number)).sessions).toEqual([]);
});

it('a bundle without sessions starts none', async () => {
  const starts = openNone();
  await starts.prepare(new AbortController().signal);
  expect(await starts.startFor({} as Starting)({} as Verified)).toEqual({});
});

it.each<[string, Case, string]>([
  [
    'an answer of Secrets Manager',
    { secretFails: 'TimeoutError' },
    'session-unavailable SESSION_SECRET_ARN: TimeoutError',
  ],
  [
    'the right to the session secret',
    { secretFails: 'AccessDeniedException' },
    'session-unavailable SESSION_SECRET_ARN: AccessDeniedException',
  ],
  [
    'the right to the sessions in the table',
    { tableFails: 'AccessDeniedException' },
    'session-unavailable table: AccessDeniedException',
  ],
  ['time', { starting: { signal: AbortSignal.abort() } }, 'session-unavailable AbortError'],
  [
    'a young win',
    { settings: { sessions: { notBefore: '2099-01-01T00:00:00Z' } } },
    'session-not-started not-before',
  ],
])('a sign-in without %s says null, and the log says what failed', async (_, one, line) => {
  const { started, told } = await win(one);
  expect(started).toEqual({ members: { refreshToken: null } });
  expect(told).toEqual([`verify-otp.${line}`]);
});

it('an outage of every session start counts towards the alarm Unavailable; a session that ended does not', () => {
  expect(countedBy('verify-otp.session-unavailable')).toContainEqual(['unavailable', 1]);
  expect(countedBy('verify-otp.session-not-started')).toEqual([['verify-otp.session-not-started', 1]]);
});
