/**
 * Android's SMS User Consent: the system asks the user whether the app may read the SMS that came, and then hands it over.
 * iOS does not need this, because it offers the code above the keyboard. The app chooses the library. This one fits as it
 * is:
 *
 *     import { startSmsHandling } from '@eabdullazyanov/react-native-sms-user-consent';
 *     <OtpSignIn smsConsent={userConsent(startSmsHandling)} … />
 *
 * It has native code: it works in a development build (`npx expo run:android`) and not in Expo Go.
 */
import { reportFault } from './report-fault.ts';

/** Starts to listen. `onSms` gets the text of an SMS. The result stops it. */
export type SmsConsent = (onSms: (text: string) => void) => () => void;

/** The part of the library that is used. On iOS it returns nothing. */
export type StartSmsHandling = (
  onSmsReceived: (event?: { sms?: string }) => void,
) => (() => void) | undefined;

/** Wraps the library's function. */
export function userConsent(startSmsHandling: StartSmsHandling): SmsConsent {
  return (onSms) => {
    const stop = startSmsHandling((event) => {
      if (event?.sms !== undefined) onSms(event.sms);
    });
    return () => stop?.();
  };
}

/** Listens with the app's function, which may throw, call back at once, or return nothing that stops it. */
export function listenForSms(smsConsent: SmsConsent, onSms: (text: string) => void): () => void {
  let isOver = false;
  let stop: unknown;
  try {
    stop = smsConsent((text) => {
      if (!isOver && typeof text === 'string') onSms(text);
    });
    Promise.resolve(stop).catch((error: unknown) => reportFault('smsConsent', error));
  } catch (error) {
    reportFault('smsConsent', error);
  }
  return () => {
    isOver = true;
    try {
      if (typeof stop === 'function') stop();
    } catch (error) {
      reportFault('smsConsent', error);
    }
  };
}
