/** What a command says when something fails, and with which status it ends. */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { failureOf } from '../../../bin/command/failure.ts';
import { Advice } from '../../../terminal/advice.ts';
import { Interrupted } from '../../../terminal/interrupt.ts';
import { runCommand } from '../../support/run-command.ts';

let directory: string;
let server: Server;
let url: string;
beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'doorcode-failure-'));
  server = createServer((_, response) => response.writeHead(500).end()).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
  rmSync(directory, { recursive: true });
});

/** Where nothing listens any longer. */
async function nowhere(): Promise<string> {
  await new Promise((resolve) => server.close(resolve));
  return url;
}

/** What `npm start` leaves behind when it is killed. */
function leaveBehind(awsUrl: string): void {
  const resources = Object.fromEntries(
    ['Controls', 'Sms', 'Code', 'Signing', 'Identity'].map((name) => [`${name}Secret`, 'arn']),
  );
  const running = {
    apiUrl: awsUrl,
    awsUrl,
    lambdaUrl: awsUrl,
    providerUrl: awsUrl,
    region: 'ap-south-1',
    accessKeyId: 'LOCALoperator',
    secretAccessKey: 'gone',
    resources,
    testNumbersUntil: 'none',
    deployedAt: 0,
  };
  writeFileSync(join(directory, 'running.json'), JSON.stringify(running));
}

/** The names and phrases of libraries that tell nobody what to do. */
const libraryWords = /UnknownError|AbortError|AggregateError|TypeError|fetch failed|\n {4}at /;

describe('a command whose local stack has been killed', () => {
  it.each([
    ['controls', ['status']],
    ['keys', ['status']],
    ['keys', ['promote']],
    ['keys', ['store-candidate', '--make']],
  ] as const)('%s %j says so', async (command, parameters) => {
    leaveBehind(await nowhere());
    const { status, stderr } = await runCommand(command, { directory }, parameters);
    expect([status, stderr]).toEqual([1, expect.stringContaining('npm start')]);
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect(stderr).not.toMatch(libraryWords);
  });
});

describe('a service that fails without a word', () => {
  it('is said to, with its status', async () => {
    leaveBehind(url);
    const { status, stderr } = await runCommand('controls', { directory }, ['status']);
    expect(status).toBe(1);
    expect(stderr).toMatch(/answered 500 without a reason/);
    expect(stderr).not.toMatch(libraryWords);
  });
});

describe('Ctrl-C', () => {
  it('ends a command with a sentence and 130', async () => {
    leaveBehind(await nowhere());
    const script = join(import.meta.dirname, '../../../bin/controls.ts');
    // It waits for its input as long as nobody ends it.
    const source = `process.argv.push('--help'); setInterval(() => undefined, 1000); await import(${JSON.stringify(script)});`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', source], { stdio: 'pipe' });
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk) => {
        output += chunk;
      });
    await expect.poll(() => output, { timeout: 20_000 }).toContain('npm run controls');
    child.kill('SIGINT');
    const status = await new Promise((resolve) => child.once('close', resolve));
    expect([status, output]).toEqual([130, expect.stringContaining('Interrupted.')]);
    expect(output).not.toMatch(libraryWords);
  });
});

describe('a failure', () => {
  const coded = (code: string, more: object = {}) =>
    Object.assign(new Error(`${code} happened`), { code, ...more });
  it.each([
    [new Advice('Do this.'), 'Do this.'],
    [new Interrupted(), 'Interrupted. Nothing was done.'],
    [coded('ECONNREFUSED', { address: '127.0.0.1' }), 'npm start'],
    [new TypeError('fetch failed', { cause: coded('ECONNREFUSED', { address: '127.0.0.1' }) }), 'npm start'],
    [new AggregateError([coded('ECONNREFUSED', { address: '::1' })]), 'npm start'],
    [coded('ENOTFOUND', { hostname: 'secretsmanager.nowhere.amazonaws.com' }), 'secretsmanager.nowhere'],
    [new Error('Region is missing'), '--region'],
    [Object.assign(new Error('no'), { name: 'CredentialsProviderError' }), 'AWS_PROFILE'],
    [Object.assign(new Error('no'), { name: 'ExpiredTokenException' }), 'expired'],
    [
      Object.assign(new Error('UnknownError'), { name: 'Unknown', $metadata: { httpStatusCode: 503 } }),
      'answered 503',
    ],
    [
      Object.assign(new Error('User: me is not authorized'), {
        name: 'AccessDeniedException',
        $metadata: { httpStatusCode: 400 },
      }),
      'AccessDeniedException: User: me is not authorized',
    ],
    [new RangeError('of ours'), 'report'],
    ['a string', 'report'],
    [undefined, 'report'],
  ])('%s is told in words that say what to do', (error, expected) => {
    expect(failureOf(error)).toContain(expected);
    expect(failureOf(error)).not.toMatch(libraryWords);
  });
});
