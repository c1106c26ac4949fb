/** Sends the answers of the AWS endpoint: the service's own, AWS's errors, and those of an injected fault. */
import type { OutgoingHttpHeaders, ServerResponse } from 'node:http';
import type { Refusal } from '../listeners/may-ask.ts';
import { AwsError } from './aws-error.ts';
import type { AfterwardsMode, InsteadMode } from './injected-faults.ts';

/** An answer of the service. */
export interface AwsAnswer {
  readonly status: number;
  readonly headers: OutgoingHttpHeaders;
  readonly body: Buffer;
}

const slowMs = 500;
const trickleMs = 200;

/** Answers as the fault says, in place of the service. */
export function fail(response: ServerResponse, fault: InsteadMode): void {
  switch (fault) {
    case 'refuse':
      sendError(response, new AwsError('AccessDeniedException', 'refused by a fault'));
      return;
    case 'throttle':
      sendError(response, new AwsError('ThrottlingException', 'throttled by a fault'));
      return;
    case 'error-500':
      sendError(response, new AwsError('InternalServerError', 'failed by a fault', 500));
      return;
    case 'garbage':
      response
        .writeHead(200, { 'content-type': 'application/x-amz-json-1.0' })
        .end('<html>not what you expect');
      return;
    case 'reset':
      response.destroy();
      return;
    case 'hang':
      return;
  }
}

/** Sends the service's answer. */
export function pass(response: ServerResponse, { status, headers, body }: AwsAnswer): void {
  response.writeHead(status, headers).end(body);
}

/** Sends the service's answer in the way that the fault says. */
export function spoil(response: ServerResponse, answer: AwsAnswer, fault: AfterwardsMode): void {
  const { status, headers, body } = answer;
  switch (fault) {
    case 'lose-answer':
      response.destroy();
      return;
    case 'stall':
      response.writeHead(status, headers).write(body.subarray(0, 1));
      return;
    case 'trickle':
      response.writeHead(status, headers).write(body.subarray(0, 1));
      trickle(response, body.subarray(1));
      return;
    case 'slow':
      setTimeout(() => pass(response, answer), slowMs);
      return;
    case 'late':
      pass(response, answer);
      return;
  }
}

function trickle(response: ServerResponse, body: Buffer): void {
  let sent = 0;
  const timer = setInterval(() => {
    response.write(body.subarray(sent, sent + 1));
    sent += 1;
    if (sent >= body.length) clearInterval(timer);
  }, trickleMs);
  response.once('close', () => clearInterval(timer));
}

/** Sends a refusal of the listener in AWS's format. */
export function refuseAsAws(response: ServerResponse, { status, message }: Refusal): void {
  const type =
    status >= 500 ? 'InternalServerError' : status === 403 ? 'AccessDeniedException' : 'ValidationException';
  sendError(response, new AwsError(type, message, status));
}

/** Sends an error as the AWS JSON protocols do. */
export function sendError(response: ServerResponse, { type, message, status }: AwsError): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  response.writeHead(status, { 'content-type': 'application/x-amz-json-1.0', 'x-amzn-errortype': type });
  response.end(JSON.stringify({ __type: type, message, Message: message }));
}
