/** The size of a client as an app ships it: bundled, minified and gzipped. `npm run client-size` prints it. */
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';

/** What the TypeScript client may weigh, in bytes. */
export const maxClientBytes = 5 * 1024;

/** Bytes of the TypeScript client, gzipped. */
export async function clientBytes(): Promise<number> {
  const { outputFiles } = await build({
    entryPoints: [join(import.meta.dirname, 'typescript/src/index.ts')],
    bundle: true,
    minify: true,
    format: 'esm',
    target: 'es2022',
    write: false,
  });
  return outputFiles.reduce((bytes, { contents }) => bytes + gzipSync(contents, { level: 9 }).length, 0);
}
