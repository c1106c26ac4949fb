/** The functions' environment variables. `lib/functions.ts` sets them and grants the rights that each needs. */

/** The ARN of a secret that the function may read. */
export type SecretVariable =
  | 'IDENTITY_SECRET_ARN'
  | 'CODE_SECRET_ARN'
  | 'SMS_SECRET_ARN'
  | 'SIGNING_SECRET_ARN'
  | 'SESSION_SECRET_ARN'
  | 'CONTROLS_SECRET_ARN';

/** Every variable, with what it holds. */
export type Variable =
  | SecretVariable
  /** The settings, as JSON, every default filled in. */
  | 'SETTINGS'
  | 'TABLE_NAME'
  /** How many items the day's budget is divided among. Only set where it is more than one. */
  | 'BUDGET_SHARDS'
  /** The base URL of StartMessaging; the local stack puts its own there. */
  | 'PROVIDER_URL'
  /** The names of the log groups that `support` searches, with commas between them. */
  | 'LOG_GROUP_NAMES'
  /** How long they keep a line. */
  | 'LOG_RETENTION_DAYS'
  /** `iss` of every token, without trailing slash. */
  | 'ISSUER'
  /** A dimension of the metrics. It keeps those of two stacks in one account apart. */
  | 'STACK_NAME';
