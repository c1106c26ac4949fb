/** Builds answers in the provider's own format. */

export interface ProviderAnswer {
  readonly status: number;
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>>;
}

interface Failure {
  readonly status: number;
  readonly code: string;
  readonly message: string;
  readonly retryAfterSeconds?: number;
  readonly details?: readonly string[];
}

const envelope = (statusCode: number): object => ({
  statusCode,
  requestId: crypto.randomUUID(),
  timestamp: new Date().toISOString(),
});

/** `{ success: true, … data }`. */
export function success(status: number, data: unknown): ProviderAnswer {
  return { status, body: JSON.stringify({ success: true, ...envelope(status), data }) };
}

/** `{ success: false, … error: { code, message } }`. */
export function failure({ status, code, message, retryAfterSeconds, details }: Failure): ProviderAnswer {
  const error = { code, message, ...(details && { details }) };
  return {
    status,
    body: JSON.stringify({ success: false, ...envelope(status), error }),
    ...(retryAfterSeconds === undefined ? {} : { headers: { 'retry-after': String(retryAfterSeconds) } }),
  };
}
