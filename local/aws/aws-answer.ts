/** Answers that go wrong, as AWS or a fault makes them. */
import type { ServerResponse } from 'node:http';
import { AwsError } from './aws-error.ts';
import type { FaultMode } from './faults.ts';

/** Does to an answer what the fault says. */
export function fail(response: ServerResponse, fault: Exclude<FaultMode, 'lose-answer'>): void {
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

/** Sends an error as the AWS JSON protocols do; one that is no `AwsError` is an internal one. */
export function sendError(response: ServerResponse, error: unknown): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  const { type, message, status } =
    error instanceof AwsError ? error : new AwsError('InternalServerError', '', 500);
  response.writeHead(status, { 'content-type': 'application/x-amz-json-1.0', 'x-amzn-errortype': type });
  response.end(JSON.stringify({ __type: type, message, Message: message }));
}
