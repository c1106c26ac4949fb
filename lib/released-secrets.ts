/**
 * The gate in front of every synth: a secret resource that differs from the last release's in any way is an error.
 * CloudFormation would call UpdateSecret and GetSecretValue for it, which the secret's own policy denies to the role of
 * deployments: the update would fail, and its rollback would have to make the same calls.
 *
 * The last release's template lies in `release/template.json`; `npm run release` writes it.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { Stack } from 'aws-cdk-lib';
import { CfnSecret } from 'aws-cdk-lib/aws-secretsmanager';
import * as v from 'valibot';

const resource = v.looseObject({ Type: v.string(), Metadata: v.optional(v.unknown()) });
const template = v.object({ Resources: v.record(v.string(), resource) });

/** Where the template of the last release lies. */
export const releaseFile = join(import.meta.dirname, 'release', 'template.json');

/** The secret resources of the last release, by their logical ids. */
export function releasedSecrets(): Readonly<Record<string, unknown>> {
  const { Resources } = v.parse(template, JSON.parse(readFileSync(releaseFile, 'utf8')));
  return Object.fromEntries(
    Object.entries(Resources).flatMap(([id, { Metadata: _, ...rest }]) =>
      rest.Type === CfnSecret.CFN_RESOURCE_TYPE_NAME ? [[id, rest]] : [],
    ),
  );
}

/** One sentence for each released secret that `stack` would change or lose. `existing` are named by the settings. */
export function changedSecrets(stack: Stack, existing: readonly string[]): readonly string[] {
  const present = new Map(
    stack.node
      .findAll()
      .filter((construct) => construct instanceof CfnSecret)
      .map((secret) => [stack.resolve(secret.logicalId), rendered(stack, secret)]),
  );
  return Object.entries(releasedSecrets())
    .filter(([id]) => !existing.includes(id))
    .flatMap(([id, released]) => {
      if (isDeepStrictEqual(present.get(id), released)) return [];
      return [
        present.has(id)
          ? `${id} differs from the last release: CloudFormation could not update it, because its policy denies that. Leave it as it was.`
          : `${id} is missing: its value would be lost to this stack. Keep its logical id, or name the secret in existingSecrets.`,
      ];
    });
}

/** As the template will have it, without the metadata that CDK's own tools write. */
function rendered(stack: Stack, secret: CfnSecret): unknown {
  // As JSON: what is undefined in memory is not there.
  const written: unknown = JSON.parse(JSON.stringify(stack.resolve(secret._toCloudFormation())));
  const { Resources } = v.parse(template, written);
  return Object.values(Resources).map(({ Metadata: _, ...rest }) => rest)[0];
}
