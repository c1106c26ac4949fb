/**
 * Sample events of CloudTrail's shape for one secret. CloudTrail leaves the parameters out of most denied calls; then the
 * message alone names the secret.
 * https://docs.aws.amazon.com/secretsmanager/latest/userguide/cloudtrail_log_entries.html
 */
import { environmentOf } from './api.ts';
import { type DeployedStack, ofType } from './deployed-stack.ts';
import type { StackSecret } from './secrets.ts';

export interface Sample {
  /** For people: `a denied read`. */
  readonly what: string;
  /** Whether a filter must find it; otherwise none may. */
  readonly isForeign: boolean;
  /** JSON. */
  readonly event: string;
}

/** `Name-abc` of `…:secret:Name-abc-XYZ123`. */
export function nameOf({ arn }: StackSecret): string {
  return arn
    .split(':')
    .slice(6)
    .join(':')
    .replace(/-[^-]{6}$/, '');
}

/** A stranger's calls on a secret, and those of its own functions. */
export function samplesOf(secret: StackSecret, stack: DeployedStack): readonly Sample[] {
  const stranger = `arn:${stack.partition}:iam::${stack.account}:role/doorcode-doctor-stranger`;
  const readers = ofType(stack, 'AWS::Lambda::Function')
    .filter((lambda) => Object.values(environmentOf(lambda)).includes(secret.arn))
    .map(({ logicalId, properties }) => ({ logicalId, roleArn: String(properties['Role']) }));
  const parameters = { requestParameters: { secretId: secret.arn } };
  const denied = {
    errorCode: 'AccessDenied',
    errorMessage: `User: ${stranger} is not authorized to perform: secretsmanager:GetSecretValue on resource: ${secret.arn} with an explicit deny in a resource-based policy`,
    requestParameters: null,
  };
  const bySession = (roleArn: string) => ({
    type: 'AssumedRole',
    sessionContext: { sessionIssuer: { type: 'Role', arn: roleArn } },
  });
  const event = (eventName: string, userIdentity: object, rest: object): string =>
    JSON.stringify({ eventSource: 'secretsmanager.amazonaws.com', eventName, userIdentity, ...rest });
  return [
    {
      what: 'a read by a role',
      isForeign: true,
      event: event('GetSecretValue', bySession(stranger), parameters),
    },
    { what: 'a denied read', isForeign: true, event: event('GetSecretValue', bySession(stranger), denied) },
    {
      what: 'a read by a user without a role',
      isForeign: true,
      event: event('GetSecretValue', { type: 'IAMUser' }, parameters),
    },
    {
      what: 'a change of the policy',
      isForeign: true,
      event: event('PutResourcePolicy', bySession(stranger), parameters),
    },
    { what: 'a deletion', isForeign: true, event: event('DeleteSecret', bySession(stranger), parameters) },
    ...readers.map(({ logicalId, roleArn }) => ({
      what: `the reads of ${logicalId}`,
      isForeign: false,
      event: event('GetSecretValue', bySession(roleArn), parameters),
    })),
  ];
}
