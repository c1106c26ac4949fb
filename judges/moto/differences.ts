/** Where our Secrets Manager and moto's differ, and what AWS says. */

/** One step that gave two answers. */
export interface Different {
  /** The contract or the rotation. */
  readonly name: string;
  readonly ours: string;
  readonly moto: string;
}

interface Difference {
  readonly what: string;
  readonly covers: (different: Different) => boolean;
  readonly reason: string;
}

const page = 'https://docs.aws.amazon.com/secretsmanager/latest/apireference/';
const withoutBareVersions = (line: string): string =>
  line.replace(/\d: none(?:, )?/g, '').replace(/(?:, |; )$/, '');

export const differences: readonly Difference[] = [
  {
    what: 'moto lists a version that has lost its last stage',
    covers: ({ ours, moto }) => moto.includes(': none') && withoutBareVersions(moto) === ours,
    reason: `AWS lists it only where IncludeDeprecated asks for it: ${page}API_DescribeSecret.html, VersionIdsToStages; ${page}API_ListSecretVersionIds.html.`,
  },
  {
    what: 'moto refuses a rotation after one that has finished, and starts one over another that has not',
    covers: ({ ours, moto }) =>
      [ours, moto].every((line) => line.startsWith('RotateSecret again: ')) &&
      (moto.includes('AWSCURRENT+AWSPENDING')
        ? ours.includes(': done;') && moto.includes(': InvalidRequestException;')
        : ours.includes(': InvalidRequestException;') && moto.includes(': done;')),
    reason: `AWS says the reverse: AWSPENDING on the current version or on none is a finished rotation, on another version one in progress. ${page}API_RotateSecret.html.`,
  },
  {
    what: 'moto reads another version than the current one after a promotion',
    covers: ({ name, ours, moto }) =>
      name === 'a promotion' && ours.includes('AWSCURRENT') && moto.startsWith('GetSecretValue: one'),
    reason: `Without a version or a stage, AWS reads AWSCURRENT: ${page}API_GetSecretValue.html.`,
  },
  {
    what: 'moto names an invalid parameter where a version is not there, and takes the stage off all the same',
    covers: ({ name }) => name === 'a promotion of a version that is not there',
    reason: `AWS has ResourceNotFoundException for what it cannot find: ${page}API_UpdateSecretVersionStage.html.`,
  },
  {
    what: 'moto takes AWSCURRENT off and leaves the secret without one',
    covers: ({ name }) => name === 'AWSCURRENT cannot be taken off',
    reason:
      'AWS refuses it as InvalidParameterException: the label can only move to another version (its words are in the Terraform provider’s source, which skips the call).',
  },
  {
    what: 'moto leaves AWSCURRENT on two versions when a value follows a finished rotation',
    covers: ({ name, ours, moto }) =>
      name === 'a value after a finished rotation' && ours !== moto && moto.split('AWSCURRENT').length === 3,
    reason:
      'A stage is on one version at a time: https://docs.aws.amazon.com/secretsmanager/latest/userguide/whats-in-a-secret.html. That AWSPENDING goes with AWSCURRENT is in answers of AWS that LocalStack’s tests keep.',
  },
  {
    what: 'moto rotates a secret that has no function',
    covers: ({ name }) => name === 'a rotation without a function',
    reason: `AWS answers InvalidRequestException: ${page}API_RotateSecret.html.`,
  },
  {
    what: 'moto calls a token that is too short an invalid parameter, and ours a failed validation',
    covers: ({ name }) => name === 'a token that is too short',
    reason: `AWS documents both, the second for input that is outside of a constraint (${page}CommonErrors.html). No caller of ours tells them apart.`,
  },
];
