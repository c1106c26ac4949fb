/**
 * `fetch` for your own APIs: with the access token, and once more after a 401 if a refresh brings another one. A 401 for a
 * fresh token is the API's own and is handed on. The token goes to the APIs that the app names, and nowhere else.
 */
import { checkedBaseUrl } from './options.ts';
import type { Session } from './session.ts';
import type { Access } from './session-ports.ts';

/**
 * As `fetch`, of a URL as text. Once signed out, the call goes without a token. While there is none for another reason, it
 * rejects with a TypeError, as for a network that fails, and the `cause` is the reason.
 */
export type ApiFetch = (url: string, init?: RequestInit) => Promise<Response>;

/** `apis` are the addresses that may get the token, such as `https://api.example.com`. */
export function openApiFetch({ access }: Pick<Session, 'access'>, apis: readonly string[]): ApiFetch {
  const bases = apis.map((baseUrl) => `${checkedBaseUrl({ baseUrl })}/`);
  return async (url, init = {}) => {
    if (!bases.some((base) => `${url}/`.startsWith(base)))
      throw new TypeError(`Doorcode: not in apis: ${url}`);
    const call = (token: Access): Promise<Response> => {
      const headers = new Headers(init.headers);
      if (token.tag === 'token') headers.set('authorization', `Bearer ${token.accessToken}`);
      else if (token.tag !== 'signed-out') throw new TypeError(`Doorcode: ${token.tag}`, { cause: token });
      return fetch(url, { ...init, headers });
    };
    const first = await access();
    const response = await call(first);
    // A stream is gone once it was sent.
    if (response.status !== 401 || first.tag !== 'token' || 'getReader' in Object(init.body)) return response;
    const second = await access(first.accessToken);
    const isSame = second.tag === 'token' && second.accessToken === first.accessToken;
    return isSame || second.tag === 'signed-out' ? response : call(second);
  };
}
