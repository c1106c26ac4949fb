/** The template and the rights of a deployment, in a form that two checkouts give alike. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as v from 'valibot';
import type { DoorcodeStackProps } from '../../lib/doorcode-stack-props.ts';
import { synthesiseForThisMachine } from '../../lib/synthesise.ts';
import { templateSchema } from '../../local/template.ts';
import { grantsOf } from '../template-grants.ts';
import type { OffStack } from './off-stack.ts';

const rawSchema = v.looseObject({
  Resources: v.record(v.string(), v.record(v.string(), v.unknown())),
  Outputs: v.record(v.string(), v.unknown()),
});

/** Synthesises a stack with `settings` and reads its template and its rights. */
export function readTemplate(settings: Partial<DoorcodeStackProps>): Pick<OffStack, 'template' | 'rights'> {
  const outdir = mkdtempSync(join(tmpdir(), 'doorcode-off-stack-'));
  try {
    const props = {
      appName: 'Doorcode',
      audience: 'doorcode-app',
      env: { account: '123456789012', region: 'ap-south-1' },
      ...settings,
    };
    const [stack] = synthesiseForThisMachine({ outdir, stacks: { Doorcode: props } }).stacks;
    const { Resources, Outputs } = v.parse(rawSchema, stack?.template);
    const resources = Object.entries(Resources).map(([id, { Metadata: _, ...resource }]) => [id, resource]);
    return {
      template: comparable(Object.fromEntries([...resources, ...Object.entries(Outputs)])),
      rights: grantsOf(v.parse(templateSchema, stack?.template))
        .map(({ holder, allows }) => `${holder}: ${allows}`)
        .toSorted(),
    };
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
}

/**
 * Without the hashes of the bundles, which change with every line of a function, and without the one word by which the
 * functions learn that there are no sessions. Both stand in strings of the template.
 */
function comparable(template: object): OffStack['template'] {
  return JSON.parse(
    JSON.stringify(template)
      .replace(/[0-9a-f]{64}\.zip/g, 'bundle.zip')
      .replaceAll(',\\"sessions\\":\\"off\\"', ''),
  );
}
