/** cfn-lint and checkov: what each objects to in CloudFormation templates. */
import * as v from 'valibot';
import { run } from '../install/command.ts';
import type { PythonTools } from '../install/python.ts';

export interface Objection {
  readonly rule: string;
  readonly message: string;
  /** The logical id. Empty where a tool objects to the template as a whole. */
  readonly resource: string;
}

const lintSchema = v.array(
  v.object({
    Rule: v.object({ Id: v.string() }),
    Message: v.string(),
    Location: v.object({ Path: v.nullish(v.array(v.union([v.string(), v.number()])), []) }),
  }),
);
const checkovSchema = v.object({
  results: v.object({
    passed_checks: v.array(v.unknown()),
    failed_checks: v.array(v.object({ check_id: v.string(), check_name: v.string(), resource: v.string() })),
  }),
  summary: v.object({ parsing_errors: v.literal(0), resource_count: v.number() }),
});

/** cfn-lint's objections to these templates, for the region that the templates are for. */
export async function lint(tools: PythonTools, files: readonly string[]): Promise<readonly Objection[]> {
  const args = ['--format', 'json', '--regions', 'ap-south-1', '--', ...files];
  const { status, stdout, stderr } = await run(tools.command('cfn-lint'), args);
  // Of its statuses, 1 stands for a failure of its own; 2 to 14 say which levels of objections there are.
  if (status === 1 || stdout.trim() === '') throw new Error(`cfn-lint ended with ${status}: ${stderr}`);
  return v.parse(lintSchema, JSON.parse(stdout)).map(({ Rule, Message, Location }) => {
    const [section, id = ''] = Location.Path;
    return { rule: Rule.Id, message: Message, resource: section === 'Resources' ? `${id}` : '' };
  });
}

interface Checked {
  readonly objections: readonly Objection[];
  /** Checks that a resource passed. */
  readonly passed: number;
  /** Resources that it read. */
  readonly resources: number;
}

/** checkov's objections to the templates of a folder. */
export async function check(tools: PythonTools, folder: string): Promise<Checked> {
  const args = ['--directory', folder, '--framework', 'cloudformation', '--output', 'json', '--compact'];
  const { stdout, stderr } = await run(tools.command('checkov'), [...args, '--skip-download'], {
    env: { LOG_LEVEL: 'ERROR' },
  });
  const parsed = v.safeParse(checkovSchema, JSON.parse(stdout));
  if (!parsed.success) throw new Error(`checkov did not read the templates: ${stderr.slice(-500)}`);
  const { results, summary } = parsed.output;
  const objections = results.failed_checks.map(({ check_id, check_name, resource }) => ({
    rule: check_id,
    message: check_name,
    resource: resource.split('.').at(-1) ?? '',
  }));
  return { objections, passed: results.passed_checks.length, resources: summary.resource_count };
}
