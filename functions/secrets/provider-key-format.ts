/** The format of a StartMessaging key: `sm_live_` and 40 lower-case hexadecimal digits, as in its dashboard. */

/**
 * The placeholder in the SMS secret before the first key. The deployment writes it, so that the secret has an AWSCURRENT
 * when its rotation is attached. Readers report it as `empty`, and no rotation tries it. Never change it: CloudFormation
 * would overwrite the key in use.
 */
export const noProviderKey = 'no key yet';

/** Whether `text` has the format of a key. Only the provider knows whether it is valid. */
export function isProviderKey(text: string): boolean {
  return /^sm_live_[0-9a-f]{40}$/.test(text);
}
