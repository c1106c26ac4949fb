/** The settings of a Doorcode, and those of the stack that it has to itself, in one flat list. */
import type { StackProps } from 'aws-cdk-lib';
import type { DoorcodeProps } from './doorcode-props.ts';

/** The settings of a Doorcode stack. Only `appName` and `audience` have no default. */
export interface DoorcodeStackProps extends StackProps, DoorcodeProps {}
