/**
 * The local stack runs on this machine what the template would deploy. The functions get the template's environment and
 * rights. The stack only fills in intrinsics, endpoints, credentials and the provider's URL.
 *
 * Its first start does what a deployment and the security team do. It creates the table and the secrets, runs the real
 * rotation function for the first signing key, and draws a provider key.
 *
 * It is long because it is one sequence: each part starts with the addresses of those before, and stops in reverse order.
 */
import { appendFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DoorcodeStackProps } from '../lib/doorcode-stack-props.ts';
import type { Alter } from './account/account.ts';
import type { LogLine, PutMetric } from './account/account-state.ts';
import { type Credentials, makeCredentials } from './aws/access-keys.ts';
import { AwsError } from './aws/aws-error.ts';
import { createAwsEndpoint } from './aws/endpoint.ts';
import { createGate, type Gate } from './aws/gate.ts';
import type { Statement } from './aws/iam.ts';
import type { Caller } from './aws/identify.ts';
import { type AwsCall, createFaults, type Faults } from './aws/injected-faults.ts';
import { createLambdaEndpoint } from './aws/lambda-endpoint.ts';
import { openSecretsManager, type SecretsManager } from './aws/secrets-manager.ts';
import { lockData } from './data-lock.ts';
import type { Deployment } from './deployed.ts';
import { account } from './deployed-names.ts';
import { deploySecrets } from './first-start.ts';
import { environmentOf } from './function-environment.ts';
import { accessLogLine } from './gateway/access-log-line.ts';
import { type AccessRecord, createGateway } from './gateway/gateway.ts';
import { close, listen, openFront } from './listen.ts';
import { announce, operator, operatorKeyId } from './running.ts';
import { refusedSecretUpdates } from './secret-updates.ts';
import { type FakeProvider, startFakeProvider } from './startmessaging/fake-provider.ts';
import { type Change, synthesiser } from './synthesiser.ts';
import { createTable, startTableServer } from './table-server.ts';
import { openFunctionHost } from './workers/function-host.ts';
import type { FunctionPool } from './workers/function-pool.ts';

export interface LocalStackOptions {
  /** Settings of the stack, over the defaults. */
  readonly settings?: Partial<DoorcodeStackProps>;
  /** Where data and logs live; without one a temporary directory, removed at the end. */
  readonly directory?: string;
  /** 0, the default, takes free ports. */
  readonly apiPort?: number;
  readonly providerPort?: number;
  /** An address of this machine in its network, at which phones reach the API. */
  readonly lanAddress?: string | undefined;
  /** Processes of each function. */
  readonly workers?: number;
  /** How many of them start at once; the others start when they are needed. */
  readonly prestart?: number;
  /** Changes the template of the first deployment, so that a test can leave something out. */
  readonly alter?: Change['alter'];
  /** What synthesises the first deployment, such as the package of a release; by default this checkout does. */
  readonly synthesise?: Change['synthesise'];
  /** False leaves the SMS secret empty, as after a deployment and before the security team stores a key. */
  readonly storesProviderKey?: boolean;
  readonly onProgress?: (step: string) => void;
  readonly onAccess?: (record: AccessRecord) => void;
}

export interface LocalStack {
  readonly apiUrl: string;
  /** The same API over IPv6; undefined on a machine without it. */
  readonly apiUrlIpv6: string | undefined;
  /** The same API for phones on the same network; undefined without an address of that network. */
  readonly apiUrlLan: string | undefined;
  /** The endpoints that stand for AWS. They require signatures of this run's credentials. */
  readonly awsUrl: string;
  readonly lambdaUrl: string;
  readonly provider: FakeProvider;
  /** The table server itself, which bypasses rights and faults. */
  readonly tableUrl: string;
  /** What is deployed now. */
  readonly deployment: Deployment;
  readonly secretsManager: SecretsManager;
  readonly faults: Faults;
  readonly gate: Gate;
  /** Every call that reached the table or the secrets, oldest first. */
  readonly awsCalls: AwsCall[];
  /** Every line that the functions wrote. */
  readonly logLines: LogLine[];
  /** Every line of the gateway's access log, as AWS writes it. */
  readonly accessLines: readonly { readonly line: string; readonly atMs: number }[];
  /** Lets in a person with these rights, until the stack stops. */
  admit(statements: readonly Statement[]): Credentials;
  /** Changes what AWS answers about the deployment; without `change` the answers are true again. */
  alterAnswers(change?: Alter): void;
  /** The processes of a function, by its name. */
  pool(name: string): FunctionPool;
  /** Sets how far the clock of Secrets Manager is ahead: by it a new version has its date. */
  shiftSecretsClock(seconds: number): void;
  /** Runs once each function that EventBridge runs on a schedule; throws when one fails. */
  runSchedules(): Promise<void>;
  /**
   * Deploys the stack again, with other settings or an altered template; all processes are new then. Rejects, and
   * changes nothing, where CloudFormation could not update a secret.
   */
  update(change?: Change): Promise<void>;
  /** Changes the rights in the template, and nothing else: the processes stay, as they do when IAM changes. */
  changeRights(alter?: Change['alter']): void;
  /**
   * Deletes the stack and stops: the secrets stay in the directory, without rotations and guards, as its template says;
   * the table, which stays as well in an account, goes.
   */
  destroy(): Promise<void>;
  stop(): Promise<void>;
}

