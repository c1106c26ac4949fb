/**
 * The one table, with the partition key `pk` and TTL cleanup by `ttl`. It holds the items of numbers (limits, codes,
 * devices, sessions; see `functions/limits/lane.ts`) and counters (addresses, blocks, budgets, breakers), which all expire.
 * It also holds `jwks`, the public keys, which the rotation function writes again at every rotation.
 *
 * DynamoDB's own key encrypts it at rest. The table holds no number and no code, only keyed hashes whose keys are in
 * Secrets Manager, and the labels that apps give to their sessions. A customer key would add its price and a second
 * permission, and its loss would stop every sign-in.
 *
 * The loss of the table signs everybody out, forgets every device, and costs one day's limits and the open codes. Everybody
 * signs in again with an SMS, and the public keys come back with the next rotation. It still has no point-in-time recovery.
 * A restore would make sessions valid again that their users or an operator had ended, and bring back used codes and
 * expired limits. AWS would also keep for 35 days a trail of sign-ins that `ttl` promises to delete. Deletion protection
 * stops an accidental deletion.
 */
import { RemovalPolicy, Validations } from 'aws-cdk-lib';
import { CfnTable } from 'aws-cdk-lib/aws-dynamodb';
import { Construct } from 'constructs';

export interface TableProps {
  /** `RETAIN` also switches deletion protection on; with `DESTROY` it would only make the deletion fail half-way. */
  readonly removalPolicy: RemovalPolicy;
}

/** The table; its logical id is the construct's id. */
export class DoorcodeTable extends Construct {
  /** For the environment of the functions. */
  readonly tableName: string;
  /** For the rights of the functions. */
  readonly tableArn: string;

  constructor(scope: Construct, id: string, { removalPolicy }: TableProps) {
    super(scope, id);
    const table = new CfnTable(this, 'Default', {
      keySchema: [{ attributeName: 'pk', keyType: 'HASH' }],
      attributeDefinitions: [{ attributeName: 'pk', attributeType: 'S' }],
      billingMode: 'PAY_PER_REQUEST',
      timeToLiveSpecification: { attributeName: 'ttl', enabled: true },
      deletionProtectionEnabled: removalPolicy === RemovalPolicy.RETAIN,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: false },
    });
    table.applyRemovalPolicy(removalPolicy);
    this.tableName = table.ref;
    this.tableArn = table.attrArn;
    Validations.of(table).acknowledge({
      id: 'AwsSolutions::AwsSolutions-DDB3',
      reason:
        'Every item expires, or the rotation writes it again. A restore would bring back used codes, ended sessions and ' +
        'expired limits, and would keep for 35 days hashed sign-in times that the table deletes.',
    });
  }
}
