/** The address of the API, and which web pages may call it. */
import * as v from 'valibot';
import { matchingOrGivenLater } from './given-later.ts';

const domainName = v.pipe(
  v.string(),
  v.maxLength(253),
  v.regex(
    /^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/,
    'expected a domain name in lower case, such as "auth.example.com": it becomes the issuer, byte for byte',
  ),
);

const origin = v.pipe(
  v.string(),
  v.regex(
    /^(https:\/\/([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,63}|http:\/\/localhost)(:[1-9]\d{0,4})?$/,
    'expected an origin as browsers send it, such as "https://app.example.com" or "http://localhost:8081": no path, no "*"',
  ),
);

export const addressEntries = {
  /**
   * A domain of your own, in lower case. It becomes the issuer of all tokens, so changing it later signs everybody out.
   * Unset, the issuer is the API's own endpoint. DNS comes before every JWT authorizer ([deploy.md](deploy.md)).
   */
  customDomainName: v.optional(domainName),
  /** The ACM certificate of `customDomainName`, in the stack's region. Set both or neither. */
  certificateArn: v.optional(
    matchingOrGivenLater(
      /^arn:aws[a-z-]*:acm:[a-z0-9-]+:\d{12}:certificate\/[0-9a-f-]{36}$/,
      'expected the ARN of an ACM certificate in the region of the stack',
    ),
  ),
  /**
   * Origins of web pages whose scripts may call the API, such as `https://app.example.com`. Mobile apps need none. A page of
   * any other origin cannot send an SMS from a visitor's browser.
   */
  allowedOrigins: v.optional(
    v.pipe(v.array(origin), v.maxLength(20, 'expected at most 20 origins'), v.readonly()),
    [],
  ),
};
