/**
 * What callers of Secrets Manager rely on, as steps that any implementation can take: stages, versions by id, errors, and the
 * tokens that make a call repeatable. Each step gives one line, so that two implementations can be compared line by line.
 */

/** Makes one call; throws the service's error, whose name is its type. */
export type CallSecrets = (action: string, input: object) => Promise<unknown>;

/** A version id. */
export const token = (n: number): string => `00000000-0000-4000-8000-00000000000${n}`;

interface Contract {
  readonly name: string;
  /** The values that are stored first, each with its stages; without stages as PutSecretValue defaults them. */
  readonly given: readonly (readonly [n: number, value: string, stages?: readonly string[]])[];
  readonly asked: readonly (readonly [action: string, input: object])[];
}

const get = (more: object = {}) => ['GetSecretValue', more] as const;
const move = (VersionStage: string, more: object) =>
  ['UpdateSecretVersionStage', { VersionStage, ...more }] as const;
const one = [1, 'one'] as const;
const two = [2, 'two'] as const;
const three = [3, 'three'] as const;
const pending = [2, 'two', ['AWSPENDING']] as const;

export const contracts: readonly Contract[] = [
  { name: 'an empty secret has no value', given: [], asked: [get(), get({ VersionStage: 'AWSPENDING' })] },
  { name: 'the first value is current', given: [one], asked: [get(), get({ VersionId: token(1) })] },
  {
    name: 'the first value is current, whatever its stage',
    given: [[1, 'one', ['CANDIDATE']]],
    asked: [get(), get({ VersionStage: 'CANDIDATE' })],
  },
  {
    name: 'a new value is current, and the one before is previous',
    given: [one, two, three],
    asked: [get(), get({ VersionStage: 'AWSPREVIOUS' }), get({ VersionId: token(1) })],
  },
  { name: 'a stage of no version', given: [one], asked: [get({ VersionStage: 'NOWHERE' })] },
  { name: 'a version that is not there', given: [one], asked: [get({ VersionId: token(9) })] },
  {
    name: 'a version without the stage that is asked for',
    given: [one, two],
    asked: [get({ VersionId: token(1), VersionStage: 'AWSCURRENT' })],
  },
  { name: 'the same value for the same token', given: [one, one], asked: [get()] },
  {
    name: 'another value for the same token',
    given: [one],
    asked: [['PutSecretValue', { SecretString: 'other', ClientRequestToken: token(1) }], get()],
  },
  {
    name: 'a token that is too short',
    given: [one],
    asked: [['PutSecretValue', { SecretString: 'two', ClientRequestToken: 'short' }]],
  },
  {
    name: 'a pending value is not current',
    given: [one, pending],
    asked: [get(), get({ VersionStage: 'AWSPENDING' })],
  },
  {
    name: 'a promotion',
    given: [one, pending],
    asked: [
      move('AWSCURRENT', { MoveToVersionId: token(2), RemoveFromVersionId: token(1) }),
      get(),
      get({ VersionStage: 'AWSPREVIOUS' }),
    ],
  },
  {
    name: 'a promotion that does not say from where',
    given: [one, pending],
    asked: [move('AWSCURRENT', { MoveToVersionId: token(2) }), get()],
  },
  {
    name: 'a promotion from a version that is not current',
    given: [one, pending],
    asked: [move('AWSCURRENT', { MoveToVersionId: token(2), RemoveFromVersionId: token(2) }), get()],
  },
  {
    name: 'a promotion of a version that is not there',
    given: [one],
    asked: [move('AWSCURRENT', { MoveToVersionId: token(9), RemoveFromVersionId: token(1) }), get()],
  },
  {
    name: 'AWSCURRENT cannot be taken off',
    given: [one],
    asked: [move('AWSCURRENT', { RemoveFromVersionId: token(1) }), get()],
  },
  {
    name: 'AWSPENDING can be taken off, and the version is read by its id',
    given: [one, pending],
    asked: [
      move('AWSPENDING', { RemoveFromVersionId: token(2) }),
      get({ VersionStage: 'AWSPENDING' }),
      get({ VersionId: token(2) }),
    ],
  },
  {
    name: 'a stage of one’s own moves with the next value',
    given: [one, [2, 'two', ['CANDIDATE']], [3, 'three', ['CANDIDATE']]],
    asked: [get({ VersionStage: 'CANDIDATE' }), get()],
  },
  {
    name: 'UpdateSecret makes a new current version',
    given: [one],
    asked: [
      ['UpdateSecret', { SecretString: 'two', ClientRequestToken: token(2) }],
      get(),
      get({ VersionStage: 'AWSPREVIOUS' }),
    ],
  },
  {
    name: 'the stages of all versions',
    given: [one, two, pending, three],
    asked: [['DescribeSecret', {}]],
  },
  {
    name: 'a version without a stage is listed only where it is asked for',
    given: [one, two, three],
    asked: [
      ['ListSecretVersionIds', {}],
      ['ListSecretVersionIds', { IncludeDeprecated: true }],
    ],
  },
  {
    name: 'a value after a finished rotation',
    given: [one, pending],
    asked: [
      move('AWSCURRENT', { MoveToVersionId: token(2), RemoveFromVersionId: token(1) }),
      ['PutSecretValue', { SecretString: 'three', ClientRequestToken: token(3) }],
      ['ListSecretVersionIds', {}],
    ],
  },
  { name: 'a rotation without a function', given: [one], asked: [['RotateSecret', {}]] },
];

/** The stages of versions, in an order of its own. */
export function stagesIn(versions: Readonly<Record<string, readonly string[]>> = {}): string {
  return Object.entries(versions)
    .map(([id, stages]) => `${id.at(-1)}: ${stages.toSorted().join('+') || 'none'}`)
    .toSorted()
    .join(', ');
}

/** What a call gave: the value, its version and stages, or the stages of all versions. */
function told(answer: unknown): string {
  const { SecretString, VersionId, VersionStages, VersionIdsToStages, Versions } = Object(answer);
  if (SecretString !== undefined) return `${SecretString}, ${stagesIn({ [VersionId]: VersionStages ?? [] })}`;
  if (VersionIdsToStages !== undefined) return stagesIn(VersionIdsToStages);
  if (!Array.isArray(Versions)) return 'done';
  return stagesIn(
    Object.fromEntries(Versions.map(({ VersionId: id, VersionStages: stages = [] }) => [id, stages])),
  );
}

/** Plays one contract on a secret of its own. */
export async function played(
  { given, asked }: Contract,
  { call, secretId }: { readonly call: CallSecrets; readonly secretId: string },
): Promise<readonly string[]> {
  const line = async (action: string, input: object): Promise<string> => {
    try {
      return `${action}: ${told(await call(action, { SecretId: secretId, ...input }))}`;
    } catch (error) {
      return `${action}: ${Object(error).name}`;
    }
  };
  const lines: string[] = [];
  for (const [n, value, stages] of given) {
    const put = {
      SecretString: value,
      ClientRequestToken: token(n),
      ...(stages && { VersionStages: stages }),
    };
    lines.push(await line('PutSecretValue', put));
  }
  for (const [action, input] of asked) lines.push(await line(action, input));
  return lines;
}
