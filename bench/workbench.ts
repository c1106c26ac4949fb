/**
 * Where the figures are taken: the local stack with its limits raised by ordinary settings, and beside it a Secrets
 * Manager and a provider without rules, for processes that are measured alone. What runs in a process of its own is
 * measured by that process; the servers around it do not count.
 */
import { createServer, type Server } from 'node:http';
import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { sendError } from '../local/aws/aws-answer.ts';
import { AwsError } from '../local/aws/aws-error.ts';
import { listen } from '../local/listen.ts';
import { type LocalStack, startLocalStack } from '../local/local-stack.ts';
import { distanceMs, openDistance } from './distant.ts';

/** Settings without any limit but those per number, so that a load can come from one address. */
export const roomyLimits = {
  sendsPerIpv4Address: 1_000_000,
  sendsPerIpv6Prefix: 1_000_000,
  sendsPerDay: 100_000_000,
  sendsPerHour: 100_000_000,
} as const;

/** The same, at the highest rates that there are. */
export const roomySettings = {
  ...roomyLimits,
  requestRatePerSecond: 10_000,
  verifyRatePerSecond: 10_000,
} as const;

/** Settings with every optional feature off. The goals are about this flow, and the peers do the same work. */
export const withoutExtras = {
  ...roomyLimits,
  devicesPerNumber: 0,
  conversionBreaker: { mode: 'off' },
  guessBreaker: { mode: 'off' },
} as const;

/** The fake provider's account never runs out and never throttles. */
export const roomyProvider = { balance: 1e9, requestsPerThrottleWindow: 1e6 } as const;

/** The servers of a bench, as far away as they are for a function (`far`), or next door (`near`). Both over TLS. */
interface Servers {
  /** The environment of a function by its name. */
  environmentOf(name: string): Readonly<Record<string, string>>;
  /** The environment of a peer: AWS at the same table server, and the provider. */
  readonly peerEnvironment: Readonly<Record<string, string>>;
}

export interface Workbench {
  readonly stack: LocalStack;
  readonly near: Servers;
  readonly far: Servers;
  /** What the servers next door got since the last time: the writes to the table, and the SMS. */
  takeRecorded(): { readonly writes: readonly string[]; readonly sms: readonly string[] };
  /** The codes of the SMS since the last time, by number. */
  takeCodes(): ReadonlyMap<string, string>;
  stop(): Promise<void>;
}

/** Starts it all. */
export async function startWorkbench(): Promise<Workbench> {
  const stack = await startLocalStack({ settings: withoutExtras });
  stack.provider.control(roomyProvider);
  const codes = new Map<string, string>();
  const provider = plainProvider((number, code) => codes.set(number, code));
  const secrets = plainSecrets(stack);
  const providerUrl = `http://127.0.0.1:${await listen(provider, { port: 0 })}`;
  const secretsUrl = `http://127.0.0.1:${await listen(secrets, { port: 0 })}`;
  const { region } = stack.deployment;
  const credentials = { accessKeyId: 'bench', secretAccessKey: 'bench' };
  const client = new DynamoDBClient({ endpoint: stack.tableUrl, region, credentials });
  /** Creates a peer's table with the key `pk`; `index` is indexed by the attribute `lookup`. */
  const createTable = async (name: string, index?: string): Promise<void> => {
    const attribute = (AttributeName: string) => ({ AttributeName, AttributeType: 'S' as const });
    const key = (AttributeName: string) => [{ AttributeName, KeyType: 'HASH' as const }];
    const indexes = index && [
      { IndexName: index, KeySchema: key('lookup'), Projection: { ProjectionType: 'ALL' as const } },
    ];
    await client.send(
      new CreateTableCommand({
        TableName: name,
        KeySchema: key('pk'),
        AttributeDefinitions: [attribute('pk'), ...(indexes ? [attribute('lookup')] : [])],
        BillingMode: 'PAY_PER_REQUEST',
        ...(indexes && { GlobalSecondaryIndexes: indexes }),
      }),
    );
  };
  await createTable('tutorial');
  await createTable('better-auth', 'byLookup');
  const distance = openDistance();
  const recorded = { writes: [] as string[], sms: [] as string[] };
  const smsSecret = stack.deployment.functions
    .map(({ environment }) => environment['SMS_SECRET_ARN'])
    .find((arn) => arn !== undefined);
  const serversAt = async (delays: typeof distanceMs | undefined): Promise<Servers> => {
    const keep = (list: string[]) => (delays === undefined ? (body: string) => list.push(body) : undefined);
    const peerEnvironment = {
      PATH: process.env['PATH'] ?? '',
      ...distance.trust,
      AWS_REGION: region,
      AWS_ACCESS_KEY_ID: credentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
      AWS_SESSION_TOKEN: 'bench',
      AWS_ENDPOINT_URL_DYNAMODB: await distance.front(
        stack.tableUrl,
        delays?.table ?? 0,
        keep(recorded.writes),
      ),
      AWS_ENDPOINT_URL_SECRETS_MANAGER: await distance.front(secretsUrl, delays?.secrets ?? 0),
      PROVIDER_URL: await distance.front(providerUrl, delays?.provider ?? 0, keep(recorded.sms)),
      SMS_SECRET_ARN: smsSecret ?? '',
    };
    return {
      environmentOf: (name) => {
        const deployed = stack.deployment.functions.find((f) => f.name === name);
        if (deployed === undefined) throw new Error(`no function ${name}`);
        return { ...deployed.environment, ...peerEnvironment };
      },
      peerEnvironment,
    };
  };
  return {
    stack,
    near: await serversAt(undefined),
    far: await serversAt(distanceMs),
    takeRecorded: () => ({ writes: recorded.writes.splice(0), sms: recorded.sms.splice(0) }),
    takeCodes: () => {
      const taken = new Map(codes);
      codes.clear();
      return taken;
    },
    stop: async () => {
      client.destroy();
      distance.stop();
      for (const server of [provider, secrets]) {
        server.closeAllConnections();
        server.close();
      }
      await stack.stop();
    },
  };
}

/** Serves the stack's secrets to every caller. */
function plainSecrets({ secretsManager }: LocalStack): Server {
  return createServer(async (request, response) => {
    const body = await bodyOf(request);
    const action = String(request.headers['x-amz-target']).split('.').at(-1) ?? '';
    try {
      const answer = await secretsManager.call(action, JSON.parse(body));
      response.writeHead(200, { 'content-type': 'application/x-amz-json-1.1' }).end(JSON.stringify(answer));
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      sendError(response, error);
    }
  });
}

/** A provider that accepts every SMS at once. */
function plainProvider(onSend: (number: string, code: string) => void): Server {
  return createServer(async (request, response) => {
    const { phoneNumber, variables } = JSON.parse(await bodyOf(request));
    onSend(phoneNumber, variables.otp);
    const data = { otpRequestId: 'bench', messageId: 'bench', status: 'sent' };
    const answer = JSON.stringify({ success: true, statusCode: 201, requestId: 'bench', data });
    response.writeHead(201, { 'content-type': 'application/json' }).end(answer);
  });
}

async function bodyOf(request: NodeJS.ReadableStream): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString('utf8');
}
