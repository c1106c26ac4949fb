/**
 * Everything an adopter may set, in one flat list, each with its default and the reason for it. The defaults
 * themselves are in the two schemas, which also say what is refused: this page is for the person who decides.
 * It is longer than others because it is a list.
 */
import type { RemovalPolicy, StackProps } from 'aws-cdk-lib';
import type { SystemLogLevel } from 'aws-cdk-lib/aws-lambda';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { SettingsInput } from '../functions/settings/settings.ts';
import type { DeploymentSettingsInput } from './deployment-settings.ts';

/** The settings of a Doorcode stack. Only `appName` and `audience` have no default. */
export interface DoorcodeStackProps extends StackProps, SettingsInput, DeploymentSettingsInput {
  /** The name that the SMS gives: at most 30 GSM-7 characters, no URL, no run of four or more digits. */
  readonly appName: string;
  /** `aud` and `client_id` of every token: what the adopter's APIs expect. */
  readonly audience: string;
  /**
   * StartMessaging templates per purpose, and per platform where its text differs. A purpose that is not here does
   * not exist, and each has texts of its own, so that the SMS names what it approves. `locales` has the same once more
   * for languages (`hi`, `zh-Hant`, `pt-BR`): an app asks for one by `locale`, and gets the templates of `hi` for
   * `hi-IN`, and those without a locale where there are none.
   * @default - `sign-in` alone, with the provider's shared DLT-free template
   */
  readonly smsTemplates?: SettingsInput['smsTemplates'];
  /**
   * The approved texts of templates by their id, with `{otp}`, `{appName}` and `{expiry}` where the provider fills in
   * the values. They are only checked at synth: a text that costs more than `segments` SMS segments (1, unless you say
   * more) stops it. A segment has 160 characters of GSM-7, of which ^ { } \ [ ] ~ | € count twice, or 70 when a single
   * character is of another alphabet, as in every Hindi text; a segment of several has 153 or 67.
   * @default - none: nothing is known of the texts, and nothing of them is checked
   */
  readonly smsTexts?: DeploymentSettingsInput['smsTexts'];
  /**
   * SMS per number. The shortest is the pause before a resend; the provider itself stops at 3 in 5 minutes over all
   * its customers, so 2 leaves one for others.
   * @default - 1 in 30 s, 2 in 5 min, 3 in 10 min, 5 in 1 h, 10 in 24 h
   */
  readonly sendLimits?: SettingsInput['sendLimits'];
  /**
   * Guesses per number, across all its codes: this, not the code's length, is what a guesser meets.
   * @default - 5 in 10 min, 10 in 1 h, 20 in 24 h
   */
  readonly attemptLimits?: SettingsInput['attemptLimits'];
  /**
   * How long a code works: 60 to 600, in whole minutes, because the SMS states them.
   * @default 300 - carriers deliver late, and the guess budget bounds the risk, not the time
   */
  readonly codeLifetimeSeconds?: number;
  /**
   * SMS per IPv4 address in 10 minutes.
   * @default 200 - Indian carriers put thousands of phones behind one address
   */
  readonly sendsPerIpv4Address?: number;
  /**
   * SMS per IPv6 /64 in 10 minutes.
   * @default 20 - a /64 is one subscriber
   */
  readonly sendsPerIpv6Prefix?: number;
  /**
   * Distinct numbers per IPv6 /64 in 10 minutes. An IPv4 address has no such cap: a carrier's NAT would meet it.
   * @default 8 - a household's phones
   */
  readonly numbersPerIpv6Prefix?: number;
  /**
   * SMS per block of 1,000 consecutive numbers in 10 minutes: who walks through numbers one by one meets this.
   * @default - not counted; it costs one write more per request. 20 is generous for up to some million users
   */
  readonly sendsPerNumberBlock?: number;
  /**
   * Devices per number that are remembered after a sign-in, and get a lane of their own past everything that strangers
   * can spend. 0 remembers none.
   * @default 5 - the oldest is forgotten
   */
  readonly devicesPerNumber?: number;
  /**
   * SMS per UTC day over all numbers: the ceiling on the provider's bill.
   * @default 10,000 - Rs 2,500 a day at the provider's price
   */
  readonly sendsPerDay?: number;
  /**
   * SMS per full hour over all numbers: a flood costs an hour, not a day. At most `sendsPerDay`.
   * @default - an eighth of `sendsPerDay`, but no less than 100 unless the day has less
   */
  readonly sendsPerHour?: number;
  /**
   * Of both budgets, the part that strangers may use up to; the rest is for those who are better known.
   * @default 80
   */
  readonly strangersBudgetPercent?: number;
  /**
   * Of both budgets, the part that attested apps may use up to; the rest is for returning devices.
   * @default 90
   */
  readonly attestedBudgetPercent?: number;
  /**
   * Slows strangers' SMS down to one in `trickleSeconds` when, after `minSendsPerHour` sends to strangers in an hour,
   * less than `minVerifiedPercent` of a hundred of their codes were typed in. `observe` only tells.
   * @default - observe, 100, 30, 60: some weeks of your own traffic tell what `enforce` would do
   */
  readonly conversionBreaker?: SettingsInput['conversionBreaker'];
  /**
   * Lets one guess of strangers through in `trickleSeconds` once there were `wrongGuessesPerHour` wrong ones over all
   * numbers in an hour. `observe` only tells.
   * @default - observe, 1000, 10
   */
  readonly guessBreaker?: SettingsInput['guessBreaker'];
  /**
   * Your own sessions: for the `purposes` named, both calls need a bearer token of this issuer; the code works only
   * with the same `sub`, and the token carries it as `sub_id`, with the `context` of what is approved.
   * @default - none: no purpose needs a session
   */
  readonly session?: SettingsInput['session'];
  /**
   * App attestations (Firebase App Check, for instance): per platform the ids of your apps and a mode.
   * @default - none: no attestation is looked at
   */
  readonly attestation?: SettingsInput['attestation'];
  /**
   * The last day, such as `2027-01-31`, on which the test numbers of the controls work; a day that is over stops the
   * synth.
   * @default - none: there are no test numbers
   */
  readonly testNumbersUntil?: string;
  /**
   * How long an access token works.
   * @default 3600 - there are no refresh tokens, and a stolen one cannot be called back
   */
  readonly tokenLifetimeSeconds?: number;
  /**
   * Lifetimes of tokens for single purposes: an approval of one payment should live for minutes.
   * @default - `tokenLifetimeSeconds` for all
   */
  readonly tokenLifetimeSecondsByPurpose?: SettingsInput['tokenLifetimeSecondsByPurpose'];
  /**
   * Whether tokens carry `phone_number`. Without it the adopter's APIs know a user by `sub` alone.
   * @default true - an adopter whose users are keyed by number needs no second lookup
   */
  readonly phoneNumberClaim?: boolean;
  /**
   * A domain of your own, in lower case. It becomes the issuer of all tokens: changing it later signs everybody out.
   * @default - the API's own endpoint
   */
  readonly customDomainName?: string;
  /**
   * The ACM certificate of `customDomainName`, in the stack's region. Given together with it, or not at all.
   * @default - none
   */
  readonly certificateArn?: string;
  /**
   * Origins of web pages whose scripts may call the API, such as `https://app.example.com`. Apps need none.
   * @default - none: somebody else's page must not spend an SMS from a visitor's browser
   */
  readonly allowedOrigins?: DeploymentSettingsInput['allowedOrigins'];
  /**
   * The ARN of a role for emergencies, which the secrets' resource policies let through. Nobody else reads a secret
   * but the functions that need it, not even an administrator.
   * @default - none: in an emergency the policy of the secret is changed first
   */
  readonly breakGlassRoleArn?: string;
  /**
   * The ARN of the role that runs `npm run controls`. Then nobody else reads or changes the controls, which can turn
   * any number into a test number: not even an administrator. It must be a role of the stack's own account.
   * @default - none: whoever has the rights runs the command; the watch over CloudTrail tells of each use
   */
  readonly controlsRoleArn?: string;
  /**
   * The ARN of the role that CloudFormation works with (`cdk-…-cfn-exec-role-…` where `cdk bootstrap` made it), let
   * through for what its handler of a secret calls: UpdateSecret and GetSecretValue, and DeleteSecret. For whoever must
   * tag the stack itself, or detect drift; whoever may deploy can read and change every secret then.
   * @default - none: no release changes a secret resource, and tags of the stack are refused
   */
  readonly deploymentRoleArn?: string;
  /**
   * The ARNs of secrets that a stack before this one left behind: `identity`, `code`, `sms`, `signing`, `controls`. With
   * its identity secret users keep their `sub`. Name them as long as the stack lives.
   * @default - none: the stack makes its own
   */
  readonly existingSecrets?: DeploymentSettingsInput['existingSecrets'];
  /**
   * The ARN of a standard SNS topic, in the stack's region, that is told when an alarm goes off.
   * @default - none: the alarms turn red in CloudWatch, and tell nobody
   */
  readonly alarmTopicArn?: string;
  /**
   * The log group that a CloudTrail trail of this account and region writes to. Then an alarm says when anybody but
   * its functions reads, or tries to read, a secret.
   * @default - none: an adopter without such a trail has nothing to look at
   */
  readonly cloudTrailLogGroupName?: string;
  /**
   * Requests per second to `request-otp`, from all callers together, and the burst: a ceiling on cost.
   * @default 300 - an app's busiest minute fits, and a flood is paid for at this rate at most
   */
  readonly requestRatePerSecond?: number;
  /**
   * Requests per second to `verify-otp`, and the burst.
   * @default 1000 - guesses are refused cheaply, and a user who has a code must get through
   */
  readonly verifyRatePerSecond?: number;
  /**
   * Requests per second to each well-known route, and the burst.
   * @default 300 - every reader caches these for minutes
   */
  readonly wellKnownRatePerSecond?: number;
  /**
   * How long logs are kept: one of the periods that CloudWatch knows.
   * @default 400 - a year and a month, so that an incident can be compared with the same season
   */
  readonly logRetentionDays?: RetentionDays;
  /**
   * What Lambda itself writes to the functions' logs. `INFO` adds the lines `platform.initReport` and `platform.report`
   * of each invocation, which alone tell how long cold starts take and how much memory is used.
   * @default SystemLogLevel.WARN - three lines more an invocation cost more than they tell, except while one measures
   */
  readonly systemLogLevel?: SystemLogLevel.WARN | SystemLogLevel.INFO;
  /**
   * Executions kept for a function of the API, which are also its ceiling: one number for each of `requestOtp`,
   * `verifyOtp` and `wellKnown`, or a single number that each of them gets. A function needs, at worst, its rate × the
   * seconds that one execution takes: request-otp 300/s × 4.1 s = 1,230 while the provider hangs (its deadline is 4 s),
   * verify-otp 1000/s × 0.1 s = 100, well-known 600/s × 0.05 s = 30. An account has 1,000 unless AWS has raised it:
   * `{ requestOtp: 600 }` alone leaves the others 400, so that a provider that hangs does not stop whoever types a code.
   * AWS keeps 100 unreserved, so an account of less than 110 can reserve nothing: there lower `requestRatePerSecond` to
   * its quota / 4.1, which is 2 for a quota of 10, and ask AWS for more.
   * @default - none: a new account's quota refuses any reservation
   */
  readonly reservedConcurrency?: DeploymentSettingsInput['reservedConcurrency'];
  /**
   * What happens to the table and the logs with the stack. The secrets are always kept, but for those that a first
   * deployment made and rolled back.
   * @default RemovalPolicy.RETAIN - limits and evidence outlive a mistaken deletion
   */
  readonly removalPolicy?: RemovalPolicy.RETAIN | RemovalPolicy.DESTROY;
  /**
   * Days between signing keys.
   * @default 90 - bounds what a leaked key is good for; every reader follows by itself
   */
  readonly signingKeyRotationDays?: number;
  /**
   * Days between code secrets.
   * @default 30 - codes live for minutes, and nothing waits for a rotation
   */
  readonly codeSecretRotationDays?: number;
}
