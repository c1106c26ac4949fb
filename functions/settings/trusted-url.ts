/** Which URLs a function may fetch from: https, and plain http only to this machine. */

/** Whether `url` is `https:`, or `http:` to 127.0.0.0/8. */
export function isTrustedUrl({ protocol, hostname }: URL): boolean {
  return protocol === 'https:' || (protocol === 'http:' && /^127\.\d+\.\d+\.\d+$/.test(hostname));
}
