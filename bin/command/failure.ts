/**
 * A failure of a command, in words for the person at the terminal. A library's name for it is told where it is what
 * one looks up, such as AccessDeniedException; never its stack.
 */
import { Advice } from '../../local/advice.ts';
import { Interrupted } from '../../local/interrupt.ts';

/** Says what failed and what to do. Errors of AWS say who may not do what; none of them holds a secret's value. */
export function failureOf(error: unknown): string {
  if (error instanceof Advice || error instanceof Interrupted) return error.message;
  const causes = causesOf(error);
  const unreachable = causes.find(({ code = '' }) => unreachableCodes.has(code));
  if (unreachable !== undefined) return unreachableText(unreachable);
  const [{ name = '', message = '', httpStatus } = {}] = causes;
  const advice = advices.find(({ names }) => names.includes(name))?.advice;
  if (advice !== undefined) return `${advice} (${name}: ${message})`;
  if (message === 'Region is missing') return 'No region is set. Name it: --region ap-south-1';
  if (httpStatus === undefined) return `The command itself failed: ${message || name}. Please report it.`;
  const isMute = message === '' || message === 'UnknownError' || message === 'Unknown';
  return isMute
    ? `The service answered ${httpStatus} and did not say why. Try again; for the local stack, its terminal says why.`
    : `${name}: ${message}`;
}

const unreachableCodes = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EPIPE',
  'ETIMEDOUT',
  'UND_ERR_CONNECT_TIMEOUT',
  'UND_ERR_SOCKET',
]);

/** What to do, by the names that libraries and services give to one failure. */
const advices: readonly { readonly names: readonly string[]; readonly advice: string }[] = [
  {
    names: ['CredentialsProviderError', 'TokenProviderError'],
    advice: 'There are no AWS credentials. Log in, or name a profile: AWS_PROFILE=…',
  },
  {
    names: ['ExpiredToken', 'ExpiredTokenException', 'RequestExpired'],
    advice: 'The AWS credentials have expired. Log in again.',
  },
  {
    names: [
      'InvalidClientTokenId',
      'UnrecognizedClientException',
      'InvalidSignatureException',
      'SignatureDoesNotMatch',
    ],
    advice:
      'The credentials were not accepted. Log in again; if the local stack was started anew, try again.',
  },
  { names: ['AccessDenied', 'AccessDeniedException'], advice: 'You may not do this.' },
  {
    names: ['TimeoutError', 'AbortError'],
    advice: 'No answer came in time; what was sent may still be carried out. See status.',
  },
  { names: ['ValidationError'], advice: 'See --stack and --region.' },
];

interface Cause {
  readonly name?: string;
  readonly message?: string;
  readonly code?: string;
  readonly address?: string;
  readonly hostname?: string;
  readonly httpStatus?: number | undefined;
}

/** The error and what it says it comes from, outermost first. */
function causesOf(error: unknown): readonly Cause[] {
  if (!(error instanceof Error)) return [];
  const { name, message, cause } = error;
  const more: Record<string, unknown> = { ...error };
  const text = (key: string): Record<string, string> =>
    typeof more[key] === 'string' ? { [key]: more[key] } : {};
  const metadata = Object(more['$metadata']);
  const own: Cause = {
    name,
    message,
    ...text('code'),
    ...text('address'),
    ...text('hostname'),
    httpStatus: metadata.httpStatusCode,
  };
  const inside = error instanceof AggregateError ? error.errors : [];
  return [own, ...[cause, ...inside].flatMap(causesOf)];
}

function unreachableText({ code, address = '', hostname = '' }: Cause): string {
  return address === '::1' || address.startsWith('127.')
    ? 'The local stack does not answer: it ended, and could not say so. Start it again in another terminal: npm start'
    : `AWS cannot be reached (${[code, hostname].join(' ').trim()}). See the network, and the region: --region`;
}
