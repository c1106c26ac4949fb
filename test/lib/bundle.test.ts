import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { afterAll, describe, expect, it } from 'vitest';
import { bundle, bundleOptions } from '../../lib/bundle.ts';

const directory = mkdtempSync(join(tmpdir(), 'doorcode-bundle-'));
const require = createRequire(import.meta.url);

afterAll(() => rmSync(directory, { recursive: true }));

describe('a bundle with an optional feature', () => {
  const build = (name: string, leavesOut: readonly string[]): { file: string; text: string } => {
    const file = join(directory, `${name}.cjs`);
    buildSync({ ...bundleOptions('test/lib/bundle/with-optional-feature.ts', leavesOut), outfile: file });
    return { file, text: readFileSync(file, 'utf8') };
  };

  it('has it, and what it imports, unless it is left out', async () => {
    const { file, text } = build('with', []);
    expect(text).toContain('expected a token of somebody else');
    expect(text).toContain('ERR_JWS_SIGNATURE_VERIFICATION_FAILED');
    expect(await require(file).handler()).toBe('with');
  });

  it('without it has nothing of it, nor of what it alone imports', async () => {
    const { file, text } = build('without', ['feature']);
    expect(text).not.toContain('expected a token of somebody else');
    expect(text).not.toContain('ERR_JWS');
    expect(text.length).toBeLessThan(2_000);
    expect(await require(file).handler()).toBe('without');
  });

  it('is another bundle than the one with it', () => {
    expect(bundle('well-known', ['feature'])).not.toBe(bundle('well-known'));
    expect(bundle('well-known', ['feature'])).toBe(bundle('well-known', ['feature']));
  });
});

describe('what a function carries of the SDK', () => {
  const { metafile } = buildSync({
    ...bundleOptions('functions/request-otp.ts', []),
    outfile: join(directory, 'index.js'),
    metafile: true,
    write: false,
  });
  const carried = Object.values(metafile.outputs).flatMap(({ inputs }) =>
    Object.entries(inputs).flatMap(([path, { bytesInOutput }]) => (bytesInOutput > 0 ? [path] : [])),
  );

  it('is the client of the table', () => {
    expect(carried.filter((path) => path.includes('@aws-sdk/client-dynamodb/'))).not.toEqual([]);
  });

  it.each([
    ['event streams', '/submodules/event-streams/'],
    ['endpoint discovery', '/middleware-endpoint-discovery/'],
    ['checksums in JavaScript', '/submodules/checksum/'],
    ['the chain of credentials', '/credential-provider-'],
  ])('is not %s', (_, part) => {
    expect(carried.filter((path) => path.includes(part))).toEqual([]);
  });
});
