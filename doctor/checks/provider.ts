/**
 * The provider, asked by the rotation function with the key in use: its address resolves from Lambda, its certificate is
 * valid, and it accepts the key. No SMS is sent, and the key stays in the function.
 */
import { InvokeCommand } from '@aws-sdk/client-lambda';
import { ListSecretVersionIdsCommand } from '@aws-sdk/client-secrets-manager';
import type { Check } from '../check.ts';
import type { DeployedStack } from '../deployed-stack.ts';
import { ok, type Problem, untold, wrong } from '../finding.ts';
import type { Right } from '../right.ts';
import { hasProviderKey, type StackSecret, secretsOf } from '../secrets.ts';

const list = (resource: string): Right => ({ action: 'secretsmanager:ListSecretVersionIds', resource });
const invoke = (resource: string): Right => ({ action: 'lambda:InvokeFunction', resource });

function keyOf(stack: DeployedStack): Required<StackSecret> | undefined {
  const secret = secretsOf(stack).find(({ variable }) => variable === 'SMS_SECRET_ARN');
  return secret?.rotation === undefined ? undefined : { ...secret, rotation: secret.rotation };
}

export const providerCheck: Check = {
  name: 'provider',
  rights: (stack) => {
    const key = keyOf(stack);
    return key?.rotation === undefined ? [] : [list(key.arn), invoke(key.rotation.functionArn)];
  },
  asks: (stack) =>
    keyOf(stack) === undefined
      ? []
      : [
          'Has the rotation function ask the provider whether it accepts the key in use. No SMS is sent.',
          'If the provider refuses it or does not answer, the alarm ProviderKeyRotationFailed goes off.',
        ],
  look: async ({ stack, clients, read }) => {
    const key = keyOf(stack);
    if (key?.rotation === undefined) return [untold('the stack has no rotation of the provider key')];
    const { functionArn } = key.rotation;
    const versions = await read(list(key.arn), (options) =>
      clients.secrets.send(
        new ListSecretVersionIdsCommand({ SecretId: key.arn, IncludeDeprecated: true, MaxResults: 100 }),
        options,
      ),
    );
    if (!hasProviderKey(versions?.Versions ?? [])) return [untold('no provider key is stored yet')];
    const Payload = Buffer.from(JSON.stringify({ Step: 'tryCurrent', SecretId: key.arn }));
    const answer = await read(invoke(functionArn), (options) =>
      clients.lambda.send(new InvokeCommand({ FunctionName: functionArn, Payload }), options),
    );
    if (answer === undefined) return [wrong('The rotation function does not exist.', 'Deploy again.')];
    if (answer.FunctionError === undefined) return [ok('reachable from Lambda; it accepts the key in use')];
    return [problemOf(parsed(answer.Payload))];
  },
};

function parsed(payload: Uint8Array | undefined): { readonly type: string; readonly message: string } {
  const { errorType = '', errorMessage = '' } = Object(JSON.parse(Buffer.from(payload ?? '{}').toString()));
  return { type: String(errorType), message: String(errorMessage) };
}

function problemOf({ type, message }: ReturnType<typeof parsed>): Problem {
  if (type === 'ValiError')
    return untold('the deployed rotation function is older than this command: deploy first');
  if (message.includes('did not say'))
    return wrong(
      'The provider did not answer the rotation function.',
      'Check its status page and whether its name resolves, then run this again.',
    );
  return wrong(
    `The rotation function could not try the key: ${message || type}.`,
    'Refused or malformed: store a working key with the line in the stack’s output StoreSmsKey. Otherwise read the log of the rotation function.',
  );
}
