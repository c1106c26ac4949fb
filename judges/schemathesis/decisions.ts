/** What Schemathesis says and stays as it is. */

interface Decided {
  /** Of the whole finding: the check, the operation, the status, and what the answer says. */
  readonly matches: RegExp;
  readonly finding: string;
  readonly reason: string;
}

export const decided: readonly Decided[] = [
  {
    matches: /^Wrong response to undeclared method, \S+ \S+: 404 Not Found$/,
    finding: '404 and not 405 to a method that a path does not have',
    reason:
      'API Gateway answers it: an HTTP API answers 404 where no route has the method. No function is asked',
  },
  {
    matches: /^Schema-valid request rejected, POST \/auth\/(token|sessions): 400 invalid_grant$/,
    finding: 'a refresh token of the right shape is refused with 400',
    reason: 'Only a token that lives is taken, and RFC 6749, section 5.2, wants 400',
  },
  {
    matches: /^Schema-valid request rejected, POST \/auth\/(token|revoke): 400 invalid_client$/,
    finding: 'a client_id of the right shape is refused with 400',
    reason: 'It has to be the audience, which each deployment chooses',
  },
  {
    matches:
      /^Schema-valid request rejected, POST \/auth\/verify-otp: 422 urn:doorcode:(incorrect|expired)-code$/,
    finding: 'a code of the right shape is refused with 422',
    reason: 'Only the code that came is right, and only while it lives',
  },
  {
    matches:
      /^Schema-valid request rejected, POST \/auth\/(request|verify)-otp: 400 urn:doorcode:invalid-request( #\/(purpose|context))+$/,
    finding: 'a purpose or a context of the right shape is refused with 400',
    reason: 'Each deployment has its own purposes, and a context belongs to those that need a session',
  },
];
