import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { afterAll, describe, expect, it } from 'vitest';
import { messages } from '../../functions/runtime/message-codes.ts';
import { messages as requestOtpMessages } from '../../functions/runtime/request-otp-messages.ts';
import { messages as sessionMessages } from '../../functions/runtime/session-messages.ts';
import { messages as verifyOtpMessages } from '../../functions/runtime/verify-otp-messages.ts';
import { bundle, bundleFile, bundleOptions, entryFile } from '../../lib/bundle.ts';
import { type LeftOut, leftOutBy } from '../../lib/left-out.ts';

const directory = mkdtempSync(join(tmpdir(), 'doorcode-bundle-'));

afterAll(() => rmSync(directory, { recursive: true }));

describe('a bundle of settings that trust no foreign issuer', () => {
  const textOf = (name: string, leavesOut: readonly LeftOut[]): string => {
    const file = join(directory, `${name}.cjs`);
    buildSync({ ...bundleOptions('functions/request-otp.ts', leavesOut), outfile: file });
    return readFileSync(file, 'utf8');
  };

  it('has nothing of what verifies tokens, nor of what it alone imports', () => {
    const texts = { without: textOf('without', ['foreign-tokens']), with: textOf('with', []) };
    // What the verifier says of a token, and what the library under it says.
    for (const trace of ['key of another algorithm', 'ERR_JWT_CLAIM_VALIDATION_FAILED']) {
      expect(texts.with.includes(trace), trace).toBe(true);
      expect(texts.without.includes(trace), trace).toBe(false);
    }
  });

  it('is another bundle than the one with them, and the same for the same settings', () => {
    expect(bundle('well-known', ['foreign-tokens'])).not.toBe(bundle('well-known'));
    expect(bundle('well-known', ['foreign-tokens'])).toBe(bundle('well-known', ['foreign-tokens']));
  });

  it('is chosen by the settings', () => {
    const issuer = { issuer: 'a', audience: 'b', jwksUrl: 'https://id.example.com/keys', algorithms: [] };
    expect(leftOutBy({})).toEqual(['foreign-tokens']);
    expect(leftOutBy({ session: { ...issuer, purposes: ['payment'] } })).toEqual([]);
    expect(leftOutBy({ sessions: 'off' })).toEqual(['foreign-tokens', 'sessions']);
  });
});

describe('a bundle', () => {
  it('is ASCII, which V8 keeps in half the memory, and has neither a package.json nor what reads ~/.aws', () => {
    const text = readFileSync(join(bundle('request-otp'), bundleFile), 'utf8');
    expect(text).not.toMatch(/[\u0080-\uffff]/);
    expect(text).toContain('node:https');
    expect(text).not.toContain('node:fs/promises');
    expect(text).not.toContain('Client for Node.js, Browser and React Native');
  });

  it('lies where the one before lay, and a process that is killed leaves nothing beside it', () => {
    const temporary = join(directory, 'temporary');
    mkdirSync(temporary);
    const script = `
      const { bundle } = await import(${JSON.stringify(join(import.meta.dirname, '../../lib/bundle.ts'))});
      process.stdout.write(bundle('well-known'), () => process.kill(process.pid, 'SIGKILL'));`;
    const { stdout, signal } = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
      env: { ...process.env, TMPDIR: temporary },
      encoding: 'utf8',
    });
    expect(signal).toBe('SIGKILL');
    expect(stdout).toBe(bundle('well-known'));
    expect(readdirSync(stdout).toSorted()).toEqual([bundleFile, entryFile].toSorted());
    expect(readdirSync(temporary)).toEqual([]);
  });
});

/** The files that something of is left in a bundle. */
function carriedBy(entry: string, leavesOut: readonly LeftOut[] = []): readonly string[] {
  const { metafile } = buildSync({
    ...bundleOptions(`functions/${entry}.ts`, leavesOut),
    outfile: join(directory, bundleFile),
    metafile: true,
    write: false,
  });
  return Object.values(metafile.outputs).flatMap(({ inputs }) =>
    Object.entries(inputs).flatMap(([path, { bytesInOutput }]) => (bytesInOutput > 0 ? [path] : [])),
  );
}

describe('a bundle of settings without sessions', () => {
  const entries = readdirSync(join(import.meta.dirname, '../../functions'))
    .filter((name) => name.endsWith('.ts'))
    .map((name) => name.replace('.ts', ''));
  const ofSessions = ['session', 'rotate-session-secret'];
  /** Files about sessions, but for the settings, which every function parses, and what stands in for the others. */
  const about = (path: string): boolean =>
    /^functions\/.*session/.test(path) && !/session-settings|\/no-session-/.test(path);

  it.each(entries.filter((entry) => !ofSessions.includes(entry)))('has no module of them: %s', (entry) => {
    expect(carriedBy(entry, leftOutBy({ sessions: 'off' })).filter(about)).toEqual([]);
  });

  it('is a smaller one where sessions begin, and where they are announced', () => {
    for (const entry of ['verify-otp', 'well-known'])
      expect(carriedBy(entry, leftOutBy({})).filter(about), entry).not.toEqual([]);
  });
});

describe('what a function carries of the messages', () => {
  it.each([
    ['request-otp', requestOtpMessages],
    ['verify-otp', verifyOtpMessages],
    ['session', sessionMessages],
  ])('has in %s every code that its sources name, and none of another function', (entry, own) => {
    const files = carriedBy(entry).filter((path) => path.startsWith('functions/'));
    expect(files).toContain(`functions/runtime/${entry}-messages.ts`);
    expect(files).not.toContain('functions/runtime/message-codes.ts');
    // The groups of metrics name codes of every function, and report none.
    const sources = files
      .filter((path) => !/-messages\.ts$|metric-groups/.test(path))
      .map((path) => readFileSync(join(import.meta.dirname, '../..', path), 'utf8'));
    const named = Object.keys(messages).filter((code) => sources.some((text) => text.includes(`'${code}'`)));
    expect(named.length).toBeGreaterThan(15);
    for (const code of named) expect(Object.keys(own)).toContain(code);
  });
});

describe('what a function carries of the SDK', () => {
  const carried = carriedBy('request-otp');

  it('is the client of the table', () => {
    expect(carried.filter((path) => path.includes('@aws-sdk/client-dynamodb/'))).not.toEqual([]);
  });

  it.each([
    ['event streams', '/submodules/event-streams/'],
    ['endpoint discovery', '/middleware-endpoint-discovery/'],
    ['checksums in JavaScript', '/submodules/checksum/'],
    ['the chain of credentials', '/credential-provider-'],
    ['a store of trace ids', '/lambda-invoke-store/'],
    ['its rate limiter', '/util-retry/DefaultRateLimiter'],
    ['its standard retries', '/util-retry/StandardRetryStrategy'],
  ])('is not %s', (_, part) => {
    expect(carried.filter((path) => path.includes(part))).toEqual([]);
  });
});
