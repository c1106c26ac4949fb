/**
 * Before every logical id of a Doorcode that shares its stack with other resources (`logical-ids.ts`). It is a file of its
 * own, because the commands need it, and the CDK is a second's work to load.
 */
export const sharedPrefix = 'Doorcode';
