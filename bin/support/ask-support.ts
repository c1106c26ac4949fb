/** Asks the function `support`. The number is only in the payload of the invocation, which no log keeps. */
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import * as v from 'valibot';
import { Advice } from '../../terminal/advice.ts';
import type { Deployment } from '../command/deployment.ts';
import { invoke } from '../command/invoke.ts';

/** A question without who asks it: that is added here. */
export type SupportQuestion =
  | {
      readonly ask: 'why';
      readonly call?: string | undefined;
      readonly phoneNumber?: string | undefined;
      readonly days?: number | undefined;
    }
  | { readonly ask: 'held' | 'forget'; readonly phoneNumber: string };

const answerSchema = v.object({ lines: v.array(v.string()) });

/** The lines of the answer. Throws `Advice` where the function could not answer. */
export async function askSupport(
  deployment: Deployment,
  question: SupportQuestion,
): Promise<readonly string[]> {
  const event = { ...question, askedBy: await callerOf(deployment.place) };
  const invoked = await invoke(deployment, deployment.functionOf('Support'), event);
  if (invoked.tag === 'failed')
    throw new Advice(
      `The function could not answer: ${invoked.message}. Its log has a line support.failed, unless Lambda ended it.`,
    );
  const answer = v.safeParse(answerSchema, invoked.result);
  if (!answer.success)
    throw new Advice('The function is of another version than this command. Deploy again.');
  return answer.output.lines;
}

/** Who runs the command. Every identity may ask that of AWS. */
async function callerOf(place: Deployment['place']): Promise<string> {
  if (place.tag === 'local') return 'the operator of the local stack';
  const { Arn = 'unknown' } = await new STSClient(place.client).send(new GetCallerIdentityCommand({}));
  return Arn;
}
