/**
 * `npm run release`: keeps the template of this version as that of the last release, in `lib/release/template.json`.
 * Every later synth compares its secrets with it, and a test compares the other resources with state. The command writes
 * nothing when an update from the last release would lose something.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as v from 'valibot';
import { releaseFile } from '../lib/released-secrets.ts';
import { synthesise } from '../lib/synthesise.ts';
import { lossesOf } from './replacements.ts';
import { templateSchema } from './template.ts';

const directory = mkdtempSync(join(tmpdir(), 'doorcode-release-'));
try {
  const stacks = {
    Doorcode: { appName: 'Doorcode', audience: 'doorcode-app', env: { region: 'ap-south-1' } },
  };
  const { template } = synthesise({ outdir: directory, stacks }).getStackByName('Doorcode');
  const last = v.parse(templateSchema, JSON.parse(readFileSync(releaseFile, 'utf8')));
  const losses = lossesOf(last, v.parse(templateSchema, template));
  if (losses.length > 0) {
    console.error(`An update from the last release would lose something:\n  ${losses.join('\n  ')}`);
    process.exitCode = 1;
  } else {
    writeFileSync(releaseFile, `${JSON.stringify(template, undefined, 2)}\n`);
    console.log('lib/release/template.json is the template of this version. Commit it with the release.');
  }
} finally {
  rmSync(directory, { recursive: true, force: true });
}
