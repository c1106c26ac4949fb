/** Sets the controls of a local stack as an operator does by hand, and counts what the functions report of them. */
import type { MessageCode } from '../functions/runtime/message-codes.ts';
import type { LocalStack } from '../local/local-stack.ts';

/** The ARN of the controls' secret. */
export function controlsArn({ deployment }: Pick<LocalStack, 'deployment'>): string {
  const secret = deployment.secrets.find(({ logicalId }) => logicalId === 'ControlsSecret');
  if (secret === undefined) throw new Error('no ControlsSecret');
  return secret.arn;
}

/** Stores any value. */
export async function putControls(stack: LocalStack, value: unknown): Promise<void> {
  await stack.secretsManager.call('PutSecretValue', {
    SecretId: controlsArn(stack),
    SecretString: typeof value === 'string' ? value : JSON.stringify(value),
  });
}

/** The value in force. */
export async function storedControls(stack: LocalStack): Promise<string> {
  const answer = await stack.secretsManager.call('GetSecretValue', { SecretId: controlsArn(stack) });
  return String(Object(answer).SecretString);
}

/** How often a code was counted in the metrics since line number `from`. */
export function countOf(stack: LocalStack, code: MessageCode, from = 0): number {
  return stack.logLines
    .slice(from)
    .map(({ line }) => JSON.parse(line))
    .filter((line) => '_aws' in line && line[code] === 1).length;
}

/** The day so many days from now, UTC, as the controls write it. */
export function dayIn(days: number, now = Date.now() / 1000): string {
  return new Date((now + days * 86_400) * 1000).toISOString().slice(0, 10);
}
