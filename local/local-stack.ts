/**
 * The local stack: what the template would deploy, running on this machine. The functions get the template's
 * environment and rights; only intrinsics, endpoints, credentials and the provider's URL are filled in.
 *
 * Its first start does what a deployment and the security team would: table, secrets, the first signing key by the
 * real rotation function, and a provider key made at run time.
 */
import { appendFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DoorcodeStackProps } from '../lib/doorcode-stack-props.ts';
import { synthesiseForThisMachine } from '../lib/synthesise.ts';
import { createAwsEndpoint } from './aws/endpoint.ts';
import { type AwsCall, createFaults, type Faults } from './aws/faults.ts';
import { openSecretsManager, type SecretsManager } from './aws/secrets-manager.ts';
import { lockData } from './data-lock.ts';
import { type Deployment, readDeployment } from './deployment.ts';
import { deploySecrets } from './first-start.ts';
import { accessKeyIdOf, environmentOf } from './function-environment.ts';
import { accessLogLine } from './gateway/access-log.ts';
import { type AccessRecord, createGateway } from './gateway/gateway.ts';
import { close, listen } from './listen.ts';
import { type FakeProvider, startFakeProvider } from './startmessaging/start.ts';
import { createTable, startTableServer } from './table-server.ts';
import { type FunctionPool, openFunctionPool } from './workers/function-pool.ts';

export interface LocalStackOptions {
  /** Settings of the stack, over the defaults. */
  readonly settings?: Partial<DoorcodeStackProps>;
  /** Where data and logs live; without one a temporary directory, removed at the end. */
  readonly directory?: string;
  /** 0, the default, takes free ports. */
  readonly apiPort?: number;
  readonly providerPort?: number;
  /** Processes of each function. */
  readonly workers?: number;
  /** How many of them start at once; the others start when they are needed. */
  readonly prestart?: number;
  readonly onProgress?: (step: string) => void;
  readonly onAccess?: (record: AccessRecord) => void;
}

export interface LocalStack {
  readonly apiUrl: string;
  readonly provider: FakeProvider;
  /** The table server itself, without rights or faults in front. */
  readonly tableUrl: string;
  readonly deployment: Deployment;
  readonly secretsManager: SecretsManager;
  readonly faults: Faults;
  /** Every call that reached the table or the secrets, oldest first. */
  readonly awsCalls: AwsCall[];
  /** Every line that the functions wrote. */
  readonly logLines: { readonly function: string; readonly line: string }[];
  /** The processes of a function, by its name. */
  pool(name: string): FunctionPool;
  stop(): Promise<void>;
}

/** Starts everything and waits until it can be used. */
export async function startLocalStack(options: LocalStackOptions = {}): Promise<LocalStack> {
  const { onProgress = () => undefined, workers = 4, prestart = 1 } = options;
  const directory = options.directory ?? mkdtempSync(join(tmpdir(), 'doorcode-'));
  mkdirSync(join(directory, 'logs'), { recursive: true });
  const undo: (() => Promise<void>)[] = [];
  const stop = async (): Promise<void> => {
    for (const step of undo.splice(0).reverse()) await step();
    if (options.directory === undefined) rmSync(directory, { recursive: true, force: true });
  };
  try {
    undo.push(await lockData(directory));

    // The API listens first: its address is the issuer.
    const apiServer = createServer();
    const apiUrl = `http://127.0.0.1:${await listen(apiServer, options.apiPort ?? 0, '--port')}`;
    undo.push(() => close(apiServer));

    onProgress('synthesising the stack');
    const props = {
      appName: 'Doorcode',
      audience: 'doorcode-app',
      env: { region: 'ap-south-1' },
      ...options.settings,
    };
    const assembly = synthesiseForThisMachine({
      outdir: join(directory, 'cdk.out'),
      stacks: { Doorcode: props },
    });
    const deployment = readDeployment(assembly, apiUrl);

    onProgress('starting the table');
    const table = await startTableServer(join(directory, 'table.db'));
    undo.push(() => table.stop());
    await createTable(table.url, deployment);

    const provider = await startFakeProvider({
      port: options.providerPort ?? 0,
      stateFile: join(directory, 'provider.json'),
    });
    undo.push(() => provider.stop());

    const awsCalls: AwsCall[] = [];
    const logLines: { function: string; line: string }[] = [];
    const faults = createFaults();
    const pools = new Map<string, FunctionPool>();
    const byArn = new Map(deployment.functions.map((deployed) => [deployed.arn, deployed] as const));
    const poolOf = (arn: string): FunctionPool => {
      const pool = pools.get(byArn.get(arn)?.name ?? '');
      if (pool === undefined) throw new Error(`no function ${arn}`);
      return pool;
    };
    const secretsManager = openSecretsManager(join(directory, 'secrets.json'), {
      now: () => Math.floor(Date.now() / 1000),
      invoke: async (functionArn, event) => {
        const invocation = await poolOf(functionArn).invoke(event);
        if (invocation.tag !== 'result')
          throw new Error(`the rotation function failed: ${JSON.stringify(invocation)}`);
      },
    });

    const callers = new Map(deployment.functions.map((f) => [accessKeyIdOf(f), f] as const));
    const awsServer = createAwsEndpoint({
      callers,
      secretsManager,
      tableArn: deployment.table.arn,
      tableUrl: table.url,
      faults,
      onCall: (call) => awsCalls.push(call),
    });
    const awsUrl = `http://127.0.0.1:${await listen(awsServer, 0)}`;
    undo.push(() => {
      awsServer.closeAllConnections();
      return close(awsServer);
    });

    for (const deployed of deployment.functions) {
      const pool = openFunctionPool(deployed, {
        environment: environmentOf(deployed, {
          region: deployment.region,
          awsUrl,
          providerUrl: provider.url,
        }),
        maxWorkers: workers,
        onLine: (line) => {
          logLines.push({ function: deployed.name, line });
          appendFileSync(join(directory, 'logs', `${deployed.name}.log`), `${line}\n`);
        },
      });
      pools.set(deployed.name, pool);
      undo.push(() => pool.stop());
    }

    await deploySecrets(deployment, { secretsManager, provider, onProgress });
    for (const { functionArn } of deployment.routes) poolOf(functionArn).prestart(prestart);

    apiServer.on(
      'request',
      createGateway({
        routes: deployment.routes,
        invoke: (functionArn, event) => poolOf(functionArn).invoke(event),
        onAccess: (record) => {
          appendFileSync(
            join(directory, 'logs', 'access.log'),
            `${accessLogLine(deployment.accessLogFormat, record)}\n`,
          );
          options.onAccess?.(record);
        },
      }),
    );
    const pool = (name: string): FunctionPool => {
      const found = pools.get(name);
      if (found === undefined)
        throw new Error(`no function ${name}; there are ${[...pools.keys()].join(', ')}`);
      return found;
    };
    return {
      apiUrl,
      provider,
      tableUrl: table.url,
      deployment,
      secretsManager,
      faults,
      awsCalls,
      logLines,
      pool,
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}
