/** Writes the answers and errors of the describing services in their protocols. */

import type { AwsAnswer } from '../aws/aws-answer.ts';
import type { AwsError } from '../aws/aws-error.ts';
import type { AccountCall } from './account-call.ts';

/** Wraps a member whose keys are names of somebody's, so that they are sent as they stand. */
export class NamedMap {
  readonly members: Readonly<Record<string, unknown>>;

  constructor(members: Readonly<Record<string, unknown>>) {
    this.members = members;
  }
}

/** An answer in the protocol of its call. */
export function writeAnswer({ service, protocol, action }: AccountCall, answer: unknown): AwsAnswer {
  if (protocol === 'query') {
    const result = `<${action}Result>${xmlOf(answer)}</${action}Result>`;
    const body = `<${action}Response>${result}<ResponseMetadata><RequestId>local</RequestId></ResponseMetadata></${action}Response>`;
    return { status: 200, headers: { 'content-type': 'text/xml' }, body: Buffer.from(body) };
  }
  const type =
    protocol === 'rest'
      ? 'application/json'
      : service === 'logs'
        ? 'application/x-amz-json-1.1'
        : 'application/x-amz-json-1.0';
  const hasSmallInitials = service === 'apigateway';
  return {
    status: 200,
    headers: { 'content-type': type },
    body: Buffer.from(JSON.stringify(jsonOf(answer, hasSmallInitials))),
  };
}

/** An error in the protocol of its call. */
export function writeError(
  { protocol, service }: AccountCall,
  { type, message, status }: AwsError,
): AwsAnswer {
  if (protocol === 'query') {
    const body = `<ErrorResponse><Error><Type>Sender</Type><Code>${escaped(type)}</Code><Message>${escaped(message)}</Message></Error><RequestId>local</RequestId></ErrorResponse>`;
    return { status, headers: { 'content-type': 'text/xml' }, body: Buffer.from(body) };
  }
  const headers = { 'content-type': 'application/x-amz-json-1.1', 'x-amzn-errortype': type };
  const members = service === 'lambda' ? { Message: message } : { message };
  return { status, headers, body: Buffer.from(JSON.stringify({ __type: type, ...members })) };
}

/** Dates as epoch seconds, except in API Gateway, which sends ISO 8601. */
function jsonOf(value: unknown, hasSmallInitials: boolean): unknown {
  if (value instanceof Date) return hasSmallInitials ? value.toISOString() : value.getTime() / 1000;
  if (value instanceof NamedMap)
    return Object.fromEntries(
      Object.entries(value.members).map(([name, member]) => [name, jsonOf(member, hasSmallInitials)]),
    );
  if (Array.isArray(value)) return value.map((item) => jsonOf(item, hasSmallInitials));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [
      hasSmallInitials ? name.charAt(0).toLowerCase() + name.slice(1) : name,
      jsonOf(member, hasSmallInitials),
    ]),
  );
}

function xmlOf(value: unknown): string {
  if (value === undefined || value === null) return '';
  if (value instanceof Date) return value.toISOString();
  if (value instanceof NamedMap)
    return Object.entries(value.members)
      .map(([key, member]) => `<entry><key>${escaped(key)}</key><value>${xmlOf(member)}</value></entry>`)
      .join('');
  if (Array.isArray(value)) return value.map((item) => `<member>${xmlOf(item)}</member>`).join('');
  if (typeof value === 'object')
    return Object.entries(value)
      .filter(([, member]) => member !== undefined)
      .map(([name, member]) => `<${name}>${xmlOf(member)}</${name}>`)
      .join('');
  return escaped(String(value));
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
