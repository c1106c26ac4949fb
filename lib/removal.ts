/**
 * Removal policies. A resource that survives the deletion of its stack does not survive a failed first deployment, so that
 * the next try begins with nothing. The table is the exception, because its deletion protection would make the rollback
 * itself fail.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-deletionpolicy.html
 */
import { RemovalPolicy } from 'aws-cdk-lib';

/** Turns `RETAIN` into "retain, except when the deployment that creates it fails"; leaves other policies unchanged. */
export function unlessNeverDeployed(policy: RemovalPolicy): RemovalPolicy {
  return policy === RemovalPolicy.RETAIN ? RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE : policy;
}
