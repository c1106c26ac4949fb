/** Invokes a function of the deployment by hand. IAM decides who may: `lambda:InvokeFunction`. */
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import type { Deployment } from './deployment.ts';

/** What an invocation came to. */
export type Invoked =
  | { readonly tag: 'result'; readonly result: unknown }
  /** The function threw, or Lambda ended it. The message is the function's own or Lambda's. */
  | { readonly tag: 'failed'; readonly message: string };

/** Invokes the function `functionName` with `event` and waits for its result. Throws where it could not be invoked. */
export async function invoke(
  { place }: Pick<Deployment, 'place'>,
  functionName: string,
  event: Readonly<Record<string, unknown>>,
): Promise<Invoked> {
  const endpoint = place.tag === 'local' ? { endpoint: place.lambdaUrl } : {};
  const lambda = new LambdaClient({ ...place.client, ...endpoint });
  const command = new InvokeCommand({
    FunctionName: functionName,
    Payload: Buffer.from(JSON.stringify(event)),
  });
  const { FunctionError, Payload } = await lambda.send(command);
  const answer: unknown = JSON.parse(Buffer.from(Payload ?? '').toString() || 'null');
  if (FunctionError === undefined) return { tag: 'result', result: answer };
  return { tag: 'failed', message: String(Object(answer).errorMessage ?? FunctionError) };
}
