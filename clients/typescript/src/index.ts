/** The package's entry: what an app may use. */
export { type ApiFetch, openApiFetch } from './api-fetch.ts';

export { type Challenge, type Context, type Countdown, countdown } from './challenge.ts';
export { asciiDigits, codeIn, phoneNumberIn } from './digits.ts';
export { createDoorcode, type Doorcode, type Resumed } from './doorcode.ts';
export { handedIn } from './handed-in.ts';
export type { DoorcodeOptions } from './options.ts';
export type { Refusal, RequestOtpResult, VerifyOtpResult } from './results.ts';
export { createSession, type Session, type SessionOptions } from './session.ts';
export {
  endSessions,
  listSessions,
  type SessionEntry,
  type SessionsResult,
  signOutEverywhere,
} from './session-list.ts';
export type { Access, SessionState } from './session-ports.ts';
export { readAccessToken } from './session-reader.ts';
export {
  type DoorcodeStorage,
  memoryStorage,
  type SecureStoreLike,
  secureStoreStorage,
} from './storage.ts';
export type { About, RequestOtpInput } from './under-way.ts';
