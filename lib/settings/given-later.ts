/**
 * Values that CloudFormation fills in, such as `topic.topicArn` of a topic in the same CDK app. At synth they are tokens
 * without a shape that could be checked, and a resource of the app has the right one by itself.
 */
import { Token } from 'aws-cdk-lib';
import * as v from 'valibot';

/** A string that matches `pattern`, or a token. `message` says what is expected. */
export function matchingOrGivenLater(pattern: RegExp, message: string) {
  return v.pipe(
    v.string(),
    v.check((value) => Token.isUnresolved(value) || pattern.test(value), message),
  );
}
