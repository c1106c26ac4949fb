/**
 * The commands that the security team runs. The first stores a StartMessaging key. The person types the key into `read`,
 * which does not show it, and it reaches the AWS CLI through a pipe. So it is in no argument list, no shell history and no
 * file. `printf %s` adds no line feed, which would become part of the key. The command works in bash and zsh.
 *
 * The second starts the rotation. It is a line of its own, because `read` would take it for the key if both were pasted.
 */
import type { Stack } from 'aws-cdk-lib';
import type { Secret } from './secrets.ts';

/** One shell line; it names the secret and its region, and the label under which the key waits, if it shall. */
export function storeSmsKeyCommand(stack: Stack, secret: Secret, label?: string): string {
  const put = `aws secretsmanager put-secret-value --region ${stack.region} --secret-id ${secret.ref}`;
  const stages = label === undefined ? '' : ` --version-stages ${label}`;
  return `read -rs KEY && printf %s "$KEY" | ${put} --secret-string file:///dev/stdin${stages}; unset KEY`;
}

/** One shell line that rotates a secret now. */
export function rotateCommand(stack: Stack, secret: Secret): string {
  return `aws secretsmanager rotate-secret --region ${stack.region} --secret-id ${secret.ref}`;
}
