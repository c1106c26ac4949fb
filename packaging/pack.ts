/**
 * Packs what `npm install` takes in a CDK app elsewhere: the compiled construct, every bundle it may deploy, and the
 * commands. See docs/deploy.md.
 */
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { releaseFile } from '../lib/released-secrets.ts';
import { writeBundles } from './bundles.ts';
import { asTyped, compileCommands, compileLibrary } from './compile.ts';
import { declarations } from './declarations.ts';
import { checkout, packageJson } from './package-json.ts';

const root = join(import.meta.dirname, '..');

/** Pages for people who have the package and no checkout. */
const pages = [
  'deploy',
  'settings',
  'security-team',
  'on-call',
  'api',
  'app',
  'verify-tokens',
  'threat-model',
];

/** Writes the tarball into `destination` and returns its path. */
export async function pack(destination: string): Promise<string> {
  const staging = mkdtempSync(join(tmpdir(), 'doorcode-package-'));
  try {
    await fill(staging);
    mkdirSync(destination, { recursive: true });
    execFileSync('npm', ['pack', '--pack-destination', destination, '--loglevel', 'error'], {
      cwd: staging,
      stdio: ['ignore', 'ignore', 'inherit'],
      // There npm is a script, which only a shell can start.
      shell: process.platform === 'win32',
    });
    return join(destination, `${checkout.name}-${checkout.version}.tgz`);
  } finally {
    rmSync(staging, { recursive: true, force: true });
  }
}

/** Fills the folder that is packed. */
async function fill(staging: string): Promise<void> {
  const dist = join(staging, 'dist');
  const write = (path: string, text: string): void => {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  };
  write(join(staging, 'package.json'), `${JSON.stringify(packageJson(), undefined, 2)}\n`);
  for (const { path, text } of await compileLibrary(dist)) write(path, text);
  for (const { path, text } of await compileCommands(join(dist, 'bin'))) write(path, asTyped(text));
  write(join(dist, 'index.d.ts'), declarations());
  mkdirSync(join(dist, 'functions'), { recursive: true });
  writeBundles(join(dist, 'functions'));
  cpSync(releaseFile, join(dist, 'release', 'template.json'));
  for (const page of pages) cpSync(join(root, 'docs', `${page}.md`), join(staging, 'docs', `${page}.md`));
  cpSync(join(root, 'packaging', 'README.md'), join(staging, 'README.md'));
  cpSync(join(root, 'CHANGELOG.md'), join(staging, 'CHANGELOG.md'));
}
