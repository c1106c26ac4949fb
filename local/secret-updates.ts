/**
 * Whether CloudFormation could update a secret. For a changed resource, or another tag of the stack, CloudFormation calls
 * UpdateSecret and GetSecretValue with the deployment role. The secret's own policy may deny that. The policy from before
 * the update decides, because CloudFormation updates a policy after the secret that it names.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-secretsmanager-secret.html (Tags)
 */
import { isDeepStrictEqual } from 'node:util';
import { isDenied } from './aws/iam.ts';
import type { Deployment } from './deployed.ts';
import { account } from './deployed-names.ts';

/** The calls that the handler's schema names for an update, as far as they can reach a value. */
const calls = ['secretsmanager:UpdateSecret', 'secretsmanager:GetSecretValue'];

/** The role that `cdk bootstrap` makes for CloudFormation, in this machine's account. */
export function deploymentRoleArn(region: string): string {
  return `arn:aws:iam::${account}:role/cdk-hnb659fds-cfn-exec-role-${account}-${region}`;
}

/** One sentence for each secret that an update from `before` to `after` would fail at. */
export function refusedSecretUpdates(before: Deployment, after: Deployment): readonly string[] {
  const hasOtherTags = !isDeepStrictEqual(before.stackTags, after.stackTags);
  const context = { 'aws:PrincipalArn': [deploymentRoleArn(before.region)] };
  return before.secrets.flatMap(({ logicalId, arn, isExisting }) => {
    const [from, to] = [before, after].map(({ template }) => template.Resources[logicalId]?.Properties);
    if (isExisting || to === undefined || (isDeepStrictEqual(from, to) && !hasOtherTags)) return [];
    const policy = before.secretPolicies.find(({ secretArn }) => secretArn === arn)?.statements ?? [];
    return calls
      .filter((action) => isDenied(policy, { action, resource: arn, context }))
      .map((action) => `${logicalId}: the role of deployments is not authorized to perform ${action}`);
  });
}
