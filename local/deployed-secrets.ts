/** Reads the secrets of a template: those that it creates, with their initial values, and those that it only names. */
import * as v from 'valibot';
import type { DeployedSecret } from './deployed.ts';
import type { OfType, Template } from './template.ts';

/** Every secret that the functions may read. */
export function readSecrets(
  template: Template,
  ofType: OfType,
  arnOf: (id: string) => string,
): readonly DeployedSecret[] {
  return [
    ...ofType('AWS::SecretsManager::Secret').map(([id, secret]) => ({
      logicalId: id,
      arn: arnOf(id),
      initial: initialValue(secret),
    })),
    ...existingSecrets(template),
  ];
}

/** Secrets that the stack does not create. An output with the logical id of each has its ARN. */
function existingSecrets(template: Template): readonly DeployedSecret[] {
  return Object.keys(template.Outputs ?? {}).flatMap((logicalId) => {
    const arn = outputOf(template, logicalId);
    return arn?.startsWith('arn:') && arn.includes(':secretsmanager:')
      ? [{ logicalId, arn, isExisting: true, initial: undefined }]
      : [];
  });
}

function initialValue(secret: Readonly<Record<string, unknown>>): DeployedSecret['initial'] {
  const { SecretString, GenerateSecretString } = secret;
  if (typeof SecretString === 'string') return { literal: SecretString };
  if (GenerateSecretString === undefined) return undefined;
  const generator = v.strictObject({ PasswordLength: v.number(), ExcludePunctuation: v.literal(true) });
  return { generatedLength: v.parse(generator, GenerateSecretString).PasswordLength };
}

/** The value of an output; undefined where it is missing or refers to a resource. */
export function outputOf({ Outputs = {} }: Template, name: string): string | undefined {
  const value = Outputs[name]?.Value;
  return typeof value === 'string' ? value : undefined;
}
