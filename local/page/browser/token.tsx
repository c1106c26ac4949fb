import { openApiFetch, type Session } from 'doorcode-client';
import { useState } from 'react';
import { callOrders } from './page-server.ts';

interface TokenProps {
  readonly token: string | undefined;
  readonly session: Session;
}

/** Shows the decoded access token, copies it, and calls an API that verifies it. */
export function Token({ token, session }: TokenProps) {
  return (
    <section aria-labelledby="token-title" className="card">
      <h2 id="token-title">The token</h2>
      {token === undefined ? (
        <p className="soft">Sign in, and its claims are shown here.</p>
      ) : (
        <>
          <dl className="claims">
            {claimsOf(token).map(([name, value]) => (
              <div key={name}>
                <dt>{name}</dt>
                <dd>{value}</dd>
              </div>
            ))}
          </dl>
          <TokenActions session={session} token={token} />
        </>
      )}
    </section>
  );
}

function TokenActions({ token, session }: { readonly token: string; readonly session: Session }) {
  const [said, setSaid] = useState('');
  const copy = (): void => {
    navigator.clipboard.writeText(token).then(
      () => setSaid('Copied.'),
      () => setSaid('This browser does not let a page copy.'),
    );
  };
  const call = async (fetchApi: (url: string) => Promise<Response>): Promise<void> => {
    try {
      const { status, text } = await callOrders(fetchApi);
      setSaid(`GET /orders: ${status} ${text}`);
    } catch (error) {
      const why = error instanceof TypeError ? error.message.replace('Doorcode: ', '') : 'no answer';
      setSaid(`GET /orders was not sent: there is no good token now (${why}). The next call tries again.`);
    }
  };
  return (
    <>
      <div className="jumps">
        <button onClick={copy} type="button">
          Copy the token
        </button>
        <button onClick={() => call(openApiFetch(session, [location.origin]))} type="button">
          Call an API of yours
        </button>
        <button onClick={() => call((url) => fetch(url))} type="button">
          Call it without
        </button>
      </div>
      <p className="soft small" role="status">
        {said}
      </p>
    </>
  );
}

const times = ['iat', 'exp', 'auth_time'];

function claimsOf(token: string): readonly (readonly [string, string])[] {
  const [, claims = ''] = token.split('.');
  const bytes = Uint8Array.from(atob(claims.replaceAll('-', '+').replaceAll('_', '/')), (c) =>
    c.charCodeAt(0),
  );
  const decoded: Record<string, unknown> = JSON.parse(new TextDecoder().decode(bytes));
  return Object.entries(decoded).map(([name, value]) => [
    name,
    times.includes(name) && typeof value === 'number'
      ? `${value} · ${new Date(value * 1000).toLocaleString([], { dateStyle: 'medium', timeStyle: 'medium' })}`
      : typeof value === 'string'
        ? value
        : JSON.stringify(value),
  ]);
}
