/**
 * The last release as its adopters have it: the package that `npm run release` kept. It is unpacked beside the CDK of this
 * checkout, and synthesises with its own code and its own bundles.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { App } from 'aws-cdk-lib';
import * as v from 'valibot';
import type { DoorcodeStack } from '../../lib/doorcode-stack.ts';
import { releaseFile } from '../../lib/released-secrets.ts';
import type { Synthesise } from '../synthesiser.ts';

export interface Release {
  /** Such as `0.1.0`. */
  readonly version: string;
  /** The path of the tarball. */
  readonly tarball: string;
}

/** The release beside whose template its package lies. */
export function lastRelease(): Release {
  const directory = dirname(releaseFile);
  const [name, ...others] = readdirSync(directory).filter((file) => file.endsWith('.tgz'));
  const [, version] = /^doorcode-(\d+\.\d+\.\d+)\.tgz$/.exec(name ?? '') ?? [];
  if (name === undefined || version === undefined || others.length > 0)
    throw new Error(`expected one package of a release in ${directory}`);
  return { version, tarball: join(directory, name) };
}

const root = join(import.meta.dirname, '../..');

/** What an adopter's CDK app imports. */
const exportsSchema = v.object({
  DoorcodeStack: v.custom<typeof DoorcodeStack>((value) => typeof value === 'function'),
});

/** Installs a release into the empty `directory`, without a network, and returns how it synthesises. */
export function install({ tarball }: Release, directory: string): Synthesise {
  const modules = join(directory, 'node_modules');
  mkdirSync(join(modules, 'doorcode'), { recursive: true });
  execFileSync('tar', ['-xzf', tarball, '-C', join(modules, 'doorcode'), '--strip-components=1']);
  for (const peer of ['aws-cdk-lib', 'constructs'])
    symlinkSync(join(root, 'node_modules', peer), join(modules, peer), 'junction');
  const released = v.parse(exportsSchema, createRequire(join(directory, 'app.cjs'))('doorcode'));
  return ({ outdir, stacks }) => {
    const app = new App({ outdir, builtinCloudFormationValidation: false, analyticsReporting: false });
    for (const [id, props] of Object.entries(stacks)) new released.DoorcodeStack(app, id, props);
    return app.synth();
  };
}
