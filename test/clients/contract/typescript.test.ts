/** The TypeScript client does what the contract of both clients says. */
import { describe, expect, it } from 'vitest';
import { noticeOf } from '../../../clients/react-native/src/notice.ts';
import type { Challenge } from '../../../clients/typescript/src/index.ts';
import { answerNamed, answers, behaviours, type ContractStep } from './contract.ts';
import { openScriptedPhone, type ScriptedPhone } from './scripted-phone.ts';

const numbers: Readonly<Record<string, string>> = { A: '+919876543210', B: '+918765432109' };
const numberOf = (name: string): string => numbers[name] ?? '';
const nameOf = (number: string): string | undefined =>
  Object.keys(numbers).find((name) => numbers[name] === number);

describe('an answer', () => {
  it.each(answers.filter(({ request }) => request !== undefined))('to a request: $name', async (answer) => {
    const phone = openScriptedPhone();
    phone.meet(answer);
    const result = await phone.doorcode().requestOtp({ phoneNumber: numberOf('A') });
    expect(result.tag).toBe(answer.request);
    expect(phone.calls).toHaveLength(answer.triedAgain ? 2 : 1);
    expect(new Set(phone.calls.map(({ key }) => key)).size).toBe(1);
    phone.wait(700_000);
    phone.meet(answerNamed('sent'));
    await phone.doorcode().requestOtp({ phoneNumber: numberOf('A') });
    expect(phone.calls.at(-1)?.key !== phone.calls[0]?.key).toBe(answer.endsRequest);
    if (result.tag === 'sent' || answer.notice?.request === 'unconfirmed') return;
    expect(noticeOf(result).reason).toBe(answer.notice?.request ?? result.tag);
  });

  it.each(answers.filter(({ verify }) => verify !== undefined))('to a code: $name', async (answer) => {
    const phone = openScriptedPhone();
    phone.meet(answerNamed('sent'));
    const asked = await phone.doorcode().requestOtp({ phoneNumber: numberOf('A') });
    if (asked.tag !== 'sent') throw new Error(asked.tag);
    phone.meet(answer);
    const result = await phone.doorcode().verifyOtp(asked.challenge, '123456');
    expect(result.tag).toBe(answer.verify);
    expect(phone.calls).toHaveLength(answer.triedAgain ? 3 : 2);
    if (result.tag !== 'signed-in')
      expect(noticeOf(result, 'verify').reason).toBe(answer.notice?.verify ?? result.tag);
  });
});

describe('a phone', () => {
  it.each(behaviours)('$name', async ({ steps }) => {
    const phone = openScriptedPhone();
    const keys = new Map<string, string | null>();
    const challenges = new Map<string, Challenge>();
    for (const step of steps) {
      const before = phone.calls.length;
      const given = await take(step, phone, challenges);
      if (step.gives !== undefined) expect(given).toBe(step.gives);
      const calls = phone.calls.slice(before);
      const isCall = step.meets !== undefined || step.meetsBody !== undefined;
      expect(calls.length > 0).toBe(isCall);
      for (const call of calls) {
        const key = step.key ?? '';
        if (keys.has(key)) expect(call.key).toBe(keys.get(key));
        else expect([...keys.values()]).not.toContain(call.key);
        keys.set(key, call.key);
        if (step.device !== undefined) expect(call.device).toBe(step.device);
        if (step.sendsLocale !== undefined) expect(call.locale).toBe(step.sendsLocale);
      }
    }
    expect(steps.some(({ gives }) => gives !== undefined)).toBe(true);
  });
});

/** Does one step; what it gave, in the contract's words. */
async function take(
  step: ContractStep,
  phone: ScriptedPhone,
  challenges: Map<string, Challenge>,
): Promise<string | undefined> {
  const { purpose, context, locale } = step;
  if (step.meets !== undefined) phone.meet(answerNamed(step.meets));
  if (step.meetsBody !== undefined) phone.meet(step.meetsBody);
  if (step.restart) phone.restart();
  phone.wait(step.waitSeconds ?? 0);
  phone.sleep((step.sleepSeconds ?? 0) + (step.setClockSeconds ?? 0));
  const doorcode = phone.doorcode();
  if (step.token) return doorcode.accessToken();
  if (step.resume !== undefined) {
    const { number, ...about } = step.resume;
    const phoneNumber = number && numberOf(number);
    const resumed = await doorcode.resume({ ...about, phoneNumber });
    if (resumed?.tag === 'unanswered') return `unanswered ${nameOf(resumed.phoneNumber)}`;
    if (resumed === undefined) return 'nothing';
    challenges.set(resumed.challenge.requestId, resumed.challenge);
    return `challenge ${nameOf(resumed.challenge.phoneNumber)} ${resumed.challenge.requestId}`;
  }
  const known = challenges.get(step.type ?? step.resend ?? '');
  const result =
    step.ask !== undefined
      ? await doorcode.requestOtp({ phoneNumber: numberOf(step.ask), purpose, context, locale })
      : known === undefined
        ? undefined
        : step.type !== undefined
          ? await doorcode.verifyOtp(known, '123456')
          : await doorcode.resendOtp(known, locale);
  if (result === undefined) return undefined;
  if (step.retryAfterSeconds !== undefined)
    expect(result).toHaveProperty('retryAfterSeconds', step.retryAfterSeconds);
  if ('challenge' in result && result.challenge !== undefined) {
    challenges.set(result.challenge.requestId, result.challenge);
    if (step.codeLength !== undefined) expect(result.challenge.codeLength).toBe(step.codeLength);
  }
  return result.tag;
}
