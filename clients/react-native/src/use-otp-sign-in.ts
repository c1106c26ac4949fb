/** The sign-in as a hook: its state, its actions, and the SMS that Android hands over. */
import { useEffect, useRef, useState, useSyncExternalStore } from 'react';
import { createOtpFlow, type OtpFlow, type OtpFlowOptions } from './flow.ts';
import type { OtpState } from './flow-state.ts';
import { listenForSms, type SmsConsent } from './sms-consent.ts';

export interface OtpSignInHook extends Omit<OtpFlow, 'state' | 'subscribe' | 'start'> {
  readonly state: OtpState;
}

export interface OtpSignInOptions extends Omit<OtpFlowOptions, 'locale'> {
  readonly smsConsent?: SmsConsent | undefined;
  /** The language of the SMS, such as `hi`. Each request uses the latest value. */
  readonly locale?: string | undefined;
}

/**
 * The hook reads the options once, except the language. `smsConsent` listens from the tap on, because an SMS may come
 * before the server's answer.
 */
export function useOtpSignIn(options: OtpSignInOptions): OtpSignInHook {
  const locale = useRef<string | undefined>(undefined);
  const [flow] = useState(() => createOtpFlow({ ...options, locale: () => locale.current }));
  useEffect(() => {
    locale.current = options.locale;
  }, [options.locale]);
  const state = useSyncExternalStore(flow.subscribe, flow.state, flow.state);
  const { smsConsent } = options;
  const isAwaited = state.tag === 'sending' || state.tag === 'enter-code' || state.tag === 'verifying';
  useEffect(() => {
    flow.start();
  }, [flow]);
  useEffect(() => {
    if (smsConsent === undefined || !isAwaited) return undefined;
    return listenForSms(smsConsent, (text) => {
      flow.receiveSms(text);
    });
  }, [flow, smsConsent, isAwaited]);
  const { typeNumber, sendCode, typeCode, receiveSms, submitCode, resend, back, restart } = flow;
  return { state, typeNumber, sendCode, typeCode, receiveSms, submitCode, resend, back, restart };
}
