/**
 * `npm run release`: the upgrade gate, then the package. It checks the version and its section of the changelog, compares
 * the template with that of the last release, and rehearses the upgrade from the last release's package with codes under
 * way. Only then it packs, and keeps package and template in `lib/release/`, as those of the last release.
 *
 * Every later synth compares its secrets with that template, and a test compares the other resources with state. With
 * `--dry-run` it keeps nothing: the package is in `dist/`, and the changelog may still lack its date.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { parseArgs } from 'node:util';
import * as v from 'valibot';
import { releaseFile } from '../lib/released-secrets.ts';
import { synthesise } from '../lib/synthesise.ts';
import { lastRelease } from '../local/rehearsal/last-release.ts';
import { lossesOf } from '../local/replacements.ts';
import { templateSchema } from '../local/template.ts';
import { Advice } from '../terminal/advice.ts';
import { versionMistakes } from './changelog.ts';
import { pack } from './pack.ts';
import { checkout } from './package-json.ts';

const root = join(import.meta.dirname, '..');

/** Throws the mistakes of a step, a line for each. */
function refuse(what: string, mistakes: readonly string[]): void {
  if (mistakes.length > 0) throw new Advice(`${what}\n  ${mistakes.join('\n  ')}`);
}

/** The template of this version, with every check of a synth. */
function synthesised(): object {
  const outdir = mkdtempSync(join(tmpdir(), 'doorcode-release-'));
  try {
    const stacks = {
      Doorcode: { appName: 'Doorcode', audience: 'doorcode-app', env: { region: 'ap-south-1' } },
    };
    return synthesise({ outdir, stacks }).getStackByName('Doorcode').template;
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
}

async function release(isDryRun: boolean): Promise<void> {
  const { version } = checkout;
  const last = lastRelease();
  const changelog = readFileSync(join(root, 'CHANGELOG.md'), 'utf8');
  const today = new Date().toISOString().slice(0, 10);
  const dated = isDryRun ? changelog.replace(/^(## \S+ - ).*$/m, `$1${today}`) : changelog;
  refuse(
    'This version cannot be released yet:',
    versionMistakes({ version, last: last.version, changelog: dated }),
  );

  console.log(`${last.version} → ${version}: the templates`);
  const template = synthesised();
  const before = v.parse(templateSchema, JSON.parse(readFileSync(releaseFile, 'utf8')));
  refuse(
    'An update from the last release would lose something:',
    lossesOf(before, v.parse(templateSchema, template)),
  );

  console.log(`${last.version} → ${version}: the rehearsal`);
  const { status } = spawnSync(process.execPath, [join(root, 'local/rehearse.ts')], { stdio: 'inherit' });
  refuse('The rehearsal failed.', status === 0 ? [] : ['Its last line says at which step.']);

  const tarball = await pack(isDryRun ? join(root, 'dist') : dirname(releaseFile));
  console.log(`The package: ${relative(root, tarball)}`);
  if (isDryRun) return;
  rmSync(last.tarball);
  writeFileSync(releaseFile, `${JSON.stringify(template, undefined, 2)}\n`);
  console.log(
    `Commit lib/release/, and tag the commit v${version}. Then raise the version (npm version --no-git-tag-version patch), and begin its section in CHANGELOG.md.`,
  );
}

const { values } = parseArgs({ options: { 'dry-run': { type: 'boolean', default: false } } });
try {
  await release(values['dry-run']);
} catch (error) {
  if (!(error instanceof Advice)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
