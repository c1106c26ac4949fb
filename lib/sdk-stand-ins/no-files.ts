/**
 * Stands in for `node:fs/promises` in the bundles: the SDK alone imports it, to look for settings under `~/.aws`, where
 * a Lambda function has none. Node takes several milliseconds to load the real one.
 */

/** Node's name for reading a file. It always fails with ENOENT. */
export async function readFile(): Promise<never> {
  throw Object.assign(new Error('this bundle reads no files'), { code: 'ENOENT' });
}
