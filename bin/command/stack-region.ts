/**
 * The region of a stack, as this checkout last synthesised it (`cdk.out`). The person who deploys sets it in `bin/app.ts`.
 * Their shell may have another region, where a command would not find the stack.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';

/** The part of the cloud assembly's manifest that this file reads. */
const manifestSchema = v.object({
  artifacts: v.record(
    v.string(),
    v.object({
      type: v.string(),
      environment: v.optional(v.string(), ''),
      properties: v.optional(v.looseObject({ stackName: v.optional(v.string()) }), {}),
    }),
  ),
});

/** The region of the stack `stackName` in the assembly `directory`; undefined where it names none. */
export function stackRegion(directory: string, stackName: string): string | undefined {
  const artifacts = Object.entries(readManifest(join(directory, 'manifest.json')));
  const stack = artifacts.find(
    ([id, { type, properties }]) =>
      type === 'aws:cloudformation:stack' && (properties.stackName ?? id) === stackName,
  );
  // `aws://123456789012/ap-south-1`, or `…/unknown-region` where the settings leave it to the shell.
  const [, region] = /^aws:\/\/[^/]+\/([a-z]{2,}(?:-[a-z]+)+-\d+)$/.exec(stack?.[1].environment ?? '') ?? [];
  return region;
}

function readManifest(file: string): v.InferOutput<typeof manifestSchema>['artifacts'] {
  try {
    return v.parse(manifestSchema, JSON.parse(readFileSync(file, 'utf8'))).artifacts;
  } catch {
    return {};
  }
}
