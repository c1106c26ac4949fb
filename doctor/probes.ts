/**
 * The calls of an app and of a verifier, made once before the checks: the documents of the issuer three times each, an
 * empty body, and a requestId that nobody made. None of them sends an SMS, writes to the table or counts against a limit.
 */
import { randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { Addresses } from './api.ts';

/** An answer, or the reason why there is none. */
export type Answered =
  | {
      readonly tag: 'answer';
      readonly status: number;
      readonly contentType: string;
      /** The gateway's id of the request. */
      readonly gatewayId: string | undefined;
      /** Parsed JSON; undefined where it is none. */
      readonly json: unknown;
      readonly tookMs: number;
    }
  | { readonly tag: 'none'; readonly reason: string };

export interface Probes {
  readonly discovery: readonly Answered[];
  readonly jwks: readonly Answered[];
  readonly emptyBody: Answered;
  readonly forgedId: Answered;
  /** Epoch milliseconds of the first call. */
  readonly startedAtMs: number;
}

interface Patience {
  readonly signal: AbortSignal;
  /** How long to wait for the first signing key; 0 asks once. */
  readonly firstKeyMs: number;
  readonly onProgress: (step: string) => void;
}

/** How often the documents are fetched. The first fetch may meet a cold start. */
const fetches = 3;
const answerTimeoutMs = 10_000;
const pollMs = 3_000;
const maxBytes = 1024 * 1024;

/** Makes the calls. Rejects only when `signal` aborts. */
export async function probe({ apiUrl, issuer }: Addresses, patience: Patience): Promise<Probes> {
  const { signal } = patience;
  const startedAtMs = Date.now();
  await waitForKey(`${issuer}/.well-known/jwks.json`, patience);
  return {
    startedAtMs,
    discovery: await several(`${issuer}/.well-known/openid-configuration`, signal),
    jwks: await several(`${issuer}/.well-known/jwks.json`, signal),
    emptyBody: await send(`${apiUrl}/auth/request-otp`, signal, {}),
    forgedId: await send(`${apiUrl}/auth/verify-otp`, signal, { requestId: forgedId(), code: '000000' }),
  };
}

/** The key ids of a JWKS answer. */
export function kidsIn(answered: Answered | undefined): readonly string[] {
  if (answered?.tag !== 'answer' || answered.status !== 200) return [];
  const { keys } = Object(answered.json);
  return Array.isArray(keys) ? keys.map(({ kid }) => String(kid)) : [];
}

async function waitForKey(url: string, { signal, firstKeyMs, onProgress }: Patience): Promise<void> {
  const endsAtMs = performance.now() + firstKeyMs;
  let isTold = false;
  while (performance.now() < endsAtMs && kidsIn(await send(url, signal)).length === 0) {
    if (!isTold) onProgress(`waiting for the first signing key, at most ${firstKeyMs / 1000} s`);
    isTold = true;
    await pause(Math.min(pollMs, Math.max(0, endsAtMs - performance.now())), undefined, { signal });
  }
}

async function several(url: string, signal: AbortSignal): Promise<readonly Answered[]> {
  const all: Answered[] = [];
  for (let i = 0; i < fetches; i += 1) all.push(await send(url, signal));
  return all;
}

/** 47 random bytes in the spelling of a requestId: 63 characters, of which the last has 4 bits. It opens nowhere. */
function forgedId(): string {
  return randomBytes(47).toString('base64url');
}

/** A GET, or a POST of `body`. */
async function send(url: string, signal: AbortSignal, body?: unknown): Promise<Answered> {
  signal.throwIfAborted();
  const startedAtMs = performance.now();
  try {
    const response = await fetch(url, {
      redirect: 'manual',
      signal: AbortSignal.any([signal, AbortSignal.timeout(answerTimeoutMs)]),
      ...(body !== undefined && {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      }),
    });
    const text = (await response.text()).slice(0, maxBytes);
    return {
      tag: 'answer',
      status: response.status,
      contentType: response.headers.get('content-type') ?? '',
      gatewayId: response.headers.get('apigw-requestid') ?? undefined,
      json: parsed(text),
      tookMs: Math.round(performance.now() - startedAtMs),
    };
  } catch (error) {
    signal.throwIfAborted();
    return { tag: 'none', reason: reasonOf(error) };
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** `ENOTFOUND`, `CERT_HAS_EXPIRED`, `TimeoutError`: the innermost name, which people search for. */
function reasonOf(error: unknown): string {
  const { cause, code, name } = Object(error);
  if (cause !== undefined) return reasonOf(cause);
  if (name === 'TimeoutError') return `no answer within ${answerTimeoutMs / 1000} s`;
  return String(code ?? name ?? error);
}
