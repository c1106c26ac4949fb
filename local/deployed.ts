/** The types of what a template deploys, as the local stack runs it. `read-deployment.ts` reads them from a template. */
import type { Statement } from './aws/iam.ts';
import type { InvokePermission } from './aws/invoke-permission.ts';
import type { Cors, DeployedRoute } from './deployed-routes.ts';
import type { Properties, Template } from './template.ts';

export interface DeployedFunction {
  /** The name of the entry, such as `request-otp`. */
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
  /** True for a secret outside the stack. The settings name it, and an output gives its ARN to the commands. */
  readonly isExisting?: true;
  /** The value that a deployment stores: a literal, a generated string, or none. */
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
  /** Whether a deployment starts the rotation. Otherwise it only calls testSecret. */
  readonly startsAtOnce: boolean;
  /** When Secrets Manager rotates by the calendar, as the template says; undefined where it never does. */
  readonly rules: Properties | undefined;
}

interface DeployedResource {
  readonly logicalId: string;
  readonly type: string;
  readonly physicalId: string;
  readonly properties: Properties;
}

export interface Deployment {
  /** The template, unchanged. */
  readonly template: Template;
  /** Every resource of the template, each with its own name here and every intrinsic replaced. */
  readonly resources: readonly DeployedResource[];
  /** The outputs with their values. */
  readonly outputs: readonly (readonly [key: string, value: string])[];
  readonly region: string;
  /** Tags of the stack itself, which CloudFormation copies to its resources. */
  readonly stackTags: Readonly<Record<string, string>>;
  readonly table: {
    readonly name: string;
    readonly arn: string;
    readonly ttlAttribute: string;
    readonly isProtected: boolean;
  };
  readonly functions: readonly DeployedFunction[];
  readonly routes: readonly DeployedRoute[];
  readonly secrets: readonly DeployedSecret[];
  /** Resource policies of the secrets. */
  readonly secretPolicies: readonly {
    readonly secretArn: string;
    readonly statements: readonly Statement[];
  }[];
  readonly rotations: readonly DeployedRotation[];
  /** The functions that EventBridge invokes on a schedule. */
  readonly schedules: readonly DeployedSchedule[];
  readonly invokePermissions: readonly InvokePermission[];
  readonly cors: Cors | undefined;
  readonly accessLogFormat: string;
  /** The value of the output TestNumbersUntil: a day, or `none`. */
  readonly testNumbersUntil: string;
}
