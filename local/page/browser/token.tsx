/** The access token, decoded for people. An API checks its signature first. */
export function Token({ token }: { readonly token: string | undefined }) {
  return (
    <section aria-labelledby="token-title" className="card">
      <h2 id="token-title">The token</h2>
      {token === undefined ? (
        <p className="soft">Sign in, and its claims are shown here.</p>
      ) : (
        <dl className="claims">
          {claimsOf(token).map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
      )}
    </section>
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
