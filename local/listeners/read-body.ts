/** Reads the body of a request. */
import type { IncomingMessage } from 'node:http';

/** Reads the whole body; undefined for a body above `maxBytes`, whose rest it reads and discards. */
export async function readBody(request: IncomingMessage, maxBytes: number): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes <= maxBytes) chunks.push(chunk);
  }
  return bytes <= maxBytes ? Buffer.concat(chunks) : undefined;
}

/** Parses JSON; undefined for a text that is not JSON. (No JSON text parses to undefined.) */
export function parsedJson(bytes: Buffer): { readonly json: unknown } | undefined {
  try {
    return { json: JSON.parse(bytes.toString('utf8')) };
  } catch {
    return undefined;
  }
}
