import { ExampleApp } from 'doorcode-example';
import { useCallback, useEffect, useMemo, useState } from 'react';
import { Banner } from './banner.tsx';
import { Decisions } from './decisions.tsx';
import { Inbox, useInbox } from './inbox.tsx';
import { LookSwitches, useLook } from './look.tsx';
import type { Network } from './network.ts';
import { openPhone } from './phone.ts';
import { Switches } from './switches.tsx';
import { Token } from './token.tsx';

/** Everything, in the order in which it is used. */
export function Page() {
  const [device, setDevice] = useState<'first' | 'second'>('first');
  const phones = useMemo(() => ({ first: openPhone('first'), second: openPhone('second') }), []);
  const phone = phones[device];
  const [look, changeLook] = useLook();
  const [token, setToken] = useState<string | undefined>();
  const { inbox, isRunning } = useInbox();
  const onToken = useCallback((next: string | undefined) => setToken(next), []);
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
  const onDevice = (next: 'first' | 'second'): void => {
    setToken(undefined);
    setDevice(next);
  };
  useEffect(() => {
    document.title = token === undefined ? 'Doorcode · local stack' : 'Signed in · Doorcode';
  }, [token]);
  const app = (
    <div className="glass" dir={look.direction} lang={look.language}>
      <ExampleApp
        doorcode={phone.doorcode}
        key={device}
        language={look.language}
        onToken={onToken}
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
          <Token token={token} />
          <Decisions key={device} onCall={phone.onCall} />
          <Switches device={device} onDevice={onDevice} onJump={onJump} onNetwork={onNetwork} />
          <LookSwitches look={look} onChange={changeLook} />
        </div>
      </main>
    </>
  );
}
