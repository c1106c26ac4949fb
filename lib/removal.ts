/**
 * What is kept with a stack that goes away is not kept from one that never came up: a first deployment that fails takes
 * its own resources with it, so that the next try begins with nothing. The table is the exception, because its deletion
 * protection would make the rollback itself fail.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-deletionpolicy.html
 */
import { RemovalPolicy } from 'aws-cdk-lib';

/** `RETAIN`, but for the deployment that makes the resource; any other policy as it is. */
export function unlessNeverDeployed(policy: RemovalPolicy): RemovalPolicy {
  return policy === RemovalPolicy.RETAIN ? RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE : policy;
}
