/**
 * Before every logical id of a Doorcode that shares its stack with other resources (`logical-ids.ts`). It is a file of its
 * own, because the commands need it, and the CDK is a second's work to load.
 */
export const sharedPrefix = 'Doorcode';

/** The prefix in a stack with these outputs: empty where a Doorcode has the stack to itself. */
export function prefixIn(outputIds: readonly string[]): string {
  // Every Doorcode has the output ApiUrl, and none that is alone has it under this name.
  return outputIds.includes(`${sharedPrefix}ApiUrl`) ? sharedPrefix : '';
}
