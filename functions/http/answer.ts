import type { MessageCode } from '../runtime/message-codes.ts';

/** What a function gives back to API Gateway, payload format 2.0. */
export interface Answer {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** An outcome as the app and the log get it. */
export interface Presented {
  readonly answer: Answer;
  readonly code: MessageCode;
  /** Only for the log, where the code alone says too little. */
  readonly reason?: string | undefined;
}

/** The header of every answer about one person. */
export const noStore = { 'cache-control': 'no-store' } as const;

/** The wait that an answer tells, in seconds; undefined where it tells none. */
export function retryAfterOf({ headers }: Answer): number | undefined {
  const wait = headers['retry-after'];
  return wait === undefined ? undefined : Number(wait);
}

/** A success, as JSON. `headers` say how long it may be kept. */
export function json(
  statusCode: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = noStore,
): Answer {
  return {
    statusCode,
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  };
}
