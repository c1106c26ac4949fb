/** The rules between the settings of sessions and those of the deployment. Only the synth knows both, and the day. */
import { notBeforeSeconds } from '../../functions/settings/session-settings.ts';
import type { Settings } from '../../functions/settings/settings.ts';
import type { DeploymentSettings } from './deployment-settings.ts';

/** One sentence for each contradiction. */
export function sessionMistakes(
  { sessions }: Settings,
  { sessionSecretRotationDays, existingSecrets, reservedConcurrency }: DeploymentSettings,
): readonly string[] {
  if (sessions === 'off')
    return [
      // Switched on again with the same secret, sessions that the switch ended would live again.
      ...(existingSecrets.session === undefined ? [] : ['existingSecrets.session']),
      ...(typeof reservedConcurrency === 'object' && reservedConcurrency.session !== undefined
        ? ['reservedConcurrency.session']
        : []),
    ].map((name) => `${name}: expected none, because sessions are "off"`);
  const daysOfSecret = sessions.idleDays + 1;
  return [
    ...(sessionSecretRotationDays < daysOfSecret
      ? [
          `sessionSecretRotationDays: expected at least ${daysOfSecret}, which is sessions.idleDays + 1: a rotation would sign idle phones out (given: ${sessionSecretRotationDays})`,
        ]
      : []),
    ...(notBeforeSeconds(sessions) * 1000 > Date.now()
      ? [
          `sessions.notBefore: expected a time that has passed, or no session could begin before it (given: "${sessions.notBefore}")`,
        ]
      : []),
  ];
}
