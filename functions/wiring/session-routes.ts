/** Wires the three routes of sessions. It holds no decision of the flows. */
import { parseJsonBody } from '../http/json-body.ts';
import { parseRevocation, presentRevocation } from '../http/revoke-endpoint.ts';
import type { SessionAnswer } from '../http/session-endpoint.ts';
import { presentSessions, sessionsBodySchema } from '../http/sessions-endpoint.ts';
import { parseRefresh, presentRefresh } from '../http/token-endpoint.ts';
import { keyedHash } from '../otp/keyed-hash.ts';
import type { PhoneNumber } from '../otp/phone-number.ts';
import { epochSeconds } from '../runtime/clock.ts';
import { listSessions } from '../sessions/list-sessions.ts';
import { refreshSession } from '../sessions/refresh-session.ts';
import { revokeSession } from '../sessions/revoke-session.ts';
import type { SessionGrant, SessionPorts } from '../sessions/session-ports.ts';
import { defaultPurpose } from '../settings/sms-settings.ts';
import { openSessionStore } from '../table/sessions-item.ts';
import { signAccessToken } from '../tokens/access-token.ts';
import { type AskedSession, portsOf } from './session-world.ts';

/** `POST /auth/token`. */
export async function answerToken(asked: AskedSession): Promise<SessionAnswer> {
  const { world, request, signal } = asked;
  const { settings, issuer } = world;
  const parsed = parseRefresh(request, settings.audience);
  if (parsed.tag === 'refused') return parsed.answer;
  // The signer comes before the write, so that no generation is made whose access token cannot be signed.
  const [ports, signerAt] = await Promise.all([portsOf(asked), world.signerAt.get({ signal })]);
  const signer = await signerAt(epochSeconds());
  const sign = (grant: SessionGrant) => {
    const { phoneNumber, tokenId, isTest, begunAt: verifiedAt, sessionId: id, issuedAt, expiresAt } = grant;
    const session = { id, issuedAt, expiresAt };
    const content = {
      phoneNumber,
      purpose: defaultPurpose,
      tokenId,
      verifiedAt,
      caller: {},
      isTest,
      session,
    };
    return signAccessToken(signer, content, { settings, issuer, identity: ports.keys });
  };
  const outcome = await refreshSession(ports, parsed.refresh);
  const answering = { instance: request.id, sign, now: epochSeconds };
  return tagged(ports, phoneNumberOf(outcome), await presentRefresh(outcome, answering));
}

/** `POST /auth/revoke`. It needs neither the controls nor the signing keys. */
export async function answerRevoke({ world, request, signal }: AskedSession): Promise<SessionAnswer> {
  const parsed = parseRevocation(request, world.settings.audience);
  if (parsed.tag === 'refused') return parsed.answer;
  const [keys, secret] = await Promise.all([world.identity.get({ signal }), world.secret.get({ signal })]);
  const secretAgeSeconds = world.secret.ageSeconds();
  const store = openSessionStore(world.table, world.rules, signal);
  const ports = { keys, secret, secretAgeSeconds, store, now: epochSeconds };
  const outcome = await revokeSession(ports, parsed.token);
  return tagged(ports, outcome.phoneNumber, presentRevocation(outcome, request.id));
}

/** `POST /auth/sessions`. */
export async function answerSessions(asked: AskedSession): Promise<SessionAnswer> {
  const { request } = asked;
  const parsed = parseJsonBody(request, sessionsBodySchema);
  if (parsed.tag === 'refused') return { answer: parsed.answer, code: 'session.invalid' };
  const ports = await portsOf(asked);
  const outcome = await listSessions(ports, parsed.input);
  return tagged(ports, outcome.phoneNumber, presentSessions(outcome, request.id));
}

function phoneNumberOf(outcome: Awaited<ReturnType<typeof refreshSession>>): PhoneNumber | undefined {
  return outcome.tag === 'refreshed' ? outcome.grant.phoneNumber : outcome.phoneNumber;
}

function tagged(
  { keys }: Pick<SessionPorts, 'keys'>,
  phoneNumber: PhoneNumber | undefined,
  answer: SessionAnswer,
): SessionAnswer {
  return phoneNumber === undefined ? answer : { ...answer, numberTag: keyedHash(keys.logTag, [phoneNumber]) };
}
