/** The generated parts of the pages against the sources that they come from. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { alarmTable } from '../../docs/generate/alarm-table.ts';
import { ceilings } from '../../docs/generate/ceilings.ts';
import { decisionFiles, decisionList } from '../../docs/generate/decision-list.ts';
import { everyAlarm } from '../../docs/generate/every-alarm.ts';
import { messageTable } from '../../docs/generate/message-table.ts';
import { messages } from '../../functions/runtime/message-codes.ts';
import { judgesTable, keptVerdicts } from '../../judges/results.ts';
import { evidenceOf, figureIds, keptResults } from '../../prove/results.ts';
import { doorcodeTemplate } from '../lib/doorcode-template.ts';
import { alarmsOf } from '../support/watched-metrics.ts';

const pageOf = (name: string): string => readFileSync(join(import.meta.dirname, '../../docs', name), 'utf8');
const onCall = pageOf('on-call.md');
const stale = 'the page is behind its sources: npm run docs';

/** What stands between the markers of a part. */
function partOf(page: string, name: string): string {
  const begin = `<!-- begin ${name}: written by the command -->`;
  expect(page).toContain(begin);
  return page.slice(page.indexOf(begin) + begin.length, page.indexOf(`<!-- end ${name} -->`)).trim();
}

it('the page for the person on call has every message code, with its level, meaning and action', () => {
  const part = partOf(onCall, 'message codes');
  expect(part, stale).toBe(messageTable());
  const named = part.match(/^\| `[a-z-]+\.[a-z-]+` \|/gm) ?? [];
  expect(named).toHaveLength(Object.keys(messages).length);
});

it('the page for the person on call has every alarm, with what it watches and what to do', () => {
  const template = doorcodeTemplate(everyAlarm);
  const part = partOf(onCall, 'alarms');
  expect(part, stale).toBe(alarmTable(template.toJSON()['Resources']));
  expect(part.match(/^\| `/gm)).toHaveLength(alarmsOf(template).length);
});

it('the page on the design has the ceiling of every kind of item', () => {
  expect(partOf(pageOf('design.md'), 'ceilings'), stale).toBe(ceilings());
  const template = JSON.stringify(doorcodeTemplate(everyAlarm).toJSON());
  const granted = [...template.matchAll(/dynamodb:LeadingKeys":\[([^\]]*)\]/g)].flatMap(([, keys = '']) =>
    [...keys.matchAll(/"([a-z]+)[#"]/g)].map(([, kind]) => kind),
  );
  expect(granted.length).toBeGreaterThan(5);
  for (const kind of granted) expect(ceilings()).toMatch(new RegExp(`\`${kind}(#…)?\``));
});

it('the evidence has the results that the commands kept', () => {
  const results = keptResults();
  expect(
    results.map(({ id }) => id),
    'a figure was not taken: npm run prove, or npm run mutate for R8',
  ).toEqual(figureIds);
  expect(partOf(pageOf('evidence.md'), 'prove'), stale).toBe(evidenceOf(results));
});

it('the evidence has the verdicts that the judges gave', () => {
  const verdicts = keptVerdicts();
  expect(verdicts.length).toBeGreaterThan(0);
  expect(partOf(pageOf('evidence.md'), 'judges'), stale).toBe(judgesTable(verdicts));
  for (const { name, cases, mistake } of verdicts) {
    expect(cases, name).toBeGreaterThan(0);
    expect(mistake.found, `${name} missed ${mistake.what}`).not.toEqual([]);
  }
});

it('the list of decisions has each of them, numbered without a gap', () => {
  expect(partOf(pageOf('decisions/README.md'), 'decisions'), stale).toBe(decisionList());
  const numbers = decisionFiles().map((name) => /^(\d{3})-[a-z0-9-]+\.md$/.exec(name)?.[1]);
  const how = 'a decision is named NNN-title.md, with the next number; then npm run docs';
  expect(numbers, how).toEqual(numbers.map((_, i) => String(i + 1).padStart(3, '0')));
});

it.each(decisionFiles())('%s has its four parts, in at most 40 lines', (name) => {
  const text = pageOf(`decisions/${name}`);
  const parts = [...text.matchAll(/^## (.+)$/gm)].map(([, title]) => title);
  expect(parts.slice(0, 2)).toEqual(['Context', 'Decision']);
  expect(parts.slice(-2)).toEqual(['Consequence', 'Date']);
  expect(text.split('\n').length).toBeLessThanOrEqual(40);
});

it('an alarm that the table cannot tell is an error, not a gap', () => {
  const alarm = {
    Type: 'AWS::CloudWatch::Alarm',
    Properties: {
      AlarmDescription: 'Doorcode: something.',
      ComparisonOperator: 'GreaterThanThreshold',
      Threshold: 0,
      EvaluationPeriods: 1,
    },
  };
  expect(() => alarmTable({ Alarms1: alarm })).toThrow('an alarm without a metric or a label');
  expect(() => alarmTable({ Table: { Type: 'AWS::DynamoDB::Table' } })).toThrow('the template has no alarm');
});
