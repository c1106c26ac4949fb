/** What the package `doorcode` exports to a CDK app. */
export { Doorcode } from './doorcode.ts';
export type { DoorcodeProps } from './doorcode-props.ts';
export { DoorcodeStack } from './doorcode-stack.ts';
export type { DoorcodeStackProps } from './doorcode-stack-props.ts';
