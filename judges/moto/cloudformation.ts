/** The template through moto's CloudFormation, as far as that goes: every resource of a type that moto makes. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  CloudFormationClient,
  CreateStackCommand,
  DescribeStacksCommand,
  ListStackResourcesCommand,
  type StackResourceSummary,
} from '@aws-sdk/client-cloudformation';
import * as v from 'valibot';
import { synthesiseForThisMachine } from '../../lib/synthesise.ts';
import { runWell } from '../install/command.ts';
import type { PythonTools } from '../install/python.ts';
import type { Verdict } from '../judge.ts';
import { variants } from '../template/variants.ts';
import { bootstrap } from './bootstrap.ts';

const templateSchema = v.looseObject({
  Resources: v.record(v.string(), v.looseObject({ Type: v.string() })),
  Outputs: v.optional(v.record(v.string(), v.unknown()), {}),
});
type Template = v.InferOutput<typeof templateSchema>;

interface Created extends Pick<Verdict, 'given' | 'cases' | 'findings' | 'decisions'> {}

/** Creates the defaults and a stack with every option but the secrets of an earlier one. */
export async function createdByMoto(
  tools: PythonTools,
  { url, directory }: { readonly url: string; readonly directory: string },
): Promise<Created> {
  const script = join(import.meta.dirname, 'supported_types.py');
  const printed = await runWell(tools.command('python'), [script]);
  const makes = new Set(v.parse(v.array(v.string()), JSON.parse(printed)));
  const { Defaults, 'Without-returned': Rich } = variants();
  if (Defaults === undefined || Rich === undefined) throw new Error('the variants have other names now');
  const stacks = { Defaults, Rich };
  const { stacks: made } = synthesiseForThisMachine({ outdir: join(directory, 'cdk.out'), stacks });
  await bootstrap(url, made);
  const client = new CloudFormationClient({
    endpoint: url,
    region: 'ap-south-1',
    credentials: { accessKeyId: 'judge', secretAccessKey: 'judge' },
    maxAttempts: 1,
  });
  const findings: string[] = [];
  const types = new Map<string, number>();
  const leftOut = new Set<string>();
  for (const { stackName, templateFullPath } of made) {
    const whole = v.parse(templateSchema, JSON.parse(readFileSync(templateFullPath, 'utf8')));
    const template = onlyTypes(whole, makes);
    for (const { Type } of Object.values(whole.Resources)) if (!makes.has(Type)) leftOut.add(Type);
    findings.push(...(await create(client, { stackName, template })));
    for (const { Type } of Object.values(template.Resources)) types.set(Type, (types.get(Type) ?? 0) + 1);
  }
  client.destroy();
  const count = [...types.values()].reduce((sum, of) => sum + of, 0);
  return {
    given: `${count} resources of two templates, of ${types.size} types, created by its CloudFormation`,
    cases: count,
    findings,
    decisions: [
      {
        finding: `moto’s CloudFormation does not make ${[...leftOut].toSorted().join(', ')}`,
        reason:
          'They are left out, and what refers to them gets a made-up value. cfn-lint alone judges them.',
      },
    ],
  };
}

/** The template without the resources of other types. */
function onlyTypes(template: Template, makes: ReadonlySet<string>): Template {
  const isGone = (id: unknown): boolean => {
    const type = template.Resources[String(id)]?.Type;
    return type !== undefined && !makes.has(type);
  };
  const without = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(without);
    if (typeof value !== 'object' || value === null) return value;
    const { Ref, 'Fn::GetAtt': attribute } = Object(value);
    const id = Ref ?? (Array.isArray(attribute) ? attribute[0] : undefined);
    if (isGone(id)) return `https://${id}.example.com`;
    return Object.fromEntries(
      Object.entries(value).map(([name, member]) => [
        name,
        name === 'DependsOn' ? [member].flat().filter((on) => !isGone(on)) : without(member),
      ]),
    );
  };
  const Resources = Object.fromEntries(Object.entries(template.Resources).filter(([id]) => !isGone(id)));
  return v.parse(templateSchema, without({ ...template, Resources }));
}

/** Creates a stack. What does not become of it as the template says. */
async function create(
  client: CloudFormationClient,
  { stackName, template }: { readonly stackName: string; readonly template: Template },
): Promise<readonly string[]> {
  try {
    const TemplateBody = JSON.stringify(template);
    await client.send(
      new CreateStackCommand({ StackName: stackName, TemplateBody, Capabilities: ['CAPABILITY_IAM'] }),
    );
    const { Stacks: [stack] = [] } = await client.send(new DescribeStacksCommand({ StackName: stackName }));
    const resources = await resourcesOf(client, stackName);
    const missing = Object.keys(template.Resources).filter(
      (id) =>
        !resources.some(
          ({ LogicalResourceId, ResourceStatus }) =>
            LogicalResourceId === id && ResourceStatus === 'CREATE_COMPLETE',
        ),
    );
    const outputs = (stack?.Outputs ?? []).map(({ OutputKey }) => OutputKey);
    return [
      ...(stack?.StackStatus === 'CREATE_COMPLETE' ? [] : [`${stackName}: ${stack?.StackStatus}`]),
      ...missing.map((id) => `${stackName}: ${id} was not created`),
      ...Object.keys(template.Outputs)
        .filter((name) => !outputs.includes(name))
        .map((name) => `${stackName}: the output ${name} is missing`),
    ];
  } catch (error) {
    return [`${stackName}: ${String(error).slice(0, 300)}`];
  }
}

async function resourcesOf(
  client: CloudFormationClient,
  StackName: string,
): Promise<readonly StackResourceSummary[]> {
  const found: StackResourceSummary[] = [];
  let NextToken: string | undefined;
  do {
    const page = await client.send(new ListStackResourcesCommand({ StackName, NextToken }));
    found.push(...(page.StackResourceSummaries ?? []));
    NextToken = page.NextToken;
  } while (NextToken !== undefined);
  return found;
}
