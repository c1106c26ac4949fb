/**
 * The text for a failed command, for the person at the terminal. It includes the library's name of the error where people
 * search for that name, such as AccessDeniedException. It never includes a stack trace.
 */
import { Advice } from '../../terminal/advice.ts';
import { Interrupted } from '../../terminal/interrupt.ts';

/** Says what failed and what to do. AWS's errors name who lacks which right. None of them holds a secret's value. */
export function failureOf(error: unknown): string {
  if (error instanceof Advice || error instanceof Interrupted) return error.message;
  const causes = causesOf(error);
  const unreachable = causes.find(({ code = '' }) => unreachableCodes.has(code));
  if (unreachable !== undefined) return unreachableText(unreachable);
  const [{ name = '', message = '', httpStatus } = {}] = causes;
  const advice = advices.find(({ names }) => names.includes(name))?.advice;
  if (advice !== undefined) return `${advice} (${name}: ${message})`;
  if (message === 'Region is missing') return 'No region is set. Add one: --region ap-south-1';
  if (httpStatus === undefined) return `The command itself failed: ${message || name}. Please report it.`;
  const isMute = message === '' || message === 'UnknownError' || message === 'Unknown';
  return isMute
    ? `The service answered ${httpStatus} without a reason. Try again. For the local stack, read its terminal.`
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

/** The advice for each failure, by all the names that libraries and services have for it. */
const advices: readonly { readonly names: readonly string[]; readonly advice: string }[] = [
  {
    names: ['CredentialsProviderError', 'TokenProviderError'],
    advice: 'There are no AWS credentials. Log in, or set a profile: AWS_PROFILE=…',
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
    advice: 'AWS refused the credentials. Log in again. If you restarted the local stack, try again.',
  },
  { names: ['AccessDenied', 'AccessDeniedException'], advice: 'You do not have the right to do this.' },
  {
    names: ['TimeoutError', 'AbortError'],
    advice: 'No answer came in time. AWS may still carry out the request: check with status.',
  },
  { names: ['ValidationError'], advice: 'Check --stack and --region.' },
];

interface Cause {
  readonly name?: string;
  readonly message?: string;
  readonly code?: string;
  readonly address?: string;
  readonly hostname?: string;
  readonly httpStatus?: number | undefined;
}

/** The error and its causes, outermost first. */
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
    ? 'The local stack does not answer, because it ended unexpectedly. Start it again in another terminal: npm start'
    : `AWS is unreachable (${[code, hostname].join(' ').trim()}). Check the network and the region (--region).`;
}
