import { ExampleApp } from 'doorcode-example';
import { useCallback, useEffect, useState } from 'react';
import { Decisions } from './decisions.tsx';
import { Inbox } from './inbox.tsx';
import { openPhone } from './phone.ts';
import { Switches } from './switches.tsx';
import { Token } from './token.tsx';

/** Everything, in the order in which it is used. */
export function Page() {
  const [phone] = useState(openPhone);
  const [token, setToken] = useState<string | undefined>();
  const onToken = useCallback((next: string | undefined) => setToken(next), []);
  useEffect(() => {
    document.title = token === undefined ? 'Doorcode · local stack' : 'Signed in · Doorcode';
  }, [token]);
  return (
    <>
      <header className="top">
        <p className="brand">
          <span aria-hidden="true" className="mark" />
          Doorcode
          <span className="badge">local stack</span>
        </p>
        <nav aria-label="More">
          <a href="/docs">API</a>
          <a href="/.well-known/openid-configuration">Issuer</a>
        </nav>
      </header>
      <main className="stage">
        <section aria-label="Your app" className="phone app">
          <div className="glass">
            <ExampleApp doorcode={phone.doorcode} onToken={onToken} smsConsent={phone.smsConsent} />
          </div>
        </section>
        <Inbox onTap={phone.receive} />
        <div className="side">
          <Token token={token} />
          <Decisions onCall={phone.onCall} />
          <Switches onJump={phone.jumpTo} />
        </div>
      </main>
    </>
  );
}
