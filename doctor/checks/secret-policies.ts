/** Each secret's resource policy: equal to the template's, statement for statement, with nothing beside it. */
import { GetResourcePolicyCommand } from '@aws-sdk/client-secrets-manager';
import type { Check } from '../check.ts';
import { isSame, policyStatements } from '../differences.ts';
import { each } from '../each.ts';
import { unless, wrong } from '../finding.ts';
import type { Right } from '../right.ts';
import { guardsOf } from '../secrets.ts';

const right = (resource: string): Right => ({ action: 'secretsmanager:GetResourcePolicy', resource });

export const secretPoliciesCheck: Check = {
  name: 'secret policies',
  rights: (stack) => guardsOf(stack).map(({ secretArn }) => right(secretArn)),
  look: async ({ stack, clients: { secrets }, read }) => {
    const guards = guardsOf(stack);
    const problems = await each(guards, async ({ secretArn, name, statements }) => {
      const found = await read(right(secretArn), (options) =>
        secrets.send(new GetResourcePolicyCommand({ SecretId: secretArn }), options),
      );
      const actual =
        found?.ResourcePolicy === undefined ? undefined : policyStatements(parsed(found.ResourcePolicy));
      if (actual !== undefined && isSame(statements, actual)) return [];
      return [
        wrong(
          `The resource policy of ${name} is ${actual === undefined ? 'missing' : 'not the template’s'}: somebody may read or change the secret who must not.`,
          `Read in CloudTrail who changed it (PutResourcePolicy, DeleteResourcePolicy), put the template's back, and follow the runbook for a leak: docs/security-team.md.`,
        ),
      ];
    });
    return unless(problems, `${guards.length} equal to the template's`);
  },
};

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
