/** Who may invoke each function: the services of the template's permissions, and nobody else. */
import { GetPolicyCommand } from '@aws-sdk/client-lambda';
import { arnOfFunction } from '../api.ts';
import type { Check, Examination } from '../check.ts';
import { ofType, type Resource } from '../deployed-stack.ts';
import { isSame, listOf } from '../differences.ts';
import { each } from '../each.ts';
import { type Problem, unless, wrong } from '../finding.ts';
import type { Right } from '../right.ts';

const type = 'AWS::Lambda::Function';
const right = (resource: string): Right => ({ action: 'lambda:GetPolicy', resource });

export const functionInvokersCheck: Check = {
  name: 'invokers',
  rights: (stack) => ofType(stack, type).map((lambda) => right(arnOfFunction(stack, lambda))),
  look: async (examination) => {
    const functions = ofType(examination.stack, type);
    const problems = await each(functions, (lambda) => invokerProblems(lambda, examination));
    return unless(
      problems,
      `${functions.length} functions are invoked by exactly the services of the template`,
    );
  },
};

/** Who may invoke, in the words of the template's permissions. */
interface Invoker {
  readonly action: unknown;
  readonly principal: unknown;
  readonly sourceArn: unknown;
  readonly sourceAccount: unknown;
}

async function invokerProblems(
  lambda: Resource,
  { stack, clients, read }: Examination,
): Promise<readonly Problem[]> {
  const arn = arnOfFunction(stack, lambda);
  const policy = await read(right(arn), (options) =>
    clients.lambda.send(new GetPolicyCommand({ FunctionName: lambda.physicalId }), options),
  );
  const expected = ofType(stack, 'AWS::Lambda::Permission')
    .filter(({ properties }) => [arn, lambda.physicalId].includes(String(properties['FunctionName'])))
    .map(({ properties: p }) =>
      invoker(p['Action'], p['Principal'], { arn: p['SourceArn'], account: p['SourceAccount'] }),
    );
  const found = listOf(Object(JSON.parse(policy?.Policy ?? '{}')).Statement).map(invokerIn);
  const missing = expected.filter((one) => !found.some((other) => isSame(one, other)));
  const added = found.filter((one) => !expected.some((other) => isSame(other, one)));
  return [
    ...missing.map(({ principal, sourceArn }) =>
      wrong(
        `${principal} may not invoke ${lambda.logicalId} for ${String(sourceArn)}.`,
        `aws lambda add-permission --function-name ${lambda.physicalId} --statement-id ${lambda.logicalId}-1 --action lambda:InvokeFunction --principal ${principal} --source-arn '${String(sourceArn)}'`,
      ),
    ),
    ...added.map(({ principal }) =>
      wrong(
        `${String(principal)} may invoke ${lambda.logicalId}, unlike in the template.`,
        `Read aws lambda get-policy --function-name ${lambda.physicalId}, then take the statement off with remove-permission.`,
      ),
    ),
  ];
}

function invoker(
  action: unknown,
  principal: unknown,
  source: { readonly arn: unknown; readonly account: unknown },
): Invoker {
  return { action, principal, sourceArn: source.arn ?? 'any', sourceAccount: source.account ?? 'any' };
}

/** https://docs.aws.amazon.com/lambda/latest/dg/access-control-resource-based.html */
function invokerIn(statement: unknown): Invoker {
  const { Action, Principal, Condition = {} } = Object(statement);
  const { ArnLike, StringEquals } = Object(Condition);
  return invoker(Action, Object(Principal).Service ?? Object(Principal).AWS ?? Principal, {
    arn: Object(ArnLike)['AWS:SourceArn'],
    account: Object(StringEquals)['AWS:SourceAccount'],
  });
}
