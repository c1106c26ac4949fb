/**
 * A check in every synth: a secret resource that differs from the last release's in any way is an error. CloudFormation
 * would call UpdateSecret and GetSecretValue for it, which the secret's own policy denies to the deployment role. The
 * update would fail, and so would its rollback, which makes the same calls.
 *
 * `npm run release` writes the last release's template to `release/template.json`.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { Stack } from 'aws-cdk-lib';
import { CfnSecret } from 'aws-cdk-lib/aws-secretsmanager';
import type { Construct } from 'constructs';
import * as v from 'valibot';

const resource = v.looseObject({ Type: v.string(), Metadata: v.optional(v.unknown()) });
const template = v.object({ Resources: v.record(v.string(), resource) });

/** The template of the last release. */
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

/**
 * One sentence for each released secret that `doorcode` would change or lose. The settings keep `notOurs` out of it, and
 * `prefix` is before the logical ids of this stack.
 */
export function changedSecrets(
  doorcode: Construct,
  notOurs: readonly string[],
  prefix: string,
): readonly string[] {
  const stack = Stack.of(doorcode);
  const present = new Map(
    doorcode.node
      .findAll()
      .filter((construct) => construct instanceof CfnSecret)
      .map((secret) => [stack.resolve(secret.logicalId), rendered(stack, secret)]),
  );
  return Object.entries(releasedSecrets())
    .filter(([id]) => !notOurs.includes(id))
    .flatMap(([id, released]) => {
      const idHere = `${prefix}${id}`;
      if (isDeepStrictEqual(present.get(idHere), released)) return [];
      return [
        present.has(idHere)
          ? `${id} differs from the last release. CloudFormation could not update it, because its policy denies that. Undo the change.`
          : `${id} is missing, so this stack would lose its value. Keep its logical id, or name the secret in existingSecrets.`,
      ];
    });
}

/** The resource as in the template, without the metadata that CDK's own tools write. */
function rendered(stack: Stack, secret: CfnSecret): unknown {
  // Compared as JSON, which omits members that are undefined in memory.
  const written: unknown = JSON.parse(JSON.stringify(stack.resolve(secret._toCloudFormation())));
  const { Resources } = v.parse(template, written);
  return Object.values(Resources).map(({ Metadata: _, ...rest }) => rest)[0];
}
