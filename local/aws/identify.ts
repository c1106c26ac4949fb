/** Finds the caller of a local AWS endpoint by its signature, which one of this run's credentials must have made. */
import type { DeployedFunction } from '../deployed.ts';
import type { CredentialsOf } from './access-keys.ts';
import { AwsError } from './aws-error.ts';
import { claimOf, isSigned, type SignedRequest } from './signature.ts';

/** A caller that signs: a function, or a person with rights of their own. */
export type Caller = Pick<DeployedFunction, 'name' | 'arn' | 'roleArn' | 'statements'>;

export interface Identities {
  /** The caller that has an access key id. */
  readonly caller: (accessKeyId: string) => Caller | undefined;
  readonly credentialsOf: CredentialsOf;
}

/** Gives the caller. Throws AWS's error for a missing signature, an unknown key or a wrong signature. */
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
