/** A stack that is deployed again after a deletion, with the secrets of the earlier stack. */

import { secretIds } from '../../lib/secrets.ts';
import type { ExistingSecrets } from '../../lib/settings/deployment-settings.ts';
import type { LocalStack } from '../local-stack.ts';
import { verifyToken } from '../visitor.ts';
import { expectEqual, kidsOf, phoneNumbers, type Seen, type Step, signInAt } from './step.ts';

/** The ARNs by which another stack takes over the secrets of `deployment`. */
export function existingSecretsOf({ secrets }: LocalStack['deployment']): ExistingSecrets {
  return Object.fromEntries(
    Object.entries(secretIds).map(([name, id]) => [
      name,
      secrets.find(({ logicalId }) => logicalId === id)?.arn,
    ]),
  );
}

/** The steps of that stack. */
export function returnOf(stack: LocalStack, seen: Seen): readonly Step[] {
  return [
    [
      'it comes back with its secrets named in existingSecrets, and makes none',
      async () => {
        const own = Object.values(stack.deployment.template.Resources).map(({ Type }) => Type);
        expectEqual('secrets of its own', own.includes('AWS::SecretsManager::Secret'), false);
      },
    ],
    [
      'tokens that were signed before are still verified: their keys are published beside the next one',
      async () => {
        const published = await kidsOf(stack);
        const missing = seen.kids?.filter((kid) => !published.includes(kid));
        expectEqual('keys that are missing', missing, []);
      },
    ],
    [
      'nobody stores a key again, and a user has the same sub as before',
      async () => {
        const { sub, iss } = await verifyToken(stack.apiUrl, await signInAt(stack, phoneNumbers[0]));
        expectEqual('iss', iss, stack.apiUrl);
        expectEqual('sub', sub, seen.subject);
      },
    ],
  ];
}
