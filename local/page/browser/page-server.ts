/** The page's own server: the inbox, the switches, the clock, the logs. */

export interface Sms {
  readonly phoneNumber: string;
  readonly text: string;
  readonly code: string;
  readonly sentAtMs: number;
}

export interface Provider {
  readonly profile: string;
  readonly account: string;
  readonly balance: number;
  readonly fault: string | null;
  readonly faults: readonly string[];
}

export interface Decision {
  readonly level: string;
  readonly code: string;
  readonly meaning: string;
  readonly reason?: string;
  readonly supportReference: string;
}

async function get<T>(path: string): Promise<T> {
  return (await fetch(path)).json();
}

async function post<T>(path: string, body: unknown): Promise<T> {
  const headers = { 'content-type': 'application/json' };
  return (await fetch(path, { method: 'POST', headers, body: JSON.stringify(body) })).json();
}

export const readInbox = (): Promise<readonly Sms[]> => get('/inbox.json');
export const readProvider = (): Promise<Provider> => get('/control');
export const changeProvider = (change: object): Promise<Provider> => post('/control', change);
export const readClock = (): Promise<{ offsetSeconds: number }> => get('/clock');
export const jump = (forwardSeconds: number): Promise<{ offsetSeconds: number }> =>
  post('/clock', { forwardSeconds });
export const readDecisions = (id: string): Promise<readonly Decision[]> =>
  get(`/decisions?id=${encodeURIComponent(id)}`);

/** Asks an API that wants an access token of a sign-in; `fetchApi` brings the token, if there is one. */
export async function callOrders(
  fetchApi: (url: string) => Promise<Response>,
): Promise<{ status: number; text: string }> {
  const response = await fetchApi(`${location.origin}/orders`);
  return { status: response.status, text: await response.text() };
}
