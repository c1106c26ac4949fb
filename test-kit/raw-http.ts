/** Sends raw bytes that no HTTP client would send, and reads the status of the answer. */
import { connect } from 'node:net';

export interface RawReply {
  /** Undefined where the connection ended without an answer. */
  readonly status: number | undefined;
  readonly text: string;
}

const patienceMs = 10_000;

/**
 * Sends `bytes` unchanged to the server of `url`. Reads until the server closes, has answered completely, or stays silent
 * for long. With `and end` it ends the connection's sending side, so that an incomplete request stays incomplete.
 */
export function sendRaw(
  url: string,
  bytes: string | Buffer,
  how: 'and wait' | 'and end' = 'and wait',
): Promise<RawReply> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    const socket = connect(Number(port), hostname.replace(/^\[|\]$/g, ''));
    const done = (): void => {
      socket.destroy();
      const text = Buffer.concat(chunks).toString('latin1');
      const [, status] = /^HTTP\/1\.[01] (\d{3})/.exec(text) ?? [];
      resolve({ status: status === undefined ? undefined : Number(status), text });
    };
    socket.setTimeout(patienceMs, done);
    socket.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      if (isWhole(Buffer.concat(chunks).toString('latin1'))) done();
    });
    socket.on('error', done);
    socket.on('close', done);
    if (how === 'and end') socket.end(bytes);
    else socket.write(bytes);
  });
}

/** Whether an answer with a length, or without a body, is complete. */
function isWhole(text: string): boolean {
  const end = text.indexOf('\r\n\r\n');
  if (end < 0) return false;
  const [, length] = /^content-length: *(\d+)/im.exec(text.slice(0, end)) ?? [];
  if (length !== undefined) return text.length >= end + 4 + Number(length);
  return / (204|304) /.test(text.slice(0, 14)) || text.endsWith('0\r\n\r\n');
}

/** The head of a request of the listener's own host, with other lines after it; no Host of its own where those have one. */
export function head(url: string, requestLine: string, ...lines: readonly string[]): string {
  const own = lines.some((line) => /^host:/i.test(line)) ? [] : [`Host: ${new URL(url).host}`];
  return [`${requestLine} HTTP/1.1`, ...own, 'Connection: close', ...lines, '', ''].join('\r\n');
}
