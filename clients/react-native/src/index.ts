/** The package's entry: the hook, the screens, and what they can be told. */
export { CodeEntry, type CodeEntryProps } from './code-entry.tsx';
export { type DeviceTexts, englishDevices, hindiDevices } from './device-texts.ts';
export { Devices, type DevicesProps } from './devices.tsx';
export { createOtpFlow, type OtpFlow, type OtpFlowOptions } from './flow.ts';
export type { OtpState } from './flow-state.ts';
export { hindi } from './hindi.ts';
export { type NoticeTexts, type NoticeValues, noticesIn, spacedNumber, type Texts } from './language.ts';
export type { Notice, Reason } from './notice.ts';
export { NumberEntry, type NumberEntryProps } from './number-entry.tsx';
export { OtpSignIn, type OtpSignInProps } from './otp-sign-in.tsx';
export { looksLikeOurs } from './our-sms.ts';
export type { OnSignedIn } from './signed-in.tsx';
export { type SmsConsent, type StartSmsHandling, userConsent } from './sms-consent.ts';
export { english } from './texts.ts';
export { darkTheme, lightTheme, type SchemeThemes, type Theme } from './theme.ts';
export { type DevicesHook, useDevices } from './use-devices.ts';
export { type OtpSignInHook, type OtpSignInOptions, useOtpSignIn } from './use-otp-sign-in.ts';
export { type SessionHook, useSession } from './use-session.ts';
