/** The variables of the functions' environment. `lib/functions.ts` sets them, with the rights that each needs. */

/** The ARN of a secret that the function may read. */
export type SecretVariable =
  | 'IDENTITY_SECRET_ARN'
  | 'CODE_SECRET_ARN'
  | 'SMS_SECRET_ARN'
  | 'SIGNING_SECRET_ARN'
  | 'CONTROLS_SECRET_ARN';

/** Every variable, with what it holds. */
export type Variable =
  | SecretVariable
  /** The settings, as JSON, every default filled in. */
  | 'SETTINGS'
  | 'TABLE_NAME'
  /** The base URL of StartMessaging; the local stack puts its own there. */
  | 'PROVIDER_URL'
  /** `iss` of every token, without trailing slash. */
  | 'ISSUER'
  /** Names the metrics, so that those of two stacks in one account can be told apart. */
  | 'STACK_NAME';
