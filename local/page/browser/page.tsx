import { ExampleApp } from 'doorcode-example';
import { useCallback, useEffect, useMemo, useState } from 'react';
import { Banner } from './banner.tsx';
import { Decisions } from './decisions.tsx';
import { Inbox, useInbox } from './inbox.tsx';
import { LookSwitches, useLook } from './look.tsx';
import type { Network } from './network.ts';
import { openPhone } from './phone.ts';
import { SessionCard } from './session-card.tsx';
import { Switches } from './switches.tsx';
import { Token } from './token.tsx';
import { useKept } from './use-kept.ts';

/** Everything, in the order in which it is used. */
export function Page() {
  const [device, setDevice] = useState<'first' | 'second'>('first');
  const phones = useMemo(() => ({ first: openPhone('first'), second: openPhone('second') }), []);
  const phone = phones[device];
  const [look, changeLook] = useLook();
  /** How often the app was started on this page. */
  const [starts, setStarts] = useState(0);
  const session = phone.session();
  const seen = useKept(phone);
  const token = seen.kept?.accessToken;
  const { inbox, isRunning } = useInbox();
  const onJump = useCallback(
    (offsetSeconds: number) => {
      for (const one of Object.values(phones)) one.jumpTo(offsetSeconds);
    },
    [phones],
  );
  const onNetwork = useCallback(
    (network: Network) => {
      for (const one of Object.values(phones)) one.setNetwork(network);
    },
    [phones],
  );
  useEffect(() => {
    document.title = token === undefined ? 'Doorcode · local stack' : 'Signed in · Doorcode';
  }, [token]);
  const app = (
    <div className="glass" dir={look.direction} lang={look.language}>
      <ExampleApp
        key={`${device} ${starts}`}
        language={look.language}
        session={session}
        smsConsent={phone.smsConsent}
      />
    </div>
  );
  if (look.isAlone) {
    return (
      <main aria-label="Your app" className="alone">
        {app}
      </main>
    );
  }
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
          <Banner onTap={phone.receive} sms={inbox[0]} />
          {app}
        </section>
        <Inbox inbox={inbox} isRunning={isRunning} onTap={phone.receive} />
        <div className="side">
          <SessionCard
            key={`session of ${device}`}
            onRestart={() => {
              phone.restart();
              setStarts(starts + 1);
            }}
            phone={phone}
            seen={seen}
            session={session}
          />
          <Token session={session} token={token} />
          <Decisions key={device} onCall={phone.onCall} />
          <Switches device={device} onDevice={setDevice} onJump={onJump} onNetwork={onNetwork} />
          <LookSwitches look={look} onChange={changeLook} />
        </div>
      </main>
    </>
  );
}
