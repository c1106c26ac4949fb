/** What a generated client does with the local stack, step by step, and what it has to read in each answer. */
import { isDeepStrictEqual } from 'node:util';
import { referencePattern } from '../../functions/runtime/support-reference.ts';
import type { LocalStack } from '../../local/local-stack.ts';
import { codeFor, freshNumber, otherThan } from '../../test-kit/sign-in.ts';
import type { CommandOptions } from '../install/command.ts';

interface Expected {
  readonly status: number;
  /** The model that the document has for the answer. */
  readonly model: string;
  /** A member that the document has beside those of all. */
  readonly more: RegExp;
  readonly kind: 'given' | 'refused' | 'refused with a wait' | 'without a reference';
}

const given = (model: string, more: RegExp, status = 200): Expected => ({
  status,
  model,
  more,
  kind: 'given',
});
const refused = (status: number, model: string, more: RegExp): Expected => ({
  status,
  model,
  more,
  kind: /^\^?\\d/.test(more.source) && status !== 422 ? 'refused with a wait' : 'refused',
});

const expected: Readonly<Record<string, Expected>> = {
  '503': refused(503, 'TemporarilyUnavailable', /^\d+$/),
  '400': refused(400, 'InvalidRequest', /^#\/purpose$/),
  accepted: given('RequestOtpAccepted', /^6$/, 202),
  repeated: given('RequestOtpAccepted', /^same$/, 202),
  '429': refused(429, 'TooManyRequests', /^\d+$/),
  '422': refused(422, 'IncorrectCode', /^\d+$/),
  verified: given('Verified', /^Bearer$/),
  junk: refused(400, 'OauthError', /^invalid_grant$/),
  refreshed: given('Refreshed', /^sign-in$/),
  listed: given('Sessions', /^Pixel 9$/),
  'ended the others': given('Sessions', /^1$/),
  'ended by id': given('Sessions', /^1$/),
  'not the latest': refused(400, 'OauthError', /^invalid_grant$/),
  revoked: { status: 200, model: 'nothing', more: /^$/, kind: 'without a reference' },
  after: refused(400, 'OauthError', /^invalid_grant$/),
  discovered: { status: 200, model: 'Discovery', more: /^http/, kind: 'without a reference' },
  keys: { status: 200, model: 'Jwks', more: /^RS256$/, kind: 'without a reference' },
};

/** What a context is on the wire. A float of 32 bits would be another amount. */
const context = { amount: 16_777_217.25, payee: 'Asha', first: true };

/** How many steps there are. */
export const stepCount = Object.keys(expected).length + 1;

/** The numbers and the code of one sign-in. The SMS of the first call fails, so the client sees a 503. */
export function signInInput(stack: LocalStack): Required<Pick<CommandOptions, 'input' | 'whenReady'>> {
  const [number, other] = [freshNumber(), freshNumber()];
  stack.provider.control({ fault: { name: 'html', times: 1 } });
  return {
    input: `${stack.apiUrl} ${number} ${other}\n`,
    whenReady: async () => {
      const code = codeFor(stack, number);
      return `${code} ${otherThan(code)}\n`;
    },
  };
}

/** What a client read otherwise than the document has it. */
export function wrongSteps(client: string, printed: string): readonly string[] {
  const lines = new Map(
    printed.split('\n').map((line) => {
      const [step = '', ...parts] = line.split('\t');
      return [step, parts] as const;
    }),
  );
  const wrong = Object.entries(expected).flatMap(([step, wanted]) => {
    const parts = lines.get(step);
    if (parts === undefined) return [`${client}, ${step}: no answer`];
    return isRight(parts, wanted) ? [] : [`${client}, ${step}: ${parts.join(' ')}`];
  });
  const sent = lines.get('context')?.at(-1) ?? 'null';
  return isDeepStrictEqual(JSON.parse(sent), context) ? wrong : [...wrong, `${client}, context: ${sent}`];
}

function isRight(parts: readonly string[], { status, model, more, kind }: Expected): boolean {
  const [sentStatus, sentModel, detail = '', reference = '', wait = '', member = ''] = parts;
  if (sentStatus !== String(status) || sentModel !== model || !more.test(member)) return false;
  if (kind === 'without a reference') return true;
  if (!referencePattern.test(reference)) return false;
  if (kind === 'given') return true;
  return detail !== '' && (kind === 'refused' || wait === member);
}
