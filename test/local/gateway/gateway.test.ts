import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { accessLogLine } from '../../../local/gateway/access-log-line.ts';
import type { GatewayEvent } from '../../../local/gateway/event.ts';
import { type AccessRecord, createGateway } from '../../../local/gateway/gateway.ts';
import { createThrottle } from '../../../local/gateway/throttle.ts';
import type { Invocation } from '../../../local/workers/worker-process.ts';
import { call } from '../../../test-kit/http.ts';

let server: Server;
let url: string;
let events: GatewayEvent[];
let records: AccessRecord[];
let invocation: Invocation;

beforeEach(async () => {
  events = [];
  records = [];
  invocation = { tag: 'result', result: { statusCode: 200, headers: { 'X-Some': 'yes' }, body: 'ok' } };
  const routes = [
    { routeKey: 'POST /do', arn: 'route', functionArn: 'arn', ratePerSecond: 1000, burst: 1000 },
    { routeKey: 'GET /slow', arn: 'route', functionArn: 'arn', ratePerSecond: 0.001, burst: 2 },
  ];
  const invoke = async (_: unknown, event: GatewayEvent): Promise<Invocation> => {
    events.push(event);
    return invocation;
  };
  server = createServer(
    createGateway({ routes, cors: undefined, invoke, onAccess: (record) => records.push(record) }),
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

describe('the local gateway', () => {
  it('hands over an event of payload format 2.0', async () => {
    const headers = { 'X-Forwarded-For': '9.9.9.9', Cookie: 'a=1; b=2', 'content-type': 'application/json' };
    await call(`${url}/do?x=1&x=2&y=%20`, { body: '{"a":1}', headers, from: '127.5.6.7' });
    expect(events[0]).toMatchObject({
      version: '2.0',
      routeKey: 'POST /do',
      rawPath: '/do',
      rawQueryString: 'x=1&x=2&y=%20',
      cookies: ['a=1', 'b=2'],
      headers: { 'x-forwarded-for': '9.9.9.9', 'content-type': 'application/json' },
      queryStringParameters: { x: '1,2', y: ' ' },
      requestContext: {
        http: { method: 'POST', path: '/do', sourceIp: '127.5.6.7' },
        stage: '$default',
        routeKey: 'POST /do',
      },
      body: '{"a":1}',
      isBase64Encoded: false,
    });
    expect(events[0]?.headers).not.toHaveProperty('cookie');
  });

  it.each(['application/x-www-form-urlencoded', 'Application/X-WWW-Form-Urlencoded; charset=UTF-8'])(
    'hands over a form in base64, as API Gateway does: %s',
    async (contentType) => {
      const form = 'grant_type=refresh_token&refresh_token=a%2Bb';
      await call(`${url}/do`, { body: form, headers: { 'content-type': contentType } });
      expect(events[0]).toMatchObject({ body: Buffer.from(form).toString('base64'), isBase64Encoded: true });
    },
  );

  it('hands over bytes that are no text in base64', async () => {
    await call(`${url}/do`, { body: 'bytes', headers: { 'content-type': 'application/octet-stream' } });
    expect(events[0]).toMatchObject({ body: Buffer.from('bytes').toString('base64'), isBase64Encoded: true });
  });

  it('gives every request an id of its own', async () => {
    await Promise.all([call(`${url}/do`, { body: '{}' }), call(`${url}/do`, { body: '{}' })]);
    expect(new Set(events.map(({ requestContext }) => requestContext.requestId)).size).toBe(2);
  });

  it('passes on status, headers and body, and takes a bare result for a body', async () => {
    expect(await call(`${url}/do`, { body: '{}' })).toMatchObject({
      status: 200,
      text: 'ok',
      headers: { 'x-some': 'yes' },
    });
    invocation = { tag: 'result', result: { hello: 'you' } };
    expect(await call(`${url}/do`, { body: '{}' })).toMatchObject({ status: 200, json: { hello: 'you' } });
  });

  it('answers by itself, with a message, where no function does', async () => {
    expect(await call(`${url}/other`)).toMatchObject({ status: 404, json: { message: 'Not Found' } });
    expect(await call(`${url}/do`)).toMatchObject({ status: 404 });
    invocation = { tag: 'timeout' };
    expect(await call(`${url}/do`, { body: '{}' })).toMatchObject({
      status: 503,
      json: { message: 'Service Unavailable' },
    });
    invocation = { tag: 'crash' };
    expect(await call(`${url}/do`, { body: '{}' })).toMatchObject({
      status: 500,
      json: { message: 'Internal Server Error' },
    });
    const large = 'x'.repeat(10 * 1024 * 1024 + 1);
    expect(await call(`${url}/do`, { body: large })).toMatchObject({
      status: 413,
      json: { message: 'Request Entity Too Large' },
    });
  });

  it('throttles a route for all its callers', async () => {
    const statuses: number[] = [];
    for (let i = 0; i < 4; i += 1) statuses.push((await call(`${url}/slow`)).status);
    expect(statuses).toEqual([200, 200, 429, 429]);
    expect((await call(`${url}/do`, { body: '{}' })).status).toBe(200);
  });

  it('writes its access log in the format of the template', async () => {
    await call(`${url}/do`, { body: '{}' });
    const [record] = records;
    if (record === undefined) throw new Error('no record');
    const line = accessLogLine(
      '{"id":"$context.requestId","s":"$context.status","x":"$context.nonsense"}',
      record,
    );
    expect(JSON.parse(line)).toEqual({ id: events[0]?.requestContext.requestId, s: '200', x: '-' });
  });
});

describe('a throttle', () => {
  it('refills at its rate, up to its burst', () => {
    const throttle = createThrottle({ ratePerSecond: 2, burst: 3 });
    const admitted = (nowMs: number, count: number) =>
      Array.from({ length: count }, () => throttle.admits(nowMs)).filter(Boolean).length;
    expect(admitted(0, 10)).toBe(3);
    expect(admitted(500, 10)).toBe(1);
    expect(admitted(60_000, 10)).toBe(3);
  });
});
