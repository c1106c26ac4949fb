/** What a StartMessaging key looks like: `sm_live_` and 40 lower-case hexadecimal digits, as its dashboard shows it. */

/**
 * What the secret of the provider's key holds before the first key: a deployment writes it, so that the secret has an
 * AWSCURRENT when its rotation is attached. Nobody takes it for a key: readers say `empty`, and no rotation tries it.
 * Never change it: CloudFormation would write it over the key in use.
 */
export const noProviderKey = 'no key yet';

/** Whether `text` can be a key; whether it is one, only the provider knows. */
export function isProviderKey(text: string): boolean {
  return /^sm_live_[0-9a-f]{40}$/.test(text);
}
