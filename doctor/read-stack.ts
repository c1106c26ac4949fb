/** Reads a stack from CloudFormation, with three calls: what it is, what was deployed, and what is there. */
import {
  DescribeStacksCommand,
  GetTemplateCommand,
  paginateListStackResources,
  type Stack,
  type StackResourceSummary,
} from '@aws-sdk/client-cloudformation';
import { type Names, resolve } from '../lib/intrinsics.ts';
import { prefixIn } from '../lib/shared-prefix.ts';
import { Advice } from '../terminal/advice.ts';
import type { Clients } from './clients.ts';
import type { DeployedStack } from './deployed-stack.ts';
import { unknownValue } from './differences.ts';
import { type Read, Untold } from './reading.ts';
import type { Right } from './right.ts';
import { namesOf } from './stack-names.ts';

/** The rights to read a stack, which every check needs. Before it is read nobody knows its account. */
export function rightsToRead(
  stackName: string,
  { partition, region, account }: Pick<DeployedStack, 'partition' | 'region' | 'account'> = {
    partition: 'aws',
    region: '*',
    account: '*',
  },
): readonly Right[] {
  const resource = `arn:${partition}:cloudformation:${region}:${account}:stack/${stackName}/*`;
  return ['DescribeStacks', 'GetTemplate', 'ListStackResources'].map((name) => ({
    action: `cloudformation:${name}`,
    resource,
  }));
}

/** Reads the stack `name`. Throws `Untold` where a right is missing, and `Advice` where there is no such stack. */
export async function readStack(
  name: string,
  { cloudFormation }: Pick<Clients, 'cloudFormation'>,
  read: Read,
): Promise<DeployedStack> {
  const [describe, template, list] = rightsToRead(name);
  if (!describe || !template || !list) throw new RangeError('expected three rights');
  const described = await read(describe, (options) =>
    cloudFormation
      .send(new DescribeStacksCommand({ StackName: name }), options)
      .catch(async (error: unknown) => {
        if (!(error instanceof Error) || !/does not exist/.test(error.message)) throw error;
        const region = await cloudFormation.config.region();
        throw new Advice(`There is no stack ${name} in ${region}. Choose another with --stack or --region.`);
      }),
  );
  const [stack] = described?.Stacks ?? [];
  const text = await read(template, (options) =>
    cloudFormation.send(new GetTemplateCommand({ StackName: name }), options),
  );
  const summaries = await read(list, async ({ abortSignal }) => {
    const all: StackResourceSummary[] = [];
    const pages = paginateListStackResources(
      { client: cloudFormation },
      { StackName: name },
      { abortSignal },
    );
    for await (const { StackResourceSummaries = [] } of pages) all.push(...StackResourceSummaries);
    return all;
  });
  if (stack === undefined || text?.TemplateBody === undefined || summaries === undefined)
    throw new Untold(`CloudFormation has no stack ${name}`);
  return stackOf(name, { stack, template: parsed(text.TemplateBody), summaries });
}

function parsed(body: string): Readonly<Record<string, unknown>> {
  try {
    return Object(JSON.parse(body));
  } catch {
    throw new Untold('the deployed template is not JSON: it was not deployed with the CDK');
  }
}

interface Answers {
  readonly stack: Stack;
  readonly template: Readonly<Record<string, unknown>>;
  readonly summaries: readonly StackResourceSummary[];
}

/** A resource in one of these states is no longer in the stack. */
const gone = ['DELETE_COMPLETE', 'DELETE_SKIPPED'];

function stackOf(name: string, { stack, template, summaries }: Answers): DeployedStack {
  // arn:aws:cloudformation:ap-south-1:123456789012:stack/Doorcode/…
  const [, partition = 'aws', , region = '', account = ''] = (stack.StackId ?? '').split(':');
  const present = new Map(
    summaries
      .filter(({ ResourceStatus = '' }) => !gone.includes(ResourceStatus))
      .map((summary) => [summary.LogicalResourceId ?? '', summary] as const),
  );
  const arn = (service: string, resource: string): string =>
    `arn:${partition}:${service}:${region}:${account}:${resource}`;
  const declared = Object.entries(Object(template['Resources'])).flatMap(([logicalId, resource]) => {
    const { Type, Properties = {}, Condition } = Object(resource);
    const found = present.get(logicalId);
    // The CDK's own metadata are there under a condition, which depends on the region.
    if (found === undefined && Condition !== undefined) return [];
    const physicalId = nameIn(found?.PhysicalResourceId);
    const { ResourceStatus: status } = found ?? {};
    return [{ logicalId, type: String(Type), physicalId, status, properties: Object(Properties) }];
  });
  // A stack may have other resources beside a Doorcode. They are none of our concern, but ours may refer to them.
  const prefix = prefixIn(Object.keys(Object(template['Outputs'])));
  const ours = declared.filter(({ logicalId }) => logicalId.startsWith(prefix));
  const api = ours.find(({ type }) => type === 'AWS::ApiGatewayV2::Api');
  const names = namesOf(declared, { stack, template, arn, partition, region, account });
  return {
    name,
    status: stack.StackStatus ?? '',
    deployedAt: Math.floor(((stack.LastUpdatedTime ?? stack.CreationTime)?.getTime() ?? 0) / 1000),
    region,
    account,
    partition,
    apiEndpoint: names.get(`${api?.logicalId}.ApiEndpoint`) ?? '',
    resources: ours.map((resource) => ({
      ...resource,
      logicalId: resource.logicalId.slice(prefix.length),
      properties: Object.fromEntries(
        Object.entries(resource.properties).map(([member, value]) => [member, resolved(value, names)]),
      ),
    })),
    arn,
  };
}

/** A name of several parts ends with the resource's own: `<id of the API>|<id of the route>`. */
function nameIn(physicalId: string | undefined): string | undefined {
  return physicalId?.split('|').at(-1);
}

/** A function of CloudFormation that only another resource of the stack uses is none of our concern. */
function resolved(value: unknown, names: Names): unknown {
  try {
    return resolve(value, names);
  } catch {
    return unknownValue;
  }
}
