/** The story of a request stays short enough to be read. A bar may be raised, with the reason in the commit; a goal may not. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { requestPath } from '../../bench/story/request-path.ts';
import { type ReadSource, readToday } from '../../bench/story/source.ts';

/** Entry and admission are in; see `bench/story/request-path.ts` for the rule. */
const bars = [
  { entry: 'functions/request-otp.ts', maxFiles: 5, maxLines: 432 },
  { entry: 'functions/verify-otp.ts', maxFiles: 5, maxLines: 430 },
];

/** What a flow is by itself: without its entry, and without the admission that both have before them. */
const goals = [
  { entry: 'functions/request-otp.ts', maxFiles: 3, maxLines: 330 },
  { entry: 'functions/verify-otp.ts', maxFiles: 3, maxLines: 310 },
];
const admission = 'functions/otp/admission.ts';

describe('the story of a request', () => {
  it.each(bars)(
    'of $entry is read in $maxFiles files and $maxLines lines',
    ({ entry, maxFiles, maxLines }) => {
      const { story } = requestPath(entry, readToday);
      expect(story.map(({ path }) => path)).toContain(admission);
      expect(story.length).toBeLessThanOrEqual(maxFiles);
      expect(story.reduce((sum, { lineCount }) => sum + lineCount, 0)).toBeLessThanOrEqual(maxLines);
    },
  );

  it.each(goals)(
    'of $entry, without entry and admission, is at most $maxFiles files and $maxLines lines',
    ({ entry, maxFiles, maxLines }) => {
      const { story } = requestPath(entry, readToday);
      const flow = story.filter(({ path }) => path !== entry && path !== admission);
      expect(flow).toHaveLength(story.length - 2);
      expect(flow.length).toBeGreaterThan(0);
      expect(flow.length).toBeLessThanOrEqual(maxFiles);
      expect(flow.reduce((sum, { lineCount }) => sum + lineCount, 0)).toBeLessThanOrEqual(maxLines);
    },
  );

  it('begins at an entry of at most 60 lines', () => {
    const entries = readdirSync(join(import.meta.dirname, '../../functions')).filter((name) =>
      name.endsWith('.ts'),
    );
    expect(entries).toContain('request-otp.ts');
    for (const entry of entries) {
      const { story } = requestPath(`functions/${entry}`, readToday);
      expect(story[0]).toMatchObject({ path: `functions/${entry}` });
      expect(story[0]?.lineCount, entry).toBeLessThanOrEqual(60);
    }
  });
});

describe('the counting rule', () => {
  const files: Readonly<Record<string, string>> = {
    'functions/go.ts': `import { ask } from './otp/ask.ts';
import type { Told } from './otp/told.ts';
export const handler = (told: Told) => ask(told);
`,
    'functions/otp/ask.ts': `import { step } from './step.ts';
import { pure, unused } from './pure.ts';
export async function ask(told: object) {
  return (await step(told)) ?? pure;
}
export function other() {
  return unused;
}
`,
    'functions/otp/step.ts': 'export const step = async (told: object) => told;\n',
    'functions/otp/pure.ts': `export const pure = 1;
export const unused = { pure };
`,
    'functions/otp/told.ts': 'export type Told = object;\nexport const told = async () => 1;\n',
  };
  const read: ReadSource = (path) => files[path];

  it('follows what a declaration uses, and no type', () => {
    expect(requestPath('functions/go.ts', read)).toMatchObject({ fileCount: 4, lineCount: 1 + 3 + 1 + 1 });
  });

  it('takes for the story what waits, and counts it whole', () => {
    expect(requestPath('functions/go.ts', read).story).toEqual([
      { path: 'functions/go.ts', lineCount: 3 },
      { path: 'functions/otp/ask.ts', lineCount: 8 },
      { path: 'functions/otp/step.ts', lineCount: 1 },
    ]);
  });

  it('refuses a file that is not there', () => {
    expect(() => requestPath('functions/gone.ts', read)).toThrow('expected a file functions/gone.ts');
  });
});
