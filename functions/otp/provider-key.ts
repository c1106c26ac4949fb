/** What a StartMessaging key looks like: `sm_live_` and 40 lower-case hexadecimal digits, as its dashboard shows it. */

/** Whether `text` can be a key; whether it is one, only the provider knows. */
export function isProviderKey(text: string): boolean {
  return /^sm_live_[0-9a-f]{40}$/.test(text);
}
