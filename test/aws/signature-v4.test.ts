import { createServer } from 'node:http';
import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { describe, expect, it } from 'vitest';
import { authorization } from '../../functions/aws/signature-v4.ts';
import { listen } from '../../local/listen.ts';

const credentials = {
  accessKeyId: 'AKIDEXAMPLE',
  secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY',
};

describe('the signature', () => {
  it("is that of the example in AWS's description of the algorithm", () => {
    const header = authorization(credentials, {
      method: 'GET',
      path: '/',
      query: 'Action=ListUsers&Version=2010-05-08',
      headers: {
        'content-type': 'application/x-www-form-urlencoded; charset=utf-8',
        host: 'iam.amazonaws.com',
        'x-amz-date': '20150830T123600Z',
      },
      body: '',
      region: 'us-east-1',
      service: 'iam',
    });
    expect(header).toBe(
      'AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/iam/aws4_request, ' +
        'SignedHeaders=content-type;host;x-amz-date, ' +
        'Signature=5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7',
    );
  });

  it('is the one that the SDK makes for the same request, with a session token too', async () => {
    const seen: { authorization: string; headers: Record<string, string>; body: string }[] = [];
    const server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const { authorization: header = '' } = request.headers;
        const [, names = ''] = /SignedHeaders=([^,]+)/.exec(header) ?? [];
        const headers = Object.fromEntries(
          names.split(';').map((name) => [name, String(request.headers[name])]),
        );
        seen.push({ authorization: header, headers, body: Buffer.concat(chunks).toString() });
        response.writeHead(200, { 'content-type': 'application/x-amz-json-1.0' }).end('{}');
      });
    });
    const endpoint = `http://127.0.0.1:${await listen(server, { port: 0 })}`;
    const client = new DynamoDBClient({
      endpoint,
      region: 'ap-south-1',
      credentials: { ...credentials, sessionToken: 'a session token' },
    });
    await client.send(new GetItemCommand({ TableName: 'Any', Key: { pk: { S: 'ключ' } } }));
    client.destroy();
    server.close();
    const [sent] = seen;
    if (sent === undefined) throw new Error('nothing was sent');
    expect(Object.keys(sent.headers)).toContain('x-amz-security-token');
    expect(
      authorization(credentials, {
        method: 'POST',
        path: '/',
        query: '',
        headers: sent.headers,
        body: sent.body,
        region: 'ap-south-1',
        service: 'dynamodb',
      }),
    ).toBe(sent.authorization);
  });
});
