/** `npm run off-stack`: keeps what a deployment without sessions is now, with the commit that it is taken from. */
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { keptFile, withoutSessions, writtenOffStack } from './off-stack.ts';
import { readFlows } from './read-flows.ts';
import { readTemplate } from './read-template.ts';

const root = join(import.meta.dirname, '../..');

function git(...args: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync('git', args, { cwd: root, encoding: 'utf8' });
  if (status !== 0) throw new Error(`git ${args.join(' ')}: ${stderr}`);
  return stdout.trim();
}

const file = relative(root, keptFile);
const changed = git('status', '--porcelain', '--', '.', `:!${file}`);
if (changed !== '') {
  console.error(`Commit first: ${file} names the commit that it is taken from.\n${changed}`);
  process.exitCode = 1;
} else {
  const taken = { ...readTemplate(withoutSessions), ...(await readFlows(withoutSessions)) };
  writeFileSync(keptFile, writtenOffStack({ commit: git('rev-parse', 'HEAD'), ...taken }));
  console.log(`${file} is the deployment without sessions as of this commit. Commit it by itself.`);
}
