/** What a template deploys, as the local stack runs it. How it is read from a template stands in `deployment.ts`. */
import type { Statement } from './aws/iam.ts';
import type { InvokePermission } from './aws/invoke-permission.ts';
import type { Cors, DeployedRoute } from './deployed-routes.ts';
import type { Template } from './template.ts';

export interface DeployedFunction {
  /** The entry's name as people say it, such as `request-otp`. */
  readonly name: string;
  readonly arn: string;
  /** The unpacked bundle. */
  readonly directory: string;
  /** `index.handler`. */
  readonly handler: string;
  readonly timeoutMs: number;
  readonly memoryMib: number;
  readonly environment: Readonly<Record<string, string>>;
  readonly roleArn: string;
  readonly statements: readonly Statement[];
}

export interface DeployedSecret {
  readonly logicalId: string;
  readonly arn: string;
  /** It is no resource of the stack, but named by its settings and put out for the commands. */
  readonly isExisting?: true;
  /** What a deployment stores: a literal, a generated string, or nothing. */
  readonly initial: { readonly literal: string } | { readonly generatedLength: number } | undefined;
}

interface DeployedSchedule {
  readonly arn: string;
  readonly functionArn: string;
  readonly event: unknown;
}

interface DeployedRotation {
  readonly secretArn: string;
  readonly functionArn: string;
  /** Whether a deployment starts it; otherwise it is only tried. */
  readonly startsAtOnce: boolean;
}

export interface Deployment {
  /** As it was read. */
  readonly template: Template;
  readonly region: string;
  /** Tags of the stack itself, which CloudFormation hands on to its resources. */
  readonly stackTags: Readonly<Record<string, string>>;
  readonly table: { readonly name: string; readonly arn: string; readonly ttlAttribute: string };
  readonly functions: readonly DeployedFunction[];
  readonly routes: readonly DeployedRoute[];
  readonly secrets: readonly DeployedSecret[];
  /** Resource policies of the secrets. */
  readonly secretPolicies: readonly {
    readonly secretArn: string;
    readonly statements: readonly Statement[];
  }[];
  readonly rotations: readonly DeployedRotation[];
  /** What EventBridge invokes by the clock. */
  readonly schedules: readonly DeployedSchedule[];
  readonly invokePermissions: readonly InvokePermission[];
  readonly cors: Cors | undefined;
  readonly accessLogFormat: string;
  /** The output of that name: a day, or `none`. */
  readonly testNumbersUntil: string;
}
