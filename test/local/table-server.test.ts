import { accessSync, constants, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { startOwnTableServer, tableServerBinary } from '../../local/table-server.ts';
import { Advice } from '../../terminal/advice.ts';
import { call } from '../../test-kit/http.ts';

describe('the table server', () => {
  it('comes with npm ci on Linux x64', () => {
    expect(() =>
      accessSync(tableServerBinary({ platform: 'linux', arch: 'x64' }), constants.X_OK),
    ).not.toThrow();
  });

  it('says how to go on where there is none, the docker line included', () => {
    const onMac = () => tableServerBinary({ platform: 'darwin', arch: 'arm64' });
    expect(onMac).toThrow(Advice);
    expect(onMac).toThrow(/darwin-arm64.*\n.*docker run .*\n.*AWS_ENDPOINT_URL_DYNAMODB=\S+ npm start/);
  });

  it('says at once that it ended, and how to go on, where its data is broken', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'doorcode-broken-'));
    try {
      const file = join(directory, 'table.db');
      writeFileSync(file, 'no database'.repeat(100));
      const start = startOwnTableServer(file);
      await expect(start).rejects.toThrow(/ended at its start.*npm start -- --reset/);
      await expect(start).rejects.toBeInstanceOf(Advice);
    } finally {
      rmSync(directory, { recursive: true });
    }
  });

  it('lets every origin in, so it is where no page finds it: at another address each time', async () => {
    const servers = await Promise.all([startOwnTableServer(), startOwnTableServer()]);
    const hosts = servers.map(({ url }) => new URL(url).hostname);
    try {
      expect(new Set(hosts).size).toBe(2);
      for (const { url } of servers) {
        const { hostname, port } = new URL(url);
        expect(hostname).toMatch(/^127\.(?!0\.0\.)\d+\.\d+\.\d+$/);
        // Why it hides: the day it refuses this by itself, it need not.
        const asked = await call(`${url}/`, {
          method: 'OPTIONS',
          headers: { origin: 'http://evil.example' },
        });
        expect(asked.headers['access-control-allow-origin']).toBe('*');
        for (const known of ['127.0.0.1', '[::1]', '127.0.0.2'])
          await expect(call(`http://${known}:${port}/`)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
      }
    } finally {
      await Promise.all(servers.map((server) => server.stop()));
    }
  });
});
