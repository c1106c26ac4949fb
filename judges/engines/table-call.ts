/** Calls to a DynamoDB engine as bytes, without an SDK that would mend or refuse one. */
import { Agent, request } from 'node:http';

/** A call's operation, such as `UpdateItem`, and its input. */
export interface TableCall {
  readonly operation: string;
  readonly input: Readonly<Record<string, unknown>>;
}

/** The status, and the members of the answer. */
export interface TableAnswer {
  readonly status: number;
  readonly output: Readonly<Record<string, unknown>>;
}

const agent = new Agent({ keepAlive: true, maxSockets: 8 });
const credential = 'test/20260101/ap-south-1/dynamodb/aws4_request';

/** Sends a call. */
export function callTable(url: string, { operation, input }: TableCall): Promise<TableAnswer> {
  const headers = {
    'content-type': 'application/x-amz-json-1.0',
    'x-amz-target': `DynamoDB_20120810.${operation}`,
    'x-amz-date': '20260101T000000Z',
    authorization: `AWS4-HMAC-SHA256 Credential=${credential}, SignedHeaders=host, Signature=0`,
  };
  return new Promise((resolve, reject) => {
    const call = request(url, { method: 'POST', agent, headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        const text = Buffer.concat(chunks).toString();
        resolve({ status: response.statusCode ?? 0, output: membersIn(text) });
      });
    });
    call.on('error', reject);
    call.end(JSON.stringify(input));
  });
}

/** An engine that fails may answer with a page instead of JSON. */
function membersIn(text: string): TableAnswer['output'] {
  try {
    return JSON.parse(text || '{}');
  } catch {
    const [, title = text.slice(0, 100)] = /<title>(.*?)<.title>/.exec(text) ?? [];
    return { __type: 'not JSON', message: title };
  }
}

/** The name of an error, such as `ValidationException`; undefined for an answer that is none. */
export function errorOf({ status, output }: TableAnswer): string | undefined {
  return status === 200 ? undefined : `${output['__type'] ?? status}`.replace(/^.*#/, '');
}
