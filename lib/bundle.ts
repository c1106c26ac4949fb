/**
 * The bundle of one function: CommonJS in one file with the SDK of the lock file inside, because that loads fastest on
 * Lambda's Node 24; the price is that a stack trace points into minified code. Deterministic: the same sources give
 * the same bytes, and so the same asset, wherever they are checked out.
 *
 * esbuild is called here, once per function and process. CDK's own wrapper starts `npx` for each, which takes seconds.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import type { Settings } from '../functions/otp/settings.ts';

const root = join(import.meta.dirname, '..');
const built = new Map<string, string>();

/**
 * Bundles `functions/<entry>.ts` and gives the directory with its `index.js`, made new for this process. What the
 * settings switch off is not in it: a deployment that trusts no foreign issuer carries no code that would.
 */
export function bundle(
  entry: string,
  { session, attestation }: Pick<Settings, 'session' | 'attestation'>,
): string {
  const hasForeignTokens = session !== undefined || attestation !== undefined;
  const name = `${entry}${hasForeignTokens ? '-with-foreign-tokens' : ''}`;
  const directory = built.get(name) ?? mkdtempSync(join(tmpdir(), `doorcode-${name}-`));
  if (built.has(name)) return directory;
  buildSync({
    absWorkingDir: root,
    entryPoints: [`functions/${entry}.ts`],
    outfile: join(directory, 'index.js'),
    bundle: true,
    platform: 'node',
    target: 'node24',
    format: 'cjs',
    mainFields: ['module', 'main'],
    minify: true,
    alias: {
      '@aws-sdk/credential-provider-node': join(root, 'functions/adapters/environment-credentials.ts'),
    },
    // `#foreign-verifiers` in package.json; `module` is what esbuild adds itself where nothing is said.
    conditions: ['module', ...(hasForeignTokens ? [] : ['no-foreign-tokens'])],
  });
  built.set(name, directory);
  process.once('exit', () => rmSync(directory, { recursive: true, force: true }));
  return directory;
}
