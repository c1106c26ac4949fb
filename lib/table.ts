/**
 * The one table. Partition key `pk` alone, time to live in `ttl`: `phone#…`, `address#…` and `budget#…` items that
 * forget themselves, and `jwks`, the public keys, which the rotation function writes again at every rotation.
 *
 * Encryption at rest is DynamoDB's own key. The table holds no number and no code, only keyed hashes whose keys are
 * in Secrets Manager: a customer key would add its price, a second permission in front of meaningless bytes, and one
 * more thing whose loss stops every sign-in.
 * No point-in-time recovery: a restore would bring back spent codes and forgotten limits, and for 35 days keep a
 * trail of who signed in when that `ttl` promises to delete. A lost table costs one day's limits and the codes on
 * their way; the public keys come back with the next rotation. What deletion protection stops is the accident.
 */
import { RemovalPolicy, Validations } from 'aws-cdk-lib';
import { CfnTable } from 'aws-cdk-lib/aws-dynamodb';
import { Construct } from 'constructs';

export interface TableProps {
  /** `RETAIN` also switches deletion protection on; with `DESTROY` it would only make the deletion fail half-way. */
  readonly removalPolicy: RemovalPolicy;
}

/** The table; its logical id is the construct's id. */
export class Table extends Construct {
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
        'Everything here expires within days or is written again by the rotation. A restore would revive spent ' +
        'codes and forgotten limits, and would keep hashed sign-in times for 35 days that the table deletes.',
    });
  }
}
