import { supportReferenceOf } from '../runtime/support-reference.ts';
import { type Answer, noStore } from './answer.ts';

/**
 * The answer with the support reference of its call as a member of its JSON. `requestId` is the gateway's. The public
 * documents stay as they are, because caches give one copy to everybody, and so does an answer without a body.
 */
export function withReference(answer: Answer, requestId: string): Answer {
  if (answer.headers['cache-control'] !== noStore['cache-control'] || answer.body === '') return answer;
  const supportReference = supportReferenceOf(requestId);
  return { ...answer, body: JSON.stringify({ ...JSON.parse(answer.body), supportReference }) };
}
