/**
 * The settings of a deployment that the functions never see: domain, roles, logs, throttles, and what survives a deletion.
 * Like the functions' settings they are parsed before anything is built, refuse unknown members, and are never repaired.
 */
import * as v from 'valibot';
import { throttleEntries } from '../../functions/limits/limits.ts';
import { smsTextEntries } from '../sms-texts.ts';
import { accessEntries } from './access-settings.ts';
import { addressEntries } from './address-settings.ts';
import { operationEntries } from './operation-settings.ts';

export const deploymentSettingsSchema = v.pipe(
  v.strictObject({
    ...addressEntries,
    ...accessEntries,
    ...throttleEntries,
    ...operationEntries,
    ...smsTextEntries,
  }),
  v.forward(
    v.partialCheck(
      [['customDomainName'], ['certificateArn']],
      (s) => (s.customDomainName === undefined) === (s.certificateArn === undefined),
      'expected customDomainName and certificateArn together, or neither',
    ),
    ['certificateArn'],
  ),
  v.readonly(),
);

/** What an adopter writes. */
export type DeploymentSettingsInput = v.InferInput<typeof deploymentSettingsSchema>;

/** Secrets of a stack before this one, by what they are for; the others are made. */
export type ExistingSecrets = DeploymentSettings['existingSecrets'];

/** With every default filled in. */
export type DeploymentSettings = v.InferOutput<typeof deploymentSettingsSchema>;
