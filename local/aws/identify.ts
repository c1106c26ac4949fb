/** Who asks an AWS endpoint of the local stack: the holder of one of this run's credentials, by a signature. */
import type { DeployedFunction } from '../deployed.ts';
import { AwsError } from './aws-error.ts';
import type { CredentialsOf } from './credentials.ts';
import { claimOf, isSigned, type SignedRequest } from './signature.ts';

/** Somebody who signs calls: a function, or a person with rights of their own. */
export type Caller = Pick<DeployedFunction, 'name' | 'arn' | 'roleArn' | 'statements'>;

export interface Identities {
  /** Who signs with an access key id. */
  readonly caller: (accessKeyId: string) => Caller | undefined;
  readonly credentialsOf: CredentialsOf;
}

/** Gives the caller, or throws as AWS answers: no signature, an unknown key, a signature that is not theirs. */
export async function identify(
  { caller: callerOf, credentialsOf }: Identities,
  request: SignedRequest,
): Promise<Caller> {
  const status = request.service === 'lambda' ? 403 : 400;
  const claim = claimOf(request.incoming);
  if (claim === undefined) {
    throw new AwsError(
      'MissingAuthenticationTokenException',
      'Request is missing Authentication Token',
      status,
    );
  }
  const caller = callerOf(claim.accessKeyId);
  if (caller === undefined) {
    throw new AwsError(
      'UnrecognizedClientException',
      'The security token included in the request is invalid.',
      status,
    );
  }
  if (!(await isSigned(claim, request, credentialsOf))) {
    throw new AwsError(
      'InvalidSignatureException',
      'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method.',
      status,
    );
  }
  return caller;
}
