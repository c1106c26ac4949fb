/** Each function: active, and configured as in the template, variables included. */
import { GetFunctionConfigurationCommand } from '@aws-sdk/client-lambda';
import { arnOfFunction, environmentOf } from '../api.ts';
import { type Check, deployAgain } from '../check.ts';
import { ofType, type Resource } from '../deployed-stack.ts';
import { differences, isSame, unknownValue } from '../differences.ts';
import { each } from '../each.ts';
import { type Problem, unless, wrong } from '../finding.ts';
import type { Right } from '../right.ts';

const type = 'AWS::Lambda::Function';
const right = (resource: string): Right => ({ action: 'lambda:GetFunctionConfiguration', resource });

/** The members of the template that Lambda answers under the same name. */
const compared = [
  'Architectures',
  'Description',
  'Handler',
  'LoggingConfig',
  'MemorySize',
  'Role',
  'Runtime',
  'Timeout',
] as const;

export const functionsCheck: Check = {
  name: 'functions',
  rights: (stack) => ofType(stack, type).map((lambda) => right(arnOfFunction(stack, lambda))),
  look: async ({ stack, clients, read }) => {
    const functions = ofType(stack, type);
    const problems = await each(functions, async (lambda) => {
      const found = await read(right(arnOfFunction(stack, lambda)), (options) =>
        clients.lambda.send(
          new GetFunctionConfigurationCommand({ FunctionName: lambda.physicalId }),
          options,
        ),
      );
      if (found === undefined)
        return [
          wrong(`The function ${lambda.physicalId ?? lambda.logicalId} does not exist.`, 'Deploy again.'),
        ];
      return problemsOf(lambda, Object(found));
    });
    return unless(problems, `${functions.length} active, configured as in the template`);
  },
};

function problemsOf(lambda: Resource, found: Readonly<Record<string, unknown>>): readonly Problem[] {
  const { logicalId, properties } = lambda;
  const { State = 'Active', StateReason = '', LastUpdateStatus = 'Successful', Environment } = found;
  const expected = Object.fromEntries(compared.map((member) => [member, properties[member]]));
  const changed = differences(expected, found);
  const { Variables = {}, Error: unreadable } = Object(Environment);
  const variables = Object.values(environmentOf(lambda)).some((value) => value.includes(unknownValue))
    ? differences(environmentOf(lambda), Variables)
    : isSame(environmentOf(lambda), Variables)
      ? []
      : namesThatDiffer(environmentOf(lambda), Variables);
  return [
    ...(State === 'Active' || State === 'Inactive'
      ? []
      : [wrong(`${logicalId} is ${State}. ${StateReason}`.trim(), 'Read the reason, then deploy again.')]),
    ...(LastUpdateStatus === 'Failed'
      ? [wrong(`The last update of ${logicalId} failed.`, 'Deploy again.')]
      : []),
    ...(changed.length === 0
      ? []
      : [wrong(`${logicalId} differs from the template in ${changed.join(', ')}.`, deployAgain)]),
    ...(unreadable !== undefined || variables.length === 0
      ? []
      : [
          wrong(
            `The variables of ${logicalId} differ from the template: ${variables.join(', ')}.`,
            deployAgain,
          ),
        ]),
  ];
}

/** The names alone: a variable's value is nobody's business in a pipeline's log. */
function namesThatDiffer(
  expected: Readonly<Record<string, string>>,
  found: Readonly<Record<string, string>>,
): readonly string[] {
  return [...new Set([...Object.keys(expected), ...Object.keys(found)])].filter(
    (name) => expected[name] !== found[name],
  );
}
