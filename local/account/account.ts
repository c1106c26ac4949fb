/**
 * The services of the local account that describe the deployment. Each call needs the right that AWS asks for it, and is
 * answered from the template, and from what runs here and has written its logs.
 */
import type { AwsAnswer } from '../aws/aws-answer.ts';
import { AwsError } from '../aws/aws-error.ts';
import { isAllowed } from '../aws/iam.ts';
import type { Caller } from '../aws/identify.ts';
import { writeAnswer, writeError } from './account-answer.ts';
import type { AccountCall } from './account-call.ts';
import type { AccountState, Operations } from './account-state.ts';
import { apiGateway } from './api-gateway.ts';
import { cloudFormation } from './cloudformation.ts';
import { cloudWatch } from './cloudwatch.ts';
import { iam } from './identity.ts';
import { lambda } from './lambda.ts';
import { logs } from './logs.ts';
import { sns } from './sns.ts';

/** By the name that requests are signed with. */
const services: Readonly<Record<string, Operations>> = {
  apigateway: apiGateway,
  cloudformation: cloudFormation,
  iam,
  lambda,
  logs,
  monitoring: cloudWatch,
  sns,
};

/** What these services answer, as `service:Operation`. */
export function accountOperations(): readonly string[] {
  const described = Object.entries(services).flatMap(([service, operations]) =>
    Object.keys(operations).map((action) => `${service}:${action}`),
  );
  return [...described, 'sts:GetCallerIdentity'];
}

/** Changes an answer, or an `AwsError`, on its way, so that a test can play what AWS would answer about a broken deployment. */
export type Alter = (call: Pick<AccountCall, 'service' | 'action' | 'input'>, answer: unknown) => unknown;

export interface Asking {
  readonly caller: Caller;
  readonly state: AccountState;
  readonly alter: Alter;
}

/** Answers one call, with an error of AWS's where the caller lacks the right or the resource does not exist. */
export function answerAccountCall(call: AccountCall, asking: Asking): AwsAnswer {
  try {
    const answer = asking.alter(
      call,
      orError(() => answerOf(call, asking)),
    );
    if (answer instanceof AwsError) throw answer;
    return writeAnswer(call, answer);
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    return writeError(call, error);
  }
}

function orError(answer: () => unknown): unknown {
  try {
    return answer();
  } catch (error) {
    if (error instanceof AwsError) return error;
    throw error;
  }
}

function answerOf({ service, action, input }: AccountCall, { caller, state }: Asking): unknown {
  // Every identity may ask who it is.
  if (service === 'sts' && action === 'GetCallerIdentity')
    return { Arn: caller.arn, Account: '000000000000', UserId: caller.name };
  const operation = services[service]?.[action];
  if (operation === undefined) throw new AwsError('UnknownOperationException', '', 404);
  const rights = [operation.right(input, state)].flat();
  const missing = rights.find((right) => !isAllowed(caller.statements, { ...right, context: {} }));
  if (missing !== undefined) throw denial(service, caller, missing);
  return operation.answer(input, state);
}

/** Each service has a name of its own for a denial. */
function denial(
  service: string,
  caller: Caller,
  { action, resource }: { readonly action: string; readonly resource: string },
): AwsError {
  const message = `User: ${caller.arn} is not authorized to perform: ${action} on resource: ${resource} because no identity-based policy allows the ${action} action`;
  switch (service) {
    case 'sns':
      return new AwsError('AuthorizationError', message, 403);
    case 'cloudformation':
    case 'iam':
      return new AwsError('AccessDenied', message, 403);
    default:
      return new AwsError(
        'AccessDeniedException',
        message,
        service === 'logs' || service === 'monitoring' ? 400 : 403,
      );
  }
}
