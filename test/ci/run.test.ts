import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '../..');
const text = (path: string): string => readFileSync(join(root, path), 'utf8');

describe('.ci/run', () => {
  it('installs first, and has every step of npm run check as a step of its own', () => {
    const steps = [...text('.ci/run').matchAll(/^step '[^']+' (.+)$/gm)].map(([, command]) => command);
    const { scripts } = JSON.parse(text('package.json'));
    const checked = String(scripts.check).split(' && ');
    expect(checked.length).toBeGreaterThan(3);
    expect(steps[0]).toBe('npm ci');
    for (const command of checked) expect(steps).toContain(command);
  });

  it('can be started as it is', () => {
    expect(statSync(join(root, '.ci/run')).mode & 0o111).toBe(0o111);
  });
});

describe('the workflow of a hosted runner', () => {
  const workflow = text('.github/workflows/check.yml');

  it('runs .ci/run and nothing else', () => {
    expect([...workflow.matchAll(/run: (.+)$/gm)].map(([, command]) => command)).toEqual(['.ci/run']);
  });

  it('pins what it uses by digest, and may do nothing but read the repository', () => {
    const used = [...workflow.matchAll(/uses: (.+)$/gm)].map(([, action]) => action);
    expect(used).not.toEqual([]);
    for (const action of used) expect(action).toMatch(/^[\w/-]+@[0-9a-f]{40}$/);
    expect(workflow).toMatch(/^permissions: \{\}$/m);
    expect(workflow).not.toContain('write');
  });
});
