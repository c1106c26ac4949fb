/** Whether the last deployment went through, and everything that the template has is there. */
import type { Check } from '../check.ts';
import { unless, wrong } from '../finding.ts';

/** A stack in one of these states serves what its template says. */
const settled = [
  'CREATE_COMPLETE',
  'UPDATE_COMPLETE',
  'UPDATE_COMPLETE_CLEANUP_IN_PROGRESS',
  'IMPORT_COMPLETE',
];
const settledResource = ['CREATE_COMPLETE', 'UPDATE_COMPLETE', 'IMPORT_COMPLETE'];

export const stackCheck: Check = {
  name: 'stack',
  rights: () => [],
  look: async ({ stack: { name, status, resources } }) => {
    const missing = resources.filter((resource) => !settledResource.includes(resource.status ?? ''));
    const problems = [
      ...(settled.includes(status)
        ? []
        : [
            wrong(
              `The stack is ${status}, so the last deployment did not go through.`,
              status.endsWith('_IN_PROGRESS')
                ? 'Wait until it is over, then run this again.'
                : `Read why: aws cloudformation describe-stack-events --stack-name ${name}. Then deploy again.`,
            ),
          ]),
      ...missing.map(({ logicalId, status: is = 'missing' }) =>
        wrong(`${logicalId} is ${is}.`, 'Deploy again.'),
      ),
    ];
    return unless(problems, `${status}, with all ${resources.length} resources of its template`);
  },
};
