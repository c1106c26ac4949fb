/**
 * The functions, each with its rights and the reasons for its memory and timeout. Read this page to find out who can read
 * the SMS key.
 *
 * Lambda gives CPU in proportion to memory, a full core at 1,769 MiB, so memory is chosen for CPU and not for heap:
 * a cold start is nearly all CPU, and so is a signature. With 512 MiB both take half as long as with 256 MiB, for about the
 * same price. The functions of the flow answer within 5 s by themselves. The sixth second is for the runtime.
 *
 * The file is long because it is a list: whoever reviews the rights compares the functions with each other.
 */
import type { Construct } from 'constructs';
import { budgetShards } from '../functions/limits/budget-shards.ts';
import { itemPrefixes, numberItemPrefixes, numberItems, openItems } from '../functions/limits/lane.ts';
import type { Settings } from '../functions/settings/settings.ts';
import type { DoorcodeTable } from './doorcode-table.ts';
import { LambdaFunction } from './lambda-function.ts';
import { items, logSearch, type Need, secretRotation, secretValue, setting } from './need.ts';
import type { Secrets } from './secrets.ts';
import type { DeploymentSettings } from './settings/deployment-settings.ts';

export interface FunctionsProps {
  readonly settings: Settings;
  readonly deployment: DeploymentSettings;
  readonly table: DoorcodeTable;
  readonly secrets: Secrets;
  /** The issuer of the tokens, without trailing slash. */
  readonly issuer: string;
}

/** The functions, by the names of their entries. */
export interface Functions {
  readonly requestOtp: LambdaFunction;
  readonly verifyOtp: LambdaFunction;
  readonly wellKnown: LambdaFunction;
  readonly rotateSigningKey: LambdaFunction;
  readonly rotateProviderKey: LambdaFunction;
  readonly rotateCodeSecret: LambdaFunction;
  readonly support: LambdaFunction;
  /** Undefined where sessions are off. */
  readonly sessions: SessionFunctions | undefined;
}

/** The functions that only a deployment with sessions has. */
interface SessionFunctions {
  readonly session: LambdaFunction;
  readonly rotateSessionSecret: LambdaFunction;
}

/** A number's items, one for each lane that the settings open. */
function laneItems(settings: Settings): readonly string[] {
  return openItems(settings).map((lane) => `${itemPrefixes[lane]}#*`);
}

/** The counters that request-otp writes besides. */
function counterItems({ sendsPerNumberBlock }: Settings): readonly string[] {
  return ['address#*', ...(sendsPerNumberBlock === undefined ? [] : ['block#*']), 'budget#*', 'provider'];
}

/** The counters that verify-otp writes besides: none, unless a breaker needs them. */
function guessItems({ conversionBreaker, guessBreaker }: Settings): readonly string[] {
  const isLearning = conversionBreaker.mode !== 'off' || guessBreaker.mode !== 'off';
  return [...(isLearning ? ['budget#*'] : []), ...(guessBreaker.mode === 'enforce' ? ['guess#*'] : [])];
}

/** The sessions of a number, and those of a test number. */
const sessionItems = `${numberItemPrefixes.sessions}#*`;

/**
 * What a function needs where the rates divide the day's budget: the number of shards, and a read of the day's items, to
 * learn how many it began with and what they say together.
 */
function budgetOf({ table, deployment }: FunctionsProps): readonly Need[] {
  const shards = budgetShards(deployment);
  if (shards === 1) return [];
  return [
    setting('BUDGET_SHARDS', String(shards)),
    items(table, { actions: ['dynamodb:GetItem'], keys: ['budget#*'] }),
  ];
}

/** The same number of executions for each function of the API. */
function everyone(
  executions: number,
): Exclude<DeploymentSettings['reservedConcurrency'], number | undefined> {
  return { requestOtp: executions, verifyOtp: executions, wellKnown: executions, session: executions };
}

