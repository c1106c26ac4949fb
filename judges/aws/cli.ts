/** Runs shell lines with the AWS CLI of the list, and tells whether it took them. */
import type { LocalStack } from '../../local/local-stack.ts';
import { freshProviderKey } from '../../test-kit/provider-key.ts';
import { run, runWell } from '../install/command.ts';
import { type PythonTools, versionOf } from '../install/python.ts';

export interface Cli {
  /** Its name and version, and those of the botocore that it carries. */
  readonly tool: string;
  /** What it says of a line that it cannot send; undefined where it sent all of it, whatever the service answered. */
  readonly refusalOf: (line: string) => Promise<string | undefined>;
}

const everything = [{ Effect: 'Allow' as const, Action: ['*'], Resource: ['*'], Condition: {} }];

/**
 * The machine may have an AWS CLI of its own, so the shell gets the list's one as a function. It also says how the command
 * ended: a line may end well although a command in the middle of it did not.
 */
const inShell = (line: string): readonly string[] => [
  '-c',
  `aws() { "$JUDGE_AWS" "$@"; local ended=$?; echo "judged: $ended" >&2; return $ended; }\n${line}`,
];

/** The AWS CLI of the list, towards the local account. Throws where another one would run. */
export async function openCli(tools: PythonTools, stack: LocalStack): Promise<Cli> {
  const { accessKeyId, secretAccessKey } = stack.admit(everything);
  const env = {
    JUDGE_AWS: tools.command('aws'),
    AWS_ENDPOINT_URL: stack.awsUrl,
    AWS_DEFAULT_REGION: stack.deployment.region,
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    AWS_MAX_ATTEMPTS: '1',
    AWS_PAGER: '',
  };
  const said = await runWell('bash', inShell('aws --version'), { env });
  const [cli = '', , , botocore = ''] = said.trim().split(' ');
  const [name, version] = (await versionOf(tools, 'awscli')).split(' ');
  if (cli !== `aws-cli/${version}`) throw new Error(`expected the AWS CLI ${version}, not ${cli}`);
  return {
    tool: `${name} ${version} with ${botocore.replace('/', ' ')}`,
    refusalOf: async (line) => {
      const { stderr } = await run('bash', inShell(line), { env, input: `${freshProviderKey()}\n` });
      return refusalIn(line, stderr);
    },
  };
}

/** What stderr says against a line. A line without options only names an operation, so it needs no more than a known one. */
export function refusalIn(line: string, stderr: string): string | undefined {
  const lines = stderr.trim().split('\n').filter(Boolean);
  const ended = lines.flatMap((said) => /^judged: (\d+)$/.exec(said)?.[1] ?? []);
  const rest = lines.filter((said) => !/^judged: \d+$/.test(said));
  if (ended.length === 0) return `the AWS CLI was not called: ${rest.at(-1) ?? ''}`;
  if (ended.every((status) => status === '0')) return undefined;
  if (/An error occurred \(\w+\) when calling/.test(stderr)) return undefined;
  const last = rest.at(-1) ?? '';
  return !/ --/.test(line) && /arguments are required: /.test(last) ? undefined : last;
}
