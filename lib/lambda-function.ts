/**
 * One Lambda function: its bundle, its role, its log group. Its own role has the rights that the function needs and the
 * right to write its log. It has no managed policy and no wildcard.
 */
import { Duration, type RemovalPolicy, Stack, Validations } from 'aws-cdk-lib';
import { Effect, PolicyDocument, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import {
  ApplicationLogLevel,
  Architecture,
  Function as CdkFunction,
  Code,
  LoggingFormat,
  Runtime,
  type SystemLogLevel,
} from 'aws-cdk-lib/aws-lambda';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { bundle } from '#bundle';
import type { Variable } from '../functions/settings/environment.ts';
import type { Settings } from '../functions/settings/settings.ts';
import { leftOutBy } from './left-out.ts';
import type { Need } from './need.ts';
import { unlessNeverDeployed } from './removal.ts';

type Environment = Readonly<Partial<Record<Variable, string>>>;

export interface LambdaFunctionProps {
  /** The entry's name in `functions/`, without `.ts`. It exports `handler`. */
  readonly entry: string;
  /** What it does, for the console. */
  readonly description: string;
  /** The settings, which decide what the bundle leaves out. */
  readonly settings: Settings;
  readonly memoryMib: number;
  readonly timeoutSeconds: number;
  /** Reserved concurrency: executions kept for this function, and its ceiling. */
  readonly reservedConcurrency: number | undefined;
  readonly logRetention: RetentionDays;
  readonly systemLogLevel: SystemLogLevel.WARN | SystemLogLevel.INFO;
  readonly removalPolicy: RemovalPolicy;
  /** Its whole environment and all its rights. */
  readonly needs: readonly Need[];
}

/** A function of `functions/`, as it is deployed. */
export class LambdaFunction extends Construct {
  readonly function: CdkFunction;
  readonly logGroup: LogGroup;
  /** Of the role that it runs with. */
  readonly roleArn: string;

  constructor(scope: Construct, id: string, props: LambdaFunctionProps) {
    super(scope, id);
    const { logRetention: retention, removalPolicy, needs } = props;
    const logGroup = new LogGroup(this, 'Log', {
      retention,
      removalPolicy: unlessNeverDeployed(removalPolicy),
    });
    this.logGroup = logGroup;
    const role = this.role(logGroup, needs);
    this.roleArn = role.roleArn;
    this.function = new CdkFunction(this, 'Function', {
      code: Code.fromAsset(bundle(props.entry, leftOutBy(props.settings))),
      handler: 'index.handler',
      description: props.description,
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      memorySize: props.memoryMib,
      timeout: Duration.seconds(props.timeoutSeconds),
      ...(props.reservedConcurrency && { reservedConcurrentExecutions: props.reservedConcurrency }),
      environment: {
        ...Object.fromEntries(needs.map(({ variable, value }) => [variable, value])),
        STACK_NAME: Stack.of(this).stackName,
      } satisfies Environment,
      role,
      logGroup,
      loggingFormat: LoggingFormat.JSON,
      // Above INFO, embedded metrics would be dropped.
      applicationLogLevelV2: ApplicationLogLevel.INFO,
      systemLogLevelV2: props.systemLogLevel,
    });
    Validations.of(this.function).acknowledge(
      {
        id: 'Serverless::Serverless-LambdaDLQ',
        reason:
          'No caller invokes this function asynchronously. API Gateway waits for the answer and passes a failure on. ' +
          'Secrets Manager records a failed rotation and repeats it. A queue would stay empty.',
      },
      {
        id: 'Serverless::Serverless-LambdaTracing',
        reason:
          'Tracing needs rights on every resource, and no function here has such a right. A request is followed by ' +
          'its id, which is in the access log, in the function log and in the answer.',
      },
    );
  }

  private role(logGroup: LogGroup, needs: readonly Need[]): Role {
    const writesItsLog = new PolicyStatement({
      effect: Effect.ALLOW,
      actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
      resources: [logGroup.logGroupArn],
    });
    return new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
      inlinePolicies: {
        Needs: new PolicyDocument({
          statements: [writesItsLog, ...needs.flatMap(({ statements }) => statements)],
        }),
      },
    });
  }
}
