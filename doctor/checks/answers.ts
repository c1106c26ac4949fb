/**
 * Two refusals of the API. The empty body proves that the gateway, the function and its id reach the app: `instance` is
 * what support looks up. The forged requestId proves that verify-otp can read the identity, code and signing secrets,
 * because it reads all three before it opens an id.
 */
import type { Check } from '../check.ts';
import { type Problem, unless, wrong } from '../finding.ts';
import type { Answered } from '../probes.ts';

interface Expected {
  readonly what: string;
  readonly status: number;
  readonly type: string;
  /** What to do about a 503 or 500. */
  readonly mend: string;
}

const readLog = (name: string) =>
  `Read the newest line of the ${name} function's log: dependency and reason say which secret, right or setting is missing.`;

export const answersCheck: Check = {
  name: 'answers',
  rights: () => [],
  look: async ({ probes: { emptyBody, forgedId } }) => {
    const problems = [
      ...problemsOf(emptyBody, {
        what: 'POST /auth/request-otp with an empty object',
        status: 400,
        type: 'urn:doorcode:invalid-request',
        mend: readLog('request-otp'),
      }),
      ...problemsOf(forgedId, {
        what: 'POST /auth/verify-otp with a forged requestId',
        status: 422,
        type: 'urn:doorcode:expired-code',
        mend: readLog('verify-otp'),
      }),
    ];
    return unless(
      problems,
      'an empty body gets 400 with the gateway’s id as instance, a forged requestId 422: every secret of verify-otp was read',
    );
  },
};

function problemsOf(answered: Answered, { what, status, type, mend }: Expected): readonly Problem[] {
  if (answered.tag === 'none')
    return [
      wrong(
        `${what} got no answer (${answered.reason}).`,
        'Check the network of this machine, then run it again.',
      ),
    ];
  const { type: said, instance } = Object(answered.json);
  if (answered.status === 429)
    return [
      wrong(
        `${what} got 429.`,
        'The route’s throttle or the account’s concurrency is used up: look at the dashboard, then run it again.',
      ),
    ];
  if (answered.status !== status || said !== type)
    return [wrong(`${what} got ${answered.status}, expected ${status} ${type}.`, mend)];
  if (answered.gatewayId === undefined || instance !== answered.gatewayId)
    return [
      wrong(
        `${what} has the instance ${String(instance)}, while the gateway’s id is ${answered.gatewayId ?? 'missing'}.`,
        'Check what stands in front of the API: support cannot look this request up in the access log.',
      ),
    ];
  return [];
}
