import { useEffect, useState } from 'react';
import { readInbox, type Sms } from './page-server.ts';

const refreshMs = 700;

export interface InboxState {
  readonly inbox: readonly Sms[];
  readonly isRunning: boolean;
}

/** What the phone got, newest first. */
export function useInbox(): InboxState {
  const [inbox, setInbox] = useState<readonly Sms[]>([]);
  const [isRunning, setIsRunning] = useState(true);
  useEffect(() => {
    let timer = 0;
    const refresh = async (): Promise<void> => {
      const next = await readInbox().catch(() => undefined);
      setIsRunning(next !== undefined);
      if (next !== undefined) setInbox((now) => (JSON.stringify(now) === JSON.stringify(next) ? now : next));
      timer = window.setTimeout(refresh, refreshMs);
    };
    refresh();
    return () => clearTimeout(timer);
  }, []);
  return { inbox, isRunning };
}

interface InboxProps extends InboxState {
  readonly onTap: (text: string) => void;
}

/** The SMS as a phone shows them, newest first. A tap on a code gives it to the app. */
export function Inbox({ inbox, isRunning, onTap }: InboxProps) {
  return (
    <section aria-labelledby="inbox-title" className="phone inbox">
      <div className="glass">
        <header>
          <h2 id="inbox-title">Messages</h2>
          <p className="soft" role="status">
            {isRunning ? 'What the phone gets' : 'The local stack is not running.'}
          </p>
        </header>
        {inbox.length === 0 ? (
          <p className="empty">
            No SMS yet.
            <br />
            Type any number in the app: it is sent nowhere but here.
          </p>
        ) : null}
        <ol aria-label="Messages, newest first" aria-live="polite">
          {inbox.map((sms) => (
            <Bubble key={sms.sentAtMs + sms.code} onTap={onTap} sms={sms} />
          ))}
        </ol>
      </div>
    </section>
  );
}

function Bubble({ sms, onTap }: { readonly sms: Sms; readonly onTap: (text: string) => void }) {
  const { phoneNumber, text, code, sentAtMs } = sms;
  const [before, ...after] = text.split(code);
  const time = new Date(sentAtMs);
  return (
    <li>
      <p className="meta">
        <span>To {phoneNumber}</span>
        <time dateTime={time.toISOString()}>{time.toLocaleTimeString([], { timeStyle: 'short' })}</time>
      </p>
      <p className="bubble">
        {before}
        <button aria-label={`Fill in the code ${code}`} onClick={() => onTap(text)} type="button">
          {code}
        </button>
        {after.join(code)}
      </p>
    </li>
  );
}