/** Creates the functions in `stack`. */
export function createFunctions(stack: Construct, props: FunctionsProps): Functions {
  const { table, secrets, issuer, deployment } = props;
  const settings = setting('SETTINGS', JSON.stringify(props.settings));
  const { logRetentionDays: logRetention, systemLogLevel, removalPolicy } = deployment;
  const operations = { logRetention, systemLogLevel, removalPolicy };
  const ofTheApi = { ...operations, settings: props.settings };
  const { reservedConcurrency } = deployment;
  const reserved =
    typeof reservedConcurrency === 'number' ? everyone(reservedConcurrency) : reservedConcurrency;

  // Init reads an item that never exists, so that the first request finds an open connection to the table.
  const firstConnection = items(table, { actions: ['dynamodb:GetItem'], keys: ['init'] });

  const requestOtp = new LambdaFunction(stack, 'RequestOtp', {
    ...ofTheApi,
    entry: 'request-otp',
    reservedConcurrency: reserved?.requestOtp,
    description: 'POST /auth/request-otp: reserves a challenge and has the SMS sent.',
    memoryMib: 512,
    timeoutSeconds: 6,
    needs: [
      settings,
      items(table, {
        actions: ['dynamodb:UpdateItem'],
        keys: [...laneItems(props.settings), ...counterItems(props.settings)],
      }),
      // Only before it refuses a request with an idempotency key, to find a send that this key has already begun.
      items(table, { actions: ['dynamodb:GetItem'], keys: laneItems(props.settings) }),
      firstConnection,
      ...budgetOf(props),
      secretValue('IDENTITY_SECRET_ARN', secrets.identity),
      secretValue('CODE_SECRET_ARN', secrets.code),
      secretValue('SMS_SECRET_ARN', secrets.sms),
      secretValue('CONTROLS_SECRET_ARN', secrets.controls),
      setting('PROVIDER_URL', 'https://api.startmessaging.com'),
    ],
  });

  const verifyOtp = new LambdaFunction(stack, 'VerifyOtp', {
    ...ofTheApi,
    entry: 'verify-otp',
    reservedConcurrency: reserved?.verifyOtp,
    description: 'POST /auth/verify-otp: counts an attempt, compares, and signs a token.',
    memoryMib: 512,
    timeoutSeconds: 6,
    needs: [
      settings,
      items(table, {
        actions: ['dynamodb:UpdateItem'],
        keys: [...laneItems(props.settings), ...guessItems(props.settings)],
      }),
      firstConnection,
      ...(guessItems(props.settings).length > 0 ? budgetOf(props) : []),
      secretValue('IDENTITY_SECRET_ARN', secrets.identity),
      secretValue('CODE_SECRET_ARN', secrets.code),
      secretValue('SIGNING_SECRET_ARN', secrets.signing),
      setting('ISSUER', issuer),
      // The start of a session, at a win.
      ...(secrets.session === undefined
        ? []
        : [
            items(table, { actions: ['dynamodb:UpdateItem'], keys: [sessionItems] }),
            secretValue('SESSION_SECRET_ARN', secrets.session),
          ]),
    ],
  });

  const wellKnown = new LambdaFunction(stack, 'WellKnown', {
    ...ofTheApi,
    entry: 'well-known',
    reservedConcurrency: reserved?.wellKnown,
    description: 'Discovery and JWKS, from the public copy in the table.',
    // API Gateway's authorizer waits 1.5 s for an answer, cold starts included.
    memoryMib: 512,
    timeoutSeconds: 3,
    needs: [items(table, { actions: ['dynamodb:GetItem'], keys: ['jwks'] }), setting('ISSUER', issuer)],
  });

  // No reserved concurrency: Secrets Manager runs them a few times a year, and other functions need the executions.
  const ofRotation = { ...operations, settings: props.settings, reservedConcurrency: undefined };

  const rotateSigningKey = new LambdaFunction(stack, 'RotateSigningKey', {
    ...ofRotation,
    entry: 'rotate-signing-key',
    description: 'Makes the next signing key; run by Secrets Manager alone.',
    // An RSA-3072 key takes up to 0.7 s of a full core, and far longer of a fraction.
    memoryMib: 1769,
    timeoutSeconds: 60,
    needs: [
      settings,
      items(table, { actions: ['dynamodb:GetItem', 'dynamodb:PutItem'], keys: ['jwks'] }),
      secretRotation('SIGNING_SECRET_ARN', secrets.signing),
    ],
  });

  const rotateProviderKey = new LambdaFunction(stack, 'RotateProviderKey', {
    ...ofRotation,
    entry: 'rotate-provider-key',
    description: 'Tries the next StartMessaging key and makes it current; run by Secrets Manager.',
    memoryMib: 256,
    // The provider has 4 s to answer. The rest is for a slow Secrets Manager: a step that Lambda kills could not remove
    // its label.
    timeoutSeconds: 30,
    needs: [
      secretRotation('SMS_SECRET_ARN', secrets.sms),
      setting('PROVIDER_URL', 'https://api.startmessaging.com'),
    ],
  });

  const rotateCodeSecret = new LambdaFunction(stack, 'RotateCodeSecret', {
    ...ofRotation,
    entry: 'rotate-code-secret',
    description: 'Makes the next code secret; run by Secrets Manager alone.',
    memoryMib: 256,
    timeoutSeconds: 30,
    needs: [secretRotation('CODE_SECRET_ARN', secrets.code)],
  });

  const sessions = secrets.session && {
    session: new LambdaFunction(stack, 'Session', {
      ...ofTheApi,
      entry: 'session',
      reservedConcurrency: reserved?.session,
      description: 'POST /auth/token, /auth/revoke and /auth/sessions: refreshes, ends and lists sessions.',
      memoryMib: 512,
      timeoutSeconds: 6,
      needs: [
        settings,
        // It reads the item to list the sessions of a number, and to end some of them.
        items(table, { actions: ['dynamodb:UpdateItem', 'dynamodb:GetItem'], keys: [sessionItems] }),
        firstConnection,
        secretValue('IDENTITY_SECRET_ARN', secrets.identity),
        secretValue('SESSION_SECRET_ARN', secrets.session),
        secretValue('SIGNING_SECRET_ARN', secrets.signing),
        secretValue('CONTROLS_SECRET_ARN', secrets.controls),
        setting('ISSUER', issuer),
      ],
    }),
    rotateSessionSecret: new LambdaFunction(stack, 'RotateSessionSecret', {
      ...ofRotation,
      entry: 'rotate-session-secret',
      description: 'Makes the next session secret; run by Secrets Manager alone.',
      memoryMib: 256,
      timeoutSeconds: 30,
      // The settings say how long a session may be idle, and the secret must outlive that.
      needs: [settings, secretRotation('SESSION_SECRET_ARN', secrets.session)],
    }),
  };

  const support = new LambdaFunction(stack, 'Support', {
    ...ofRotation,
    entry: 'support',
    description:
      'Answers npm run support: why a user got no SMS, and forget. People invoke it; it has no route.',
    memoryMib: 512,
    // An answer comes within 9 s. The rest is for a cold start.
    timeoutSeconds: 15,
    needs: [
      settings,
      // Every item that a number can have, also those of lanes that the settings have closed since.
      items(table, {
        actions: ['dynamodb:GetItem', 'dynamodb:DeleteItem'],
        keys: [
          ...new Set(
            numberItems(props.settings).map((item) => `${numberItemPrefixes[item].split('#')[0]}#*`),
          ),
        ],
      }),
      logSearch(
        [requestOtp, verifyOtp, ...(sessions ? [sessions.session] : [])].map(({ logGroup }) => logGroup),
      ),
      setting('LOG_RETENTION_DAYS', String(logRetention)),
      secretValue('IDENTITY_SECRET_ARN', secrets.identity),
      secretValue('SMS_SECRET_ARN', secrets.sms),
      setting('PROVIDER_URL', 'https://api.startmessaging.com'),
    ],
  });

  return {
    requestOtp,
    verifyOtp,
    wellKnown,
    rotateSigningKey,
    rotateProviderKey,
    rotateCodeSecret,
    support,
    sessions,
  };
}
