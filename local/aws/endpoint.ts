/**
 * The AWS endpoint of the local stack: one loopback server in front of the table server and the secrets. It recognises a
 * function by its signature, allows what that function's role allows, and refuses the rest as AWS does. It refuses web
 * pages, and every caller without credentials of this run. It is long because every service of AWS is behind this one address.
 */
import { request as forward, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { type Asking, answerAccountCall } from '../account/account.ts';
import { writeError } from '../account/account-answer.ts';
import { readAccountCall } from '../account/account-call.ts';
import { describeSecret, describeTable, withRotation } from '../account/stores.ts';
import { createGuardedServer } from '../listeners/guarded-server.ts';
import { ownProcesses } from '../listeners/may-ask.ts';
import { parsedJson, readBody } from '../listeners/read-body.ts';
import { type AwsAnswer, fail, pass, refuseAsAws, sendError, spoil } from './aws-answer.ts';
import { AwsError } from './aws-error.ts';
import type { Gate } from './gate.ts';
import { type Ask, isAllowed, isDenied, type Statement } from './iam.ts';
import { type Caller, type Identities, identify } from './identify.ts';
import { type AwsCall, type Faults, isInstead } from './injected-faults.ts';
import { answerInvocation, type LambdaEndpointOptions } from './lambda-endpoint.ts';
import { readCall, targetOf } from './read-call.ts';
import type { SecretsManager } from './secrets-manager.ts';
import { claimOf } from './signature.ts';

/** The server closes an idle connection after this time, even while the worker is frozen and cannot notice. */
const idleMs = 5_000;

export interface AwsEndpointOptions extends Identities {
  readonly region: string;
  readonly secretsManager: SecretsManager;
  /** The resource policy of a secret, by its ARN. */
  readonly policyOf: (secretArn: string) => readonly Statement[];
  readonly tableArn: string;
  /** The table server. */
  readonly tableUrl: string;
  readonly faults: Faults;
  readonly gate: Gate;
  /** The services that describe the deployment. */
  readonly account: () => Pick<Asking, 'state' | 'alter'>;
  /** Invokes functions by hand, as the Lambda endpoint does. */
  readonly lambda: LambdaEndpointOptions;
  /** Called with every call that the role allows and that no fault stops, before the service carries it out. */
  readonly onCall: (call: AwsCall) => void;
}

/** Longer than the timeout of any caller's single try. */
const lateMs = 1_000;

/** An item has at most 400 KB and a secret 64 KB. The remainder leaves room for names. */
const maxBodyBytes = 1024 * 1024;

interface Request {
  readonly incoming: IncomingMessage;
  readonly url: URL;
  readonly body: Buffer;
}

/** Creates the server; it does not listen yet. */
export function createAwsEndpoint(options: AwsEndpointOptions): Server {
  const listener: Parameters<typeof createGuardedServer>[0] = {
    name: 'AWS endpoint',
    mayAsk: ownProcesses,
    refuse: refuseAsAws,
    answer: async (incoming, response, url) => {
      // AWS sends this header without a timeout, so a client learns of the end of an idle connection only when it ends.
      response.setHeader('connection', 'keep-alive');
      try {
        const body = await readBody(incoming, maxBodyBytes);
        if (body === undefined) throw new AwsError('RequestEntityTooLargeException', '', 413);
        await answer(options, { incoming, url, body }, response);
      } catch (error) {
        if (!(error instanceof AwsError)) throw error;
        sendError(response, error);
      }
    },
  };
  return createGuardedServer(listener, { keepAliveTimeout: idleMs });
}

async function answer(
  options: AwsEndpointOptions,
  request: Request,
  response: ServerResponse,
): Promise<void> {
  const { region } = options;
  const service = claimOf(request.incoming)?.service ?? '';
  if (service === 'lambda' && request.incoming.method === 'POST')
    return answerInvocation(options.lambda, request, response);
  const described = readAccountCall(service, request);
  if (described !== undefined) {
    const caller = await identify(options, { ...request, region, service }).catch(asAwsError);
    if (caller instanceof AwsError) return pass(response, writeError(described, caller));
    return pass(response, answerAccountCall(described, { caller, ...options.account() }));
  }
  const target = targetOf(request);
  const caller = await identify(options, { ...request, region, service: target.service });
  const { call, ask, input } = readCall(options, { caller, target, body: request.body });
  const denied = denialOf(caller, ask, options.policyOf);
  if (denied !== undefined) {
    const altered = options.account().alter({ ...call, input: Object(input) }, denied);
    if (altered instanceof AwsError) throw altered;
    return pass(response, secretAnswer(altered));
  }
  const fault = options.faults.hit(call);
  if (fault !== undefined && isInstead(fault)) return fail(response, fault);
  if (fault === 'late') await pause(lateMs);
  await options.gate.pass(call);
  options.onCall(call);
  const answered = await answerOf(options, { call, input, request });
  if (fault === undefined) pass(response, answered);
  else spoil(response, answered, fault);
}

/** The refusal of a call that the caller's rights or the secret's policy do not allow. */
function denialOf(caller: Caller, ask: Ask, policyOf: AwsEndpointOptions['policyOf']): AwsError | undefined {
  const refused = `User: ${caller.arn} is not authorized to perform: ${ask.action} on resource: ${ask.resource}`;
  if (!isAllowed(caller.statements, ask))
    return new AwsError(
      'AccessDeniedException',
      `${refused} because no identity-based policy allows the ${ask.action} action`,
    );
  return isDenied(policyOf(ask.resource), ask)
    ? new AwsError('AccessDeniedException', `${refused} with an explicit deny in a resource-based policy`)
    : undefined;
}

/** An error of AWS's, to be sent in the protocol of its call; any other is thrown. */
function asAwsError(error: unknown): AwsError {
  if (error instanceof AwsError) return error;
  throw error;
}

interface Answering {
  readonly call: AwsCall;
  readonly input: unknown;
  readonly request: Request;
}

async function answerOf(
  { secretsManager, tableUrl, account }: AwsEndpointOptions,
  { call, input, request }: Answering,
): Promise<AwsAnswer> {
  const { state, alter } = account();
  if (call.service === 'secretsmanager') {
    const answer =
      describeSecret(call.action, input, state) ?? (await secretsManager.call(call.action, input));
    return secretAnswer(alter({ ...call, input: Object(input) }, withRotation(call.action, answer, state)));
  }
  const known = describeTable(call.action);
  const passed = known === undefined ? await passOn(tableUrl, request) : undefined;
  if (passed !== undefined && !call.action.startsWith('Describe')) return passed;
  const answer = known ?? parsedJson(passed?.body ?? Buffer.alloc(0))?.json;
  if (passed !== undefined && passed.status >= 400) return passed;
  return secretAnswer(alter({ ...call, input: Object(input) }, answer));
}

function secretAnswer(result: unknown): AwsAnswer {
  const headers = { 'content-type': 'application/x-amz-json-1.1' };
  return { status: 200, headers, body: Buffer.from(JSON.stringify(result)) };
}

/** Forwards the call unchanged to the table server and returns its whole answer. */
function passOn(tableUrl: string, { incoming, body }: Request): Promise<AwsAnswer> {
  return new Promise((resolve, reject) => {
    const { host: _, connection: __, ...headers } = incoming.headers;
    const onward = forward(tableUrl, { method: 'POST', headers }, (upstream) => {
      const chunks: Buffer[] = [];
      upstream.on('data', (chunk: Buffer) => chunks.push(chunk));
      upstream.on('end', () =>
        resolve({
          status: upstream.statusCode ?? 500,
          headers: upstream.headers,
          body: Buffer.concat(chunks),
        }),
      );
      upstream.on('error', reject);
    });
    onward.on('error', reject);
    onward.end(body);
  });
}
