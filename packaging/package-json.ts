/** The package.json of the package: what of the checkout's is true of it, and what only it has. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';

const root = join(import.meta.dirname, '..');

const checkoutSchema = v.object({
  name: v.string(),
  version: v.pipe(v.string(), v.regex(/^\d+\.\d+\.\d+$/, 'expected a semantic version')),
  description: v.string(),
  license: v.string(),
  engines: v.object({ node: v.string() }),
});

/** The checkout's package.json. */
export const checkout = v.parse(checkoutSchema, JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')));

/** Both ends of each range were tried. Before 2.252 the CDK has no `Validations`, to acknowledge a finding. */
const peers = { 'aws-cdk-lib': '^2.252.0', constructs: '^10.5.0' } as const;

/** The package has no dependencies: what it needs besides the CDK is compiled into it. */
export function packageJson(): object {
  const { name, version, description, license, engines } = checkout;
  return {
    name,
    version,
    // Nobody publishes it by mistake; `npm install <tarball>` takes it all the same.
    private: true,
    description,
    license,
    engines,
    main: './dist/index.js',
    types: './dist/index.d.ts',
    exports: {
      '.': { types: './dist/index.d.ts', default: './dist/index.js' },
      './package.json': './package.json',
    },
    bin: { doorcode: './dist/bin/doorcode.mjs' },
    files: ['dist', 'docs', 'CHANGELOG.md'],
    peerDependencies: peers,
  };
}
