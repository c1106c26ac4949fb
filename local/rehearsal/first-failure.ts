/** The resources that stay after a first deployment fails half-way. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type LocalStack, startLocalStack } from '../local-stack.ts';
import { keptByFailedCreation } from '../replacements.ts';
import type { Template } from '../template.ts';
import { asDeployed, expectEqual, expectFailure, type Step } from './step.ts';

/** The steps before there is a stack. */
export function failuresAt(directory: string): readonly Step[] {
  return [
    [
      'a first deployment fails half-way, and leaves no secret behind: the table alone stays, empty',
      async () => {
        const withoutPermission = (template: Template): void => {
          for (const [id, { Type }] of Object.entries(template.Resources))
            if (Type === 'AWS::Lambda::Permission' && id.startsWith('ProviderKeyRotation'))
              delete template.Resources[id];
          expectEqual('what stays', keptByFailedCreation(template), ['Table']);
        };
        const start = (): Promise<LocalStack> =>
          startLocalStack({ ...asDeployed, directory, alter: withoutPermission });
        await expectFailure('the deployment', start, 'may not invoke');
        expectEqual('secrets', JSON.parse(readFileSync(join(directory, 'secrets.json'), 'utf8')), []);
      },
    ],
  ];
}
