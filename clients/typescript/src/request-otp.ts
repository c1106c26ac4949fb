/**
 * Requests a code. The client keeps the idempotency key of a request until an answer settles it: over its retries, over
 * further taps and over a restart of the app. So each tap sends at most one SMS for each number and purpose.
 */
import type { Challenge } from './challenge.ts';
import { deviceTokenOf } from './devices.ts';
import { newIdempotencyKey } from './idempotency-key.ts';
import type { Line } from './line.ts';
import { readRefusal } from './read-refusal.ts';
import { textIn } from './record.ts';
import type { RequestOtpResult } from './results.ts';
import {
  type Asked,
  altered,
  bearsChallenge,
  challengeFrom,
  type Entry,
  isNeverServed,
  keptOf,
  nameOf,
} from './under-way.ts';

/** Sends the request once. Platform and language of the reader are no part of what is asked. */
export async function requestOtp(
  asked: Asked,
  { kept, clock, post }: Line,
  reader: { readonly platform: string | undefined; readonly locale: string | undefined },
): Promise<RequestOtpResult & { readonly challenge?: Challenge | undefined }> {
  const { phoneNumber, previousRequestId: resends = '' } = asked;
  const name = nameOf(asked);
  let key = newIdempotencyKey();
  const alter = (change: (entry: Entry) => Entry) => kept.change('under-way', altered(name, change));
  // Stored before the first byte leaves, so that the app finds the key again after a restart.
  await alter((entry) => {
    if (textIn(entry, 'resends') === resends) key = textIn(entry, 'key') || key;
    return { ...entry, name, phoneNumber, key, resends };
  });
  const device = deviceTokenOf(await kept.read('devices'), phoneNumber);
  const answer = await post('/auth/request-otp', {
    key,
    device: device && { 'doorcode-device': device },
    body: { ...asked, ...reader },
  });
  if (answer.tag !== 'answer') return answer;
  const challenge = bearsChallenge(answer) ? challengeFrom(asked, answer.body, clock.now()) : undefined;
  if (challenge !== undefined || isNeverServed(answer))
    await alter((entry) => ({
      ...entry,
      name,
      phoneNumber,
      key: undefined,
      ...(challenge && keptOf(challenge, answer.body, clock.wallMs())),
    }));
  if (answer.status < 300)
    return challenge === undefined ? { tag: 'captive-portal' } : { tag: 'sent', challenge };
  const refusal = readRefusal(answer, clock.now());
  return refusal.tag === 'unavailable' ? { ...refusal, challenge } : refusal;
}
