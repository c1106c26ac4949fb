import { useEffect, useState } from 'react';
import type { KeptSession, Phone } from './phone.ts';

/** How often the storage and the phone's clock are read. Nothing tells of a change in them. */
const tickMs = 250;

export interface Kept {
  readonly kept: KeptSession | undefined;
  /** The phone's time of day, in whole seconds. */
  readonly nowSeconds: number;
}

/** What the phone keeps of its session, as of now. */
export function useKept(phone: Phone): Kept {
  const [seen, setSeen] = useState({ json: '', nowSeconds: 0 });
  useEffect(() => {
    const read = (): void => {
      const json = JSON.stringify(phone.kept() ?? '');
      const nowSeconds = Math.floor(phone.nowMs() / 1000);
      setSeen((now) => (now.json === json && now.nowSeconds === nowSeconds ? now : { json, nowSeconds }));
    };
    read();
    const timer = setInterval(read, tickMs);
    return () => clearInterval(timer);
  }, [phone]);
  const { json, nowSeconds } = seen;
  return { kept: json === '' || json === '""' ? undefined : JSON.parse(json), nowSeconds };
}
