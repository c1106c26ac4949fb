import { useEffect, useState } from 'react';
import type { Sms } from './page-server.ts';

/** How long a phone shows a banner. */
const shownMs = 12_000;

/** Shows the newest SMS over the app, on screens without room for the inbox beside it. */
export function Banner({
  sms,
  onTap,
}: {
  readonly sms: Sms | undefined;
  readonly onTap: (text: string) => void;
}) {
  const [gone, setGone] = useState<Sms | undefined>(sms);
  // biome-ignore lint/correctness/useExhaustiveDependencies: once: what lay in the inbox before is no news.
  useEffect(() => setGone(sms), []);
  useEffect(() => {
    const timer = setTimeout(() => setGone(sms), shownMs);
    return () => clearTimeout(timer);
  }, [sms]);
  const isShown = sms !== undefined && (gone === undefined || sms.sentAtMs > gone.sentAtMs);
  return (
    <div aria-live="polite" className="banner">
      {isShown ? (
        <button
          onClick={() => {
            setGone(sms);
            onTap(sms.text);
          }}
          type="button"
        >
          <strong>Messages</strong>
          <span>{sms.text}</span>
        </button>
      ) : null}
    </div>
  );
}
