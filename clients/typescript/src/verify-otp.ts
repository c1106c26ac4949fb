/**
 * Verifies a code. The server remembers which code won, so the client uses one idempotency key for a challenge until it has
 * an answer, also over a restart of the app. After a lost answer the client gets the same token again.
 */
import type { Challenge } from './challenge.ts';
import { withDeviceToken } from './devices.ts';
import { newIdempotencyKey } from './idempotency-key.ts';
import type { Line } from './line.ts';
import { readRefusal } from './read-refusal.ts';
import { numberIn, textIn } from './record.ts';
import type { VerifyOtpResult } from './results.ts';
import { altered, type Entry, isSignIn, nameOf } from './under-way.ts';

export async function verifyOtp(
  challenge: Challenge,
  code: string,
  { kept, session, clock, post, verifyKeys }: Line,
): Promise<VerifyOtpResult> {
  const { requestId, context, phoneNumber, purpose } = challenge;
  const alter = (change: (entry: Entry) => Entry) =>
    kept.change('under-way', altered(nameOf(challenge), change));
  /** Changes what is kept of this very code; a later one of the same number stays as it is. */
  const alterCode = (change: (entry: Entry) => Entry) =>
    alter((entry) => (textIn(entry, 'requestId') === requestId ? change(entry) : entry));
  let key = verifyKeys.get(requestId);
  await alterCode((entry) => {
    key ??= textIn(entry, 'verifyKey') || newIdempotencyKey();
    return { ...entry, verifyKey: key };
  });
  key ??= newIdempotencyKey();
  verifyKeys.set(requestId, key);
  const answer = await post('/auth/verify-otp', {
    key,
    body: { requestId, code, context, session: session?.asks },
  });
  if (answer.tag !== 'answer') return answer;
  const { status, body, reference } = answer;
  if (status < 300) {
    const accessToken = textIn(body, 'accessToken');
    if (accessToken === '') return { tag: 'captive-portal' };
    const device = textIn(body, 'deviceToken');
    if (device !== '') await kept.change('devices', (list) => withDeviceToken(list, phoneNumber, device));
    // A token for another purpose is only for the call that it approves. It must never replace the session's token.
    if (isSignIn(purpose)) await (session?.keep(body) ?? kept.change('token', () => accessToken));
    // A resend that was still open has nothing left to send for.
    await alter(() => ({}));
    return { tag: 'signed-in', accessToken, expiresInSeconds: numberIn(body, 'expiresInSeconds', 0) };
  }
  switch (textIn(body, 'type')) {
    case 'urn:doorcode:incorrect-code':
      verifyKeys.set(requestId, newIdempotencyKey());
      return { tag: 'incorrect-code', attemptsRemaining: numberIn(body, 'attemptsRemaining', 0), reference };
    case 'urn:doorcode:expired-code':
      await alterCode((entry) => ({ ...entry, requestId: undefined }));
      return { tag: 'expired-code', reference };
    default:
      return readRefusal(answer, clock.now());
  }
}
