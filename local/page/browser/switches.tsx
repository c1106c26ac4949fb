import { useEffect, useState } from 'react';
import { Choice } from './choice.tsx';
import { faultWords } from './fault-words.ts';
import { type Network, networks } from './network.ts';
import { changeProvider, jump, type Provider, readClock, readProvider } from './page-server.ts';

const jumps = [
  { label: '+30 s', seconds: 30 },
  { label: '+5 min', seconds: 300 },
  { label: '+1 h', seconds: 3600 },
  { label: '+1 day', seconds: 86_400 },
  { label: '+40 days', seconds: 40 * 86_400 },
];

interface SwitchesProps {
  readonly onJump: (offsetSeconds: number) => void;
  readonly onNetwork: (network: Network) => void;
  readonly device: 'first' | 'second';
  readonly onDevice: (device: 'first' | 'second') => void;
}

const works = 'works';

/** Switches for the faults and the clock, which nobody can control with a real provider. */
export function Switches({ onJump, onNetwork, device, onDevice }: SwitchesProps) {
  const [network, setNetwork] = useState<Network>('good');
  useEffect(() => onNetwork(network), [network, onNetwork]);
  const [provider, setProvider] = useState<Provider | undefined>();
  const [offsetSeconds, setOffsetSeconds] = useState(0);
  useEffect(() => {
    readProvider().then(setProvider);
    readClock().then((clock) => {
      onJump(clock.offsetSeconds);
      setOffsetSeconds(clock.offsetSeconds);
    });
    const timer = setInterval(() => readProvider().then(setProvider, () => undefined), 2000);
    return () => clearInterval(timer);
  }, [onJump]);
  const change = (wanted: object): void => {
    changeProvider(wanted).then(setProvider);
  };
  const forward = async (seconds: number): Promise<void> => {
    const clock = await jump(seconds);
    onJump(clock.offsetSeconds);
    setOffsetSeconds(clock.offsetSeconds);
  };
  return (
    <section aria-labelledby="switches-title" className="card">
      <h2 id="switches-title">Try it out</h2>
      <div className="fields">
        <Choice
          label="The next SMS"
          onChange={(name) => change({ fault: name === works ? null : { name, times: 1 } })}
          options={{ [works]: works, ...faultOptions(provider) }}
          value={provider?.fault ?? works}
        />
        <Choice
          label="Network of this phone"
          onChange={(name) => setNetwork(name as Network)}
          options={networks}
          value={network}
        />
        <Choice
          label="Device"
          onChange={(name) => onDevice(name === 'second' ? 'second' : 'first')}
          options={{ first: 'the first phone', second: 'a second phone' }}
          value={device}
        />
        <Choice
          label="Provider plays"
          onChange={(profile) => change({ profile })}
          options={{ observed: 'as observed', documented: 'as documented' }}
          value={provider?.profile ?? 'observed'}
        />
        <Choice
          label="Account"
          onChange={(account) => change({ account })}
          options={{ active: 'active', unapproved: 'not approved', suspended: 'suspended' }}
          value={provider?.account ?? 'active'}
        />
      </div>
      <p className="soft small" role="status">
        {provider?.fault == null ? '' : `“${faultWords(provider.fault)}” waits for the next SMS.`}
      </p>
      <fieldset>
        <legend>Clock{offsetSeconds === 0 ? '' : `: ${spoken(offsetSeconds)} ahead`}</legend>
        <div className="jumps">
          {jumps.map(({ label, seconds }) => (
            <button key={label} onClick={() => forward(seconds)} type="button">
              {label}
            </button>
          ))}
        </div>
        {offsetSeconds === 0 ? null : (
          <p className="soft small">
            Only forward. After a restart it is right again; <code>npm start -- --reset</code> forgets what
            lies ahead.
          </p>
        )}
      </fieldset>
      {provider === undefined ? null : <p className="soft small">Wallet: Rs {provider.balance.toFixed(2)}</p>}
    </section>
  );
}

function faultOptions(provider: Provider | undefined): Readonly<Record<string, string>> {
  return Object.fromEntries((provider?.faults ?? []).map((name) => [name, faultWords(name)]));
}

function spoken(seconds: number): string {
  const parts = [
    [Math.floor(seconds / 86_400), 'd'],
    [Math.floor((seconds % 86_400) / 3600), 'h'],
    [Math.floor((seconds % 3600) / 60), 'min'],
    [seconds % 60, 's'],
  ] as const;
  return parts
    .filter(([count]) => count > 0)
    .map(([count, unit]) => `${count} ${unit}`)
    .join(' ');
}