/** Starts everything and waits until it can be used. */
export async function startLocalStack(options: LocalStackOptions = {}): Promise<LocalStack> {
  const { onProgress = () => undefined, workers = 4, prestart = 1, storesProviderKey = true } = options;
  const directory = options.directory ?? mkdtempSync(join(tmpdir(), 'doorcode-'));
  mkdirSync(join(directory, 'logs'), { recursive: true });
  let isStopped = false;
  const log = (name: string, line: string): void => {
    // The last words of a process may come when its stack is gone already.
    if (!isStopped) appendFileSync(join(directory, 'logs', `${name}.log`), `${line}\n`);
  };
  const undo: (() => Promise<void>)[] = [];
  const stop = async (): Promise<void> => {
    for (const step of undo.splice(0).reverse()) await step();
    isStopped = true;
    if (options.directory === undefined) rmSync(directory, { recursive: true, force: true });
  };
  try {
    undo.push(await lockData(directory));

    // The API listens first: its address is the issuer.
    const front = await openFront({
      port: options.apiPort ?? 0,
      option: '--port',
      lanAddress: options.lanAddress,
    });
    const apiUrl = front.url;
    undo.push(() => front.close());

    onProgress('synthesising the stack');
    const synthesise = synthesiser({ directory, apiUrl, settings: options.settings ?? {} });
    let deployment = synthesise({ alter: options.alter, synthesise: options.synthesise });

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
    const logLines: LogLine[] = [];
    const accessLines: { line: string; atMs: number }[] = [];
    const putMetrics: PutMetric[] = [];
    const people = new Map<string, Caller>();
    let lastCallMs = 0;
    let alter: Alter = (_, answer) => answer;
    const faults = createFaults();
    const gate = createGate();
    const credentialsOf = makeCredentials();
    const host = openFunctionHost({
      environmentOf: (deployed) =>
        environmentOf(deployed, {
          region: deployment.region,
          awsUrl,
          providerUrl: provider.url,
          credentialsOf,
        }),
      maxWorkers: workers,
      onLine: ({ name }, line) => {
        logLines.push({ function: name, line, atMs: Date.now() });
        log(name, line);
      },
    });
    let secretsAheadSeconds = 0;
    const secretsManager = openSecretsManager(join(directory, 'secrets.json'), {
      // Secrets Manager's times have fractions of a second.
      now: () => Date.now() / 1000 + secretsAheadSeconds,
      invoke: async ({ functionArn, secretArn }, event) => {
        const invoker = {
          functionArn,
          principal: 'secretsmanager.amazonaws.com',
          sourceArn: secretArn,
        } as const;
        const invocation = await host.invoke(invoker, event);
        if (invocation.tag === 'result') return;
        const why = invocation.tag === 'error' ? invocation.errorMessage : invocation.tag;
        throw new AwsError('InvalidRequestException', `The rotation function failed: ${why}`);
      },
    });
    const identities = {
      caller: (id: string) => (id === operatorKeyId ? operator : (people.get(id) ?? host.caller(id))),
      credentialsOf,
      region: deployment.region,
    };
    const lambda = {
      ...identities,
      isFunction: (arn: string) => deployment.functions.some((deployed) => deployed.arn === arn),
      invoke: host.invokeByHand,
    };
    let deployedAt = Math.floor(Date.now() / 1000);
    const awsServer = createAwsEndpoint({
      ...identities,
      lambda,
      account: () => {
        const state = { deployment, deployedAt, apiUrl, logLines, accessLines, putMetrics, lastCallMs };
        lastCallMs = Date.now();
        return { state, alter };
      },
      secretsManager,
      policyOf: (arn) =>
        deployment.secretPolicies.find(({ secretArn }) => secretArn === arn)?.statements ?? [],
      tableArn: deployment.table.arn,
      tableUrl: table.url,
      faults,
      gate,
      onCall: (call) => awsCalls.push(call),
    });
    const awsUrl = `http://127.0.0.1:${await listen(awsServer, { port: 0 })}`;
    undo.push(() => {
      awsServer.closeAllConnections();
      return close(awsServer);
    });
    undo.push(() => host.stop());
    const lambdaServer = createLambdaEndpoint(lambda);
    const lambdaUrl = `http://127.0.0.1:${await listen(lambdaServer, { port: 0 })}`;
    undo.push(() => {
      lambdaServer.closeAllConnections();
      return close(lambdaServer);
    });

    const deploy = async (): Promise<void> => {
      await host.deploy(deployment);
      await deploySecrets(deployment, { secretsManager, provider, storesProviderKey, onProgress });
      const ofRoutes = deployment.functions.filter(({ arn }) =>
        deployment.routes.some(({ functionArn }) => functionArn === arn),
      );
      await Promise.all(ofRoutes.map(({ name }) => host.pool(name).prestart(prestart)));
      front.handle(
        createGateway({
          routes: deployment.routes,
          cors: deployment.cors,
          invoke: ({ functionArn, arn: sourceArn }, event) =>
            host.invoke({ functionArn, principal: 'apigateway.amazonaws.com', sourceArn }, event),
          onAccess: (record) => {
            const line = accessLogLine(deployment.accessLogFormat, record);
            accessLines.push({ line, atMs: Date.now() });
            log('access', line);
            options.onAccess?.(record);
          },
        }),
      );
    };
    const reached = {
      apiUrl,
      awsUrl,
      lambdaUrl,
      providerUrl: provider.url,
      credentials: credentialsOf(operatorKeyId),
    };
    await deploy();
    undo.push(announce(directory, deployment, reached));
    return {
      apiUrl,
      apiUrlIpv6: front.urlIpv6,
      apiUrlLan: front.lanUrl,
      awsUrl,
      lambdaUrl,
      provider,
      tableUrl: table.url,
      get deployment() {
        return deployment;
      },
      secretsManager,
      faults,
      gate,
      awsCalls,
      logLines,
      accessLines,
      pool: host.pool,
      admit: (statements) => {
        const name = `person-${people.size}`;
        const arn = `arn:aws:iam::${account}:user/${name}`;
        const id = `LOCALperson${people.size}`;
        people.set(id, { name, arn, roleArn: arn, statements });
        return credentialsOf(id);
      },
      alterAnswers: (change) => {
        alter = change ?? ((_, answer) => answer);
      },
      shiftSecretsClock: (seconds) => {
        secretsAheadSeconds = seconds;
      },
      runSchedules: async () => {
        for (const { arn: sourceArn, functionArn, event } of deployment.schedules) {
          const invoker = { functionArn, principal: 'events.amazonaws.com', sourceArn } as const;
          const { tag } = await host.invoke(invoker, event);
          if (tag !== 'result') throw new Error(`the schedule ${sourceArn} failed: ${tag}`);
        }
      },
      update: async (change) => {
        const next = synthesise(change);
        const refused = refusedSecretUpdates(deployment, next);
        if (refused.length > 0) throw new Error(`UPDATE_FAILED: ${refused.join('; ')}`);
        deployment = next;
        deployedAt = Math.floor(Date.now() / 1000);
        await deploy();
        announce(directory, deployment, reached);
      },
      changeRights: (change) => {
        deployment = synthesise({ alter: change });
        host.changeRights(deployment);
      },
      destroy: async () => {
        secretsManager.deploy(deployment.secrets, new Map());
        await stop();
        for (const end of ['', '-shm', '-wal']) rmSync(join(directory, `table.db${end}`), { force: true });
      },
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}
