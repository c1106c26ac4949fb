/**
 * The controls in a running stack: what a change does, and when. The functions' clock stands still at each edge, so
 * that no test depends on how fast it runs.
 */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type LocalStack, startLocalStack } from '../../local/local-stack.ts';
import type { Reply } from '../../test-kit/http.ts';
import { linesOf } from '../../test-kit/provider-key.ts';
import { ask, codeFor, freshNumber, smsTo, type } from '../../test-kit/sign-in.ts';
import { countOf, putControls } from '../../test-kit/stored-controls.ts';

let stack: LocalStack;
/** A full hour of the day after tomorrow, UTC; each test starts an hour after the one before. */
let hour = (Math.floor(Date.now() / 86_400_000) + 2) * 86_400;
beforeAll(async () => {
  stack = await startLocalStack({ workers: 1 });
});
beforeEach(async () => {
  stack.faults.clear();
  hour += 3600;
  at(hour);
  await takesEffect({});
});
afterAll(() => stack.stop());

function at(seconds: number): void {
  for (const name of ['request-otp', 'verify-otp']) stack.pool(name).stopClock(seconds);
  stack.provider.control({ clockOffsetSeconds: seconds - Date.now() / 1000 });
}

/** Stores controls and lets the worker's old ones grow stale, so that the next request reads the new ones first. */
async function takesEffect(controls: unknown): Promise<void> {
  await putControls(stack, controls);
  hour += 3600;
  at(hour);
}

async function signIn(phoneNumber: string): Promise<Reply> {
  const { requestId } = (await ask(stack, phoneNumber)).json;
  return type(stack, requestId, codeFor(stack, phoneNumber));
}

/** What a client could tell two refusals apart by. */
function shape({ status, headers, json }: Reply): unknown {
  const { instance, supportReference, retryAfterSeconds, ...rest } = json;
  expect(headers['retry-after']).toBe(String(retryAfterSeconds));
  return { status, rest, members: Object.keys(json), headers: Object.keys(headers).sort() };
}

describe('the kill switch', () => {
  it('is thrown in a minute: fresh controls serve for 60 s, and the first request past them obeys the new ones', async () => {
    expect((await ask(stack, freshNumber())).status).toBe(202);
    await putControls(stack, { sending: 'nobody' });
    at(hour + 60);
    expect((await ask(stack, freshNumber())).status).toBe(202);
    at(hour + 61);
    expect((await ask(stack, freshNumber())).status).toBe(503);
  });

  it('answers 503 until the next full hour, sends nothing, and is counted', async () => {
    await takesEffect({ sending: 'nobody' });
    at(hour + 601);
    const [number, before] = [freshNumber(), stack.logLines.length];
    const { status, json, headers } = await ask(stack, number);
    expect([status, json.type]).toEqual([503, 'urn:doorcode:temporarily-unavailable']);
    expect([json.retryAfterSeconds, headers['retry-after']]).toEqual([3600 - 601, String(3600 - 601)]);
    expect(json.requestId).toBeUndefined();
    expect(smsTo(stack, number)).toBe(0);
    await expect.poll(() => countOf(stack, 'request-otp.switched-off', before)).toBe(1);
    expect(linesOf(stack, 'request-otp.switched-off', before)[0]).toContain('npm run controls -- sending');
    await takesEffect({});
    expect((await ask(stack, number)).status).toBe(202);
  });

  it('lets codes under way be typed in', async () => {
    const number = freshNumber();
    const { requestId } = (await ask(stack, number)).json;
    await putControls(stack, { sending: 'nobody' });
    at(hour + 299);
    expect((await type(stack, requestId, codeFor(stack, number))).status).toBe(200);
  });

  it('lets returning devices go on under returning-devices, and nobody under nobody', async () => {
    const number = freshNumber();
    const { deviceToken } = (await signIn(number)).json;
    expect(deviceToken).toMatch(/^[\w-]{63}$/);
    const headers = { 'doorcode-device': String(deviceToken) };
    await takesEffect({ sending: 'returning-devices' });
    expect((await ask(stack, number)).status).toBe(503);
    expect((await ask(stack, number, { headers: { 'doorcode-device': 'A'.repeat(63) } })).status).toBe(503);
    const { status, json } = await ask(stack, number, { headers });
    expect(status).toBe(202);
    expect((await type(stack, json.requestId, codeFor(stack, number))).status).toBe(200);
    await takesEffect({ sending: 'nobody' });
    expect((await ask(stack, number, { headers })).status).toBe(503);
  });
});

