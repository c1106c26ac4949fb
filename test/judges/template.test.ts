/** What the judge of the template relies on: its variants know every setting, and a decision excuses only what it names. */
import { describe, expect, it } from 'vitest';
import { decidedOn } from '../../judges/template/decided.ts';
import { variants } from '../../judges/template/variants.ts';
import { deploymentSettingsSchema } from '../../lib/settings/deployment-settings.ts';
import { parseStackSettings } from '../../lib/settings/stack-settings.ts';

describe('the variants of the template', () => {
  it('have every setting of a deployment, and only settings that are valid', () => {
    const all = variants();
    expect(Object.keys(deploymentSettingsSchema.entries).toSorted()).toEqual(
      Object.keys(all['Everything'] ?? {})
        .filter((name) => Object.hasOwn(deploymentSettingsSchema.entries, name))
        .toSorted(),
    );
    for (const settings of Object.values(all)) expect(() => parseStackSettings(settings)).not.toThrow();
  });

  it('have each option alone, and all options but each', () => {
    const names = Object.keys(variants());
    const alone = names.flatMap((name) => /^Only-(.*)/.exec(name)?.[1] ?? []);
    expect(names).toEqual([
      'Defaults',
      'Everything',
      ...alone.map((name) => `Only-${name}`),
      ...alone.map((name) => `Without-${name}`),
    ]);
    expect(alone.length).toBeGreaterThan(15);
  });
});

describe('the decisions on the template', () => {
  const table = { rule: 'R1', resources: ['Table'], reason: 'because' };
  const at = (resource: string) => ({ rule: 'R1', message: 'wrong', resource });

  it('excuse the resource that they name, with the hash that CDK appends', () => {
    for (const id of ['Table', 'Table0123ABCD'])
      expect(decidedOn([at(id)], [table])).toEqual({
        findings: [],
        decisions: [{ finding: 'R1 at Table', reason: 'because.' }],
      });
  });

  it('excuse no other resource and no other rule', () => {
    const more = [at('Table'), at('OtherTable'), { ...at('Table'), rule: 'R2' }, at('')];
    expect(decidedOn(more, [table]).findings).toEqual([
      'R1 at OtherTable: wrong',
      'R2 at Table: wrong',
      'R1 at the template: wrong',
    ]);
  });

  it('are findings where they excuse nothing any more, name by name', () => {
    const both = { ...table, resources: ['Table', 'Gone'] };
    expect(decidedOn([at('Table')], [both]).findings).toEqual([
      'R1 at Gone: decided on, but no tool says it any more',
    ]);
    expect(decidedOn([], [table])).toEqual({
      findings: ['R1 at Table: decided on, but no tool says it any more'],
      decisions: [],
    });
  });
});
