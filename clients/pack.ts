/**
 * `npm run pack-clients`: both packages as an app installs them, compiled, in `clients/packages/`. React Native's types are
 * installed first, because the screens are checked against them.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

const here = import.meta.dirname;
const packages = join(here, 'packages');
mkdirSync(packages, { recursive: true });
for (const name of ['typescript', 'react-native']) {
  const run = (command: string, ...options: readonly string[]): void => {
    execFileSync(command, options, {
      cwd: join(here, name),
      stdio: ['ignore', 'ignore', 'inherit'],
      // There both commands are scripts, which only a shell can start.
      shell: process.platform === 'win32',
    });
  };
  run('tsc', '-p', 'tsconfig.build.json');
  run('npm', 'pack', '--pack-destination', join('..', 'packages'), '--loglevel', 'error');
}
console.log(`In an app: npm install ${join(packages, '*.tgz')}`);
