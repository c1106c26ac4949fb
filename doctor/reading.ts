/**
 * Makes the calls of a check. A resource that is not there is `undefined`. A call that gives no answer is `Untold` with the
 * reason: a right that is missing, or a service that does not answer. A missing right is never taken for a fault of the
 * deployment. Credentials that AWS refuses end the whole command, because no check could be made with them.
 */
import { Advice } from '../terminal/advice.ts';
import type { Right } from './right.ts';

/** A check cannot be told. The message is the reason. */
export class Untold extends Error {
  /** The right that is missing, where that is the reason. */
  readonly needs: Right | undefined;

  constructor(reason: string, needs?: Right) {
    super(reason);
    this.needs = needs;
  }
}

/** Makes one call, which needs `right`; undefined where AWS has no such resource. Throws `Untold`. */
export type Read = <T>(
  right: Right,
  send: (options: { readonly abortSignal: AbortSignal }) => Promise<T>,
) => Promise<T | undefined>;

export interface Bounds {
  /** Ends every call: the person has pressed Ctrl-C, or the time for all checks is over. */
  readonly signal: AbortSignal;
  /** The longest that one call may take, all tries together. */
  readonly callMs: number;
}

/** A reader that makes calls of these rights alone; any other is a bug of the check. */
export function openReading(rights: readonly Right[], { signal, callMs }: Bounds): Read {
  const known = new Set(rights.map(keyOf));
  return async (right, send) => {
    if (!known.has(keyOf(right))) throw new Error(`the check does not list ${keyOf(right)}`);
    try {
      return await send({ abortSignal: AbortSignal.any([signal, AbortSignal.timeout(callMs)]) });
    } catch (error) {
      return readFailure(error, right, { isOver: signal.aborted, callMs });
    }
  };
}

function keyOf({ action, resource }: Right): string {
  return `${action} on ${resource}`;
}

/** The names of "there is no such resource", over all the services that the checks ask. */
const absent = new Set([
  'NoSuchEntityException',
  'NoSuchEntity',
  'NotFoundException',
  'NotFound',
  'ResourceNotFoundException',
  'TableNotFoundException',
]);
const denied = new Set([
  'AccessDenied',
  'AccessDeniedException',
  'AuthorizationError',
  'AuthorizationErrorException',
  'ForbiddenException',
  'UnauthorizedOperation',
]);
/** With these no call of any check would succeed. */
const refusedCredentials = new Set([
  'CredentialsProviderError',
  'TokenProviderError',
  'ExpiredToken',
  'ExpiredTokenException',
  'RequestExpired',
  'InvalidClientTokenId',
  'UnrecognizedClientException',
  'InvalidSignatureException',
  'SignatureDoesNotMatch',
  'MissingAuthenticationTokenException',
]);
const throttled = new Set([
  'Throttling',
  'ThrottlingException',
  'ThrottledException',
  'TooManyRequestsException',
]);

interface Surroundings {
  readonly isOver: boolean;
  readonly callMs: number;
}

function readFailure(error: unknown, right: Right, { isOver, callMs }: Surroundings): undefined {
  const { name, message, code } = nameOf(error);
  if (refusedCredentials.has(name) || error instanceof Advice) throw error;
  if (absent.has(name)) return undefined;
  if (denied.has(name)) throw new Untold(`needs ${keyOf(right)}${denialOf(message)}`, right);
  if (isOver) throw new Untold('the time for all checks was over, run it again');
  if (name === 'AbortError' || name === 'TimeoutError')
    throw new Untold(`no answer to ${right.action} within ${callMs / 1000} s, run it again`);
  if (throttled.has(name)) throw new Untold(`AWS throttles ${right.action}, run it again in a minute`);
  throw new Untold(`${right.action} failed: ${code ?? name}${message === '' ? '' : `, ${message}`}`);
}

/** A right that an identity policy gives may still be taken by a denial elsewhere; AWS's message says where. */
function denialOf(message: string): string {
  const [, where] = /with an explicit deny in (an? [a-z -]+)/.exec(message) ?? [];
  return where === undefined ? '' : `, which ${where} denies`;
}

function nameOf(error: unknown): {
  readonly name: string;
  readonly message: string;
  readonly code: string | undefined;
} {
  if (!(error instanceof Error)) return { name: 'unknown', message: String(error), code: undefined };
  const { code } = Object(error);
  return {
    name: error.name,
    message: error.message.slice(0, 300),
    code: typeof code === 'string' ? code : undefined,
  };
}