describe('a denied number', () => {
  it('is answered like a limited one, by number and by prefix', async () => {
    const [limited, denied, among] = [freshNumber(), freshNumber(), '+918123456789'];
    expect((await ask(stack, limited)).status).toBe(202);
    await putControls(stack, { denied: [denied, '+918123'] });
    const expected = shape(await ask(stack, limited));
    await takesEffect({ denied: [denied, '+918123'] });
    for (const number of [denied, among]) {
      const reply = await ask(stack, number);
      expect(shape(reply)).toEqual(expected);
      expect(reply.json.type).toBe('urn:doorcode:too-many-requests');
      expect(smsTo(stack, number)).toBe(0);
    }
    expect((await ask(stack, '+918124456789')).status).toBe(202);
  });

  it('counts down to the second, within a day, by the calls of a limited number, and never reaches the provider', async () => {
    const denied = freshNumber();
    await takesEffect({ denied: [denied] });
    const [calls, lines] = [stack.awsCalls.length, stack.logLines.length];
    const first = (await ask(stack, denied)).json.retryAfterSeconds;
    expect(first).toBeGreaterThanOrEqual(1);
    expect(first).toBeLessThanOrEqual(86_400);
    at(hour + 10);
    const later = (await ask(stack, denied)).json.retryAfterSeconds;
    expect((first - later + 86_400) % 86_400).toBe(10);
    const toTable = stack.awsCalls
      .slice(calls)
      .filter(({ service, keyPrefix }) => service === 'dynamodb' && keyPrefix !== 'init');
    expect(toTable.map(({ keyPrefix }) => keyPrefix)).toEqual(['address', 'phone', 'address', 'phone']);
    expect(smsTo(stack, denied)).toBe(0);
    await expect.poll(() => countOf(stack, 'request-otp.denied', lines)).toBe(2);
  });

  it('is denied on a device that it knows, too', async () => {
    const number = freshNumber();
    const { deviceToken } = (await signIn(number)).json;
    await takesEffect({ denied: [number] });
    const reply = await ask(stack, number, { headers: { 'doorcode-device': String(deviceToken) } });
    expect(reply.status).toBe(429);
  });
});

describe('controls that are malformed', () => {
  it('leave the version before in force, even in a new worker, and are told', async () => {
    const denied = freshNumber();
    await putControls(stack, { denied: [denied] });
    const lines = stack.logLines.length;
    await takesEffect('{"denied":["+919876');
    expect((await ask(stack, denied)).status).toBe(429);
    expect((await ask(stack, freshNumber())).status).toBe(202);
    await expect.poll(() => countOf(stack, 'request-otp.controls-unreadable', lines)).toBeGreaterThan(0);
    const [line = ''] = linesOf(stack, 'request-otp.controls-unreadable', lines);
    expect(JSON.parse(line).message).toMatchObject({
      reason: 'malformed',
      dependency: 'CONTROLS_SECRET_ARN',
      action: expect.stringContaining('previous'),
    });
    expect(line).not.toContain('919876');
    await stack.update();
    at(hour);
    expect((await ask(stack, denied)).status).toBe(429);
  });

  it('twice in a row leave the last good ones in force in a worker that had them', async () => {
    const denied = freshNumber();
    await takesEffect({ denied: [denied] });
    expect((await ask(stack, denied)).status).toBe(429);
    await putControls(stack, { sending: 'no one' });
    await takesEffect([]);
    expect((await ask(stack, denied)).status).toBe(429);
    expect((await ask(stack, freshNumber())).status).toBe(202);
  });

  it('twice in a row stop a new worker, which cannot know who is denied, until they are mended', async () => {
    await putControls(stack, { sending: 'no one' });
    await takesEffect([]);
    await stack.pool('request-otp').restart();
    const [number, lines] = [freshNumber(), stack.logLines.length];
    const { status, json } = await ask(stack, number);
    expect([status, json.type]).toEqual([503, 'urn:doorcode:temporarily-unavailable']);
    expect(smsTo(stack, number)).toBe(0);
    await expect.poll(() => linesOf(stack, 'request-otp.unavailable', lines).length).toBe(1);
    expect(JSON.parse(linesOf(stack, 'request-otp.unavailable', lines)[0] ?? '').message).toMatchObject({
      reason: 'malformed',
      dependency: 'CONTROLS_SECRET_ARN',
    });
    await takesEffect({});
    expect((await ask(stack, number)).status).toBe(202);
  });

  it('or cannot be read: the last good ones serve, and the log says so', async () => {
    const denied = freshNumber();
    await takesEffect({ denied: [denied] });
    expect((await ask(stack, denied)).status).toBe(429);
    const lines = stack.logLines.length;
    stack.faults.add({ service: 'secretsmanager', mode: 'refuse' });
    await takesEffect({ sending: 'nobody' });
    expect((await ask(stack, denied)).status).toBe(429);
    expect((await ask(stack, freshNumber())).status).toBe(202);
    const told = () => linesOf(stack, 'request-otp.controls-unreadable', lines);
    await expect.poll(() => told().length).toBeGreaterThan(0);
    expect(JSON.parse(told()[0] ?? '').message.reason).toBe('AccessDeniedException');
  });
});
