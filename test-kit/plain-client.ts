/**
 * A DynamoDB client without the SDK's middleware: the command's input as JSON over one kept-alive connection pool.
 * It needs a sixth of the CPU, for tests that make a hundred thousand calls.
 */
import { Agent, request } from 'node:http';
import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  GetItemCommand,
} from '@aws-sdk/client-dynamodb';

/** A client for `UpdateItem` and `GetItem` on the server at `endpoint`, with at most this many calls at once. */
export function plainClient(endpoint: string, maxSockets = 8): DynamoDBClient {
  const agent = new Agent({ keepAlive: true, maxSockets });
  const headersOf = (action: string) => ({
    'content-type': 'application/x-amz-json-1.0',
    'x-amz-target': `DynamoDB_20120810.${action}`,
    authorization:
      'AWS4-HMAC-SHA256 Credential=test/20260101/ap-south-1/dynamodb/aws4_request, SignedHeaders=host, Signature=0',
    'x-amz-date': '20260101T000000Z',
  });
  const send = (command: { readonly input: unknown }): Promise<unknown> =>
    new Promise((resolve, reject) => {
      const headers = headersOf(command instanceof GetItemCommand ? 'GetItem' : 'UpdateItem');
      const call = request(endpoint, { method: 'POST', agent, headers }, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () => {
          const answer = JSON.parse(Buffer.concat(chunks).toString());
          if (response.statusCode === 200) resolve(answer);
          else if (String(answer.__type).endsWith('#ConditionalCheckFailedException')) {
            reject(
              new ConditionalCheckFailedException({ message: 'refused', $metadata: {}, Item: answer.Item }),
            );
          } else reject(new Error(JSON.stringify(answer)));
        });
      });
      call.on('error', reject);
      call.end(JSON.stringify(command.input));
    });
  return { send, destroy: () => agent.destroy() } as unknown as DynamoDBClient;
}
