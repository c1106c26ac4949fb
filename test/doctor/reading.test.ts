/** How a call of a check ends: an answer, no such resource, or the reason why it cannot be told. */

import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { GetPolicyCommand } from '@aws-sdk/client-lambda';
import { GetTopicAttributesCommand } from '@aws-sdk/client-sns';
import { afterEach, describe, expect, it } from 'vitest';
import { openClients } from '../../doctor/clients.ts';
import { each } from '../../doctor/each.ts';
import { wrong } from '../../doctor/finding.ts';
import { openReading, Untold } from '../../doctor/reading.ts';

const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
const right = { action: 'lambda:GetPolicy', resource: 'arn:aws:lambda:ap-south-1:000000000000:function:f' };
const bounds = { signal: new AbortController().signal, callMs: 5_000 };
let server: Server | undefined;

afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

/** Clients whose every call `listener` answers. */
async function clientsOf(listener: RequestListener) {
  server = createServer(listener);
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return openClients({ region: 'ap-south-1', credentials, endpoint: `http://127.0.0.1:${port}` });
}

const refuse =
  (status: number, type: string, message = 'a message'): RequestListener =>
  (_, response) =>
    response
      .writeHead(status, { 'content-type': 'application/json', 'x-amzn-errortype': type })
      .end(JSON.stringify({ Message: message }));

async function outcomeOf(listener: RequestListener, { callMs = bounds.callMs } = {}): Promise<unknown> {
  const { lambda } = await clientsOf(listener);
  const read = openReading([right], { ...bounds, callMs });
  return read(right, (options) => lambda.send(new GetPolicyCommand({ FunctionName: 'f' }), options)).then(
    (answer) => answer?.Policy,
    (error: unknown) => (error instanceof Untold ? error.message : error),
  );
}

describe('a call', () => {
  it('gives what AWS answers', async () => {
    expect(await outcomeOf((_, response) => response.end('{"Policy":"p"}'))).toBe('p');
  });

  it('gives nothing for a resource that is not there', async () => {
    expect(await outcomeOf(refuse(404, 'ResourceNotFoundException'))).toBeUndefined();
  });

  it('cannot be told without the right, and says which', async () => {
    const denied = refuse(
      403,
      'AccessDeniedException',
      'User: u is not authorized to perform: lambda:GetPolicy',
    );
    expect(await outcomeOf(denied)).toBe(`needs lambda:GetPolicy on ${right.resource}`);
  });

  it('says where a denial stands against a right', async () => {
    const denied = refuse(
      403,
      'AccessDeniedException',
      'no: with an explicit deny in a service control policy',
    );
    expect(await outcomeOf(denied)).toBe(
      `needs lambda:GetPolicy on ${right.resource}, which a service control policy denies`,
    );
  });

  it('knows SNS’s own name for a denial, in the query protocol', async () => {
    const { sns } = await clientsOf((_, response) =>
      response
        .writeHead(403, { 'content-type': 'text/xml' })
        .end(
          '<ErrorResponse><Error><Code>AuthorizationError</Code><Message>no</Message></Error></ErrorResponse>',
        ),
    );
    const topic = { action: 'sns:GetTopicAttributes', resource: 'arn:aws:sns:ap-south-1:000000000000:t' };
    const read = openReading([topic], bounds);
    const reading = read(topic, (options) =>
      sns.send(new GetTopicAttributesCommand({ TopicArn: topic.resource }), options),
    );
    await expect(reading).rejects.toThrow(`needs sns:GetTopicAttributes on ${topic.resource}`);
  });

  it('is tried again when AWS throttles it', async () => {
    let calls = 0;
    const answered = await outcomeOf((request, response) => {
      calls += 1;
      if (calls < 3) refuse(429, 'TooManyRequestsException')(request, response);
      else response.end('{"Policy":"p"}');
    });
    expect([answered, calls]).toEqual(['p', 3]);
  });

  it('cannot be told where no answer comes in time', async () => {
    expect(await outcomeOf(() => undefined, { callMs: 300 })).toBe(
      'no answer to lambda:GetPolicy within 0.3 s, run it again',
    );
  });

  it('ends the command where AWS refuses the credentials', async () => {
    expect(await outcomeOf(refuse(403, 'UnrecognizedClientException'))).toMatchObject({
      name: 'UnrecognizedClientException',
    });
  });

  it('of a right that the check does not list is a bug, and is not made', async () => {
    const read = openReading([], bounds);
    await expect(read(right, async () => 'made')).rejects.toThrow('the check does not list lambda:GetPolicy');
  });

  it('cannot be told once the time for all checks is over', async () => {
    const { lambda } = await clientsOf(() => undefined);
    const read = openReading([right], { signal: AbortSignal.timeout(200), callMs: 5_000 });
    const reading = read(right, (options) =>
      lambda.send(new GetPolicyCommand({ FunctionName: 'f' }), options),
    );
    await expect(reading).rejects.toThrow('the time for all checks was over');
  });
});

describe('several resources', () => {
  it('are all looked at, and a missing right is told once', async () => {
    const problems = await each(['a', 'b', 'c'], async (item) => {
      if (item === 'b') return [wrong('b is wrong.', 'Mend b.')];
      throw new Untold(`needs x:Get on ${item}`, { action: 'x:Get', resource: item });
    });
    expect(problems).toEqual([
      { tag: 'wrong', text: 'b is wrong.', mend: 'Mend b.' },
      { tag: 'untold', reason: 'needs x:Get on a, and on 1 more' },
    ]);
  });
});
