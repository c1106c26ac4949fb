/**
 * The settings of a deployment that the functions never see: domain, roles, logs, throttles, and what survives a deletion.
 * As with the functions' settings, the synth parses them before it builds anything, refuses unknown members, and repairs none.
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

/** Secrets of an earlier stack, by purpose. The stack creates the others. */
export type ExistingSecrets = DeploymentSettings['existingSecrets'];

/** The settings with every default filled in. */
export type DeploymentSettings = v.InferOutput<typeof deploymentSettingsSchema>;
