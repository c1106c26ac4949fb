/** A stack with a Doorcode and nothing else. */
import { Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { Doorcode } from './doorcode.ts';
import type { DoorcodeStackProps } from './doorcode-stack-props.ts';

/** Phone sign-in for one app. Throws a `TypeError` that lists every mistake in the settings. */
export class DoorcodeStack extends Stack {
  readonly doorcode: Doorcode;

  constructor(scope: Construct, id: string, props: DoorcodeStackProps) {
    super(scope, id, props);
    // CDK leaves a path's component `Default` out of logical ids, so they are those of constructs directly in the stack.
    this.doorcode = new Doorcode(this, 'Default', props);
  }
}
