/** Invokes the function `support`. The number is only in the payload of this call, which no log keeps. */
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import * as v from 'valibot';
import { Advice } from '../../terminal/advice.ts';
import type { Deployment } from '../command/deployment.ts';

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
const errorSchema = v.object({ errorMessage: v.string() });

/** The lines of the answer. Throws `Advice` where the function could not answer. */
export async function askSupport(
  { place, functionOf }: Deployment,
  question: SupportQuestion,
): Promise<readonly string[]> {
  const lambda = new LambdaClient(
    place.tag === 'local' ? { ...place.client, endpoint: place.lambdaUrl } : place.client,
  );
  const payload = { ...question, askedBy: await callerOf(place) };
  const { FunctionError, Payload = new Uint8Array() } = await lambda.send(
    new InvokeCommand({ FunctionName: functionOf('Support'), Payload: Buffer.from(JSON.stringify(payload)) }),
  );
  const answer: unknown = JSON.parse(Buffer.from(Payload).toString('utf8'));
  if (FunctionError === undefined) return v.parse(answerSchema, answer).lines;
  const { errorMessage } = v.parse(errorSchema, answer);
  throw new Advice(
    `The function could not answer: ${errorMessage}. Its log has a line support.failed, unless Lambda ended it.`,
  );
}

/** Who runs the command. Every identity may ask that of AWS. */
async function callerOf(place: Deployment['place']): Promise<string> {
  if (place.tag === 'local') return 'the operator of the local stack';
  const { Arn = 'unknown' } = await new STSClient(place.client).send(new GetCallerIdentityCommand({}));
  return Arn;
}
