/** The size of a client as an app ships it: bundled, minified and gzipped. `npm run client-size` prints it. */
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';

/** What the TypeScript client may weigh, in bytes: the sign-in alone, and what a session adds. */
export const maxClientBytes = 5 * 1024;
export const maxSessionBytes = 2 * 1024;

const signIn = [
  'asciiDigits',
  'codeIn',
  'countdown',
  'createDoorcode',
  'handedIn',
  'memoryStorage',
  'phoneNumberIn',
  'secureStoreStorage',
] as const;

/** What an app may import. A bundler leaves out what it does not. */
export const parts = {
  'the sign-in alone': signIn,
  'with a session': [...signIn, 'createSession'],
  'with a session and fetch for APIs': [...signIn, 'createSession', 'openApiFetch'],
  everything: undefined,
} as const;

/** Bytes of a part of the TypeScript client, gzipped. */
export async function clientBytes(part: keyof typeof parts): Promise<number> {
  const directory = join(import.meta.dirname, 'typescript/src');
  const names = parts[part];
  const imported = names === undefined ? '*' : `{ ${names.join(', ')} }`;
  const { outputFiles } = await build({
    stdin: { contents: `export ${imported} from './index.ts';`, resolveDir: directory, loader: 'ts' },
    bundle: true,
    minify: true,
    format: 'esm',
    target: 'es2022',
    write: false,
  });
  return outputFiles.reduce((bytes, { contents }) => bytes + gzipSync(contents, { level: 9 }).length, 0);
}
