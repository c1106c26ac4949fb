/** The messages that several functions log, and what all messages are made of. */

/** One message code: how urgent it is, and what the person on call does about it. */
export interface Message {
  readonly level: 'info' | 'warn' | 'error';
  readonly action: string;
}

/** Normal. */
export const info = (action: string): Message => ({ level: 'info', action });
/** A caller hit a limit or made a mistake. */
export const warn = (action: string): Message => ({ level: 'warn', action });
/** Somebody has to act. */
export const error = (action: string): Message => ({ level: 'error', action });

export const none = 'Nothing.';
export const bySignIn =
  'Nothing, unless it becomes frequent. Then look at the client addresses in the access log.';
export const byTable = 'Check whether DynamoDB has an incident or the function lost its right to the table.';
export const byDependency = `Dependency table: ${byTable} Dependency a variable: check its setting or secret.`;
/** The same for a function that signs access tokens. */
export const bySignerOrDependency = `${byDependency} SIGNING_SECRET_ARN empty: the first rotation has not run. SIGNING_SECRET_ARN unusable: a key in it signs nothing valid, so move AWSCURRENT back to the version before.`;
export const byTestNumber =
  'Nothing, if an app review or your CI used it. Otherwise remove it: npm run controls -- remove-test-number.';
export const byReport = 'Report the bug with the error in reason.';

export const commonMessages = {
  'request-otp.attestation-missing': warn(
    'When this has become rare, set the attestation mode of the app to require.',
  ),
  'admission.unauthorized': info(
    'Nothing, unless it becomes frequent. Then compare the setting session with the issuer’s tokens.',
  ),
  'admission.app-not-attested': warn(bySignIn),
  'admission.keys-unavailable': error(
    'Check whether jwksUrl in the settings answers. Workers use the last good keys for a day.',
  ),
  'init.unready': warn(
    'Nothing, unless it is frequent: the first request reads it again. Dependency table with AccessDeniedException: the function lost its right to the item init.',
  ),
  'secret.changed': error(
    'Move AWSCURRENT back to the version before, at once: with another value every user gets another user id.',
  ),
} satisfies Readonly<Record<string, Message>>;
