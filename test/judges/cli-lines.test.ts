/** What the judge of the AWS CLI's lines relies on: that it finds every line, and tells a line that was not taken. */
import { describe, expect, it } from 'vitest';
import { refusalIn } from '../../judges/aws/cli.ts';
import { cliLines, linesOfPage, linesOfSource } from '../../judges/aws/cli-lines.ts';
import { filled } from '../../judges/aws/filled.ts';
import type { Deployment } from '../../local/deployed.ts';

describe('the lines of a page', () => {
  it.each([
    ['at the margin', '```sh\naws sns list-topics\n```', 'aws sns list-topics'],
    [
      'in a list, after a prompt',
      '1. so\n   ```\n   $ aws sns list-topics\n   ```',
      '   $ aws sns list-topics',
    ],
    ['over two lines', '```\naws sns \\\n  list-topics --x 1\n```', 'aws sns list-topics --x 1'],
    ['after options', '```\naws --region x sns list-topics\n```', 'aws --region x sns list-topics'],
    ['in a pipe', '```\necho 1 | aws sns publish --message -\n```', 'echo 1 | aws sns publish --message -'],
    ['in a variable', '```\nA=$(aws sns list-topics)\n```', 'A=$(aws sns list-topics)'],
    ['in a sentence', 'Type `aws sns list-topics --x` now.', 'aws sns list-topics --x'],
    ['in a sentence, without options', 'Type `aws sns list-topics`.', 'aws sns list-topics'],
  ])('are found %s', (_, page, line) => {
    expect(linesOfPage(page)).toEqual({ lines: [line], leftOut: [] });
  });

  it('are reported where no line can be made of them', () => {
    expect(linesOfPage('Type aws sns list-topics.')).toEqual({ lines: [], leftOut: ['aws sns list-topics'] });
    expect(linesOfPage('The AWS CLI, or aws-cdk, and `aws --version`.')).toEqual({ lines: [], leftOut: [] });
  });
});

describe('the lines of a source', () => {
  it('are found in advice, without the sentence around them', () => {
    expect(
      linesOfSource(`wrong(\`Read aws lambda get-policy --function-name \${name}, then go.\`)`).lines,
    ).toEqual([`aws lambda get-policy --function-name \${name}`]);
  });

  it('end with their text, whatever quotes follow', () => {
    const source = "wrong('It waits.', 'Take it off: aws sns list-topics.'),\n);\nconst next = 'another';";
    expect(linesOfSource(source)).toEqual({ lines: ['aws sns list-topics.'], leftOut: [] });
  });

  it('are two where the source chooses', () => {
    expect(linesOfSource(`\`aws dynamodb update-table --\${is ? 'no-' : ''}protected\``).lines).toEqual([
      'aws dynamodb update-table --no-protected',
      'aws dynamodb update-table --protected',
    ]);
  });

  it('are reported where they are no text', () => {
    expect(linesOfSource('// aws sns list-topics')).toEqual({ lines: [], leftOut: ['aws sns list-topics'] });
  });
});

describe('the lines of Doorcode', () => {
  it('are in pages and advice, and none is left out', () => {
    const put = 'aws secretsmanager put-secret-value --secret-id x';
    const rotate = 'aws secretsmanager rotate-secret --secret-id x';
    const outputs = [['Store', put] as const, ['Rotate', rotate] as const, ['Url', 'https://x'] as const];
    const found = cliLines({ outputs });
    expect(found.leftOut).toEqual([]);
    expect(found.outputs.map(({ line }) => line)).toEqual([put, rotate]);
    const files = [...found.pages, ...found.advice].map(({ at }) => at);
    expect(files).toEqual(
      expect.arrayContaining(['docs/deploy.md', 'docs/security-team.md', 'doctor/checks/table.ts']),
    );
    // A line that lib/ writes and no output shows would not be run.
    expect(cliLines({ outputs: [] }).leftOut.map(({ at }) => at)).toContain('lib/store-sms-key-command.ts');
  });
});

describe('a line that is run', () => {
  const deployment = {
    secrets: [{ arn: 'arn:secret' }],
    functions: [],
    table: { name: 'Table', ttlAttribute: 'ttl' },
  } as unknown as Deployment;

  it('has a value of the deployment at each place', () => {
    expect(filled('$ aws x delete --secret-id …   # each', deployment)).toBe(
      'aws x delete --secret-id arn:secret',
    );
    expect(filled(`aws x y --table-name \${a.b({ c })} --z`, deployment)).toBe(
      'aws x y --table-name Table --z',
    );
  });

  it('is refused where nobody knows the value', () => {
    expect(() => filled('aws x y --unheard-of …', deployment)).toThrow('--unheard-of');
    expect(() => filled('aws x y …', deployment)).toThrow('does not know');
  });

  it.each([
    [
      'an option that does not exist',
      'usage:\naws: error: Unknown options: --x\njudged: 252',
      'Unknown options',
    ],
    ['one in the middle of a line that ends well', 'Unknown options: --x\njudged: 252\njudged: 0', 'Unknown'],
    ['a shell that never called the CLI', 'bash: syntax error', 'not called'],
  ])('is told of by %s', (_, stderr, words) => {
    expect(refusalIn('aws x y --z', stderr)).toContain(words);
  });

  it('is taken where the service answered, with an error too', () => {
    expect(refusalIn('aws x y --z', 'judged: 0')).toBeUndefined();
    const error = 'An error occurred (NotFound) when calling the Y operation: none\njudged: 254';
    expect(refusalIn('aws x y --z', error)).toBeUndefined();
  });

  it('needs its arguments only where it has options', () => {
    const stderr = 'aws: error: the following arguments are required: --z\njudged: 252';
    expect(refusalIn('aws x y', stderr)).toBeUndefined();
    expect(refusalIn('aws x y --q', stderr)).toContain('required');
  });
});
