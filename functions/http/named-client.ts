/**
 * Who the client of a token or revocation request says it is. There is one client, the audience, and it is public: its name
 * may be left out and proves nothing, and a secret beside it is compared with nothing. Another name is refused: that app
 * belongs to another deployment.
 *
 * Some libraries name even a public client by `Authorization: Basic` with an empty secret (RFC 6749, section 2.3.1). No other
 * scheme names a client, and an app may put its Bearer token on every call: those are not read.
 */
import { decodeUtf8 } from '../runtime/utf8.ts';
import type { Answer } from './answer.ts';
import { decodeFormText } from './form-body.ts';
import type { GatewayRequest } from './gateway-request.ts';
import { oauthError } from './oauth-error.ts';

/** RFC 7617, section 2. Without credentials of this form it names nobody. */
const basic = /^basic(?: +([A-Za-z0-9+/]+={0,2}) *$|(?!\S))/i;

/**
 * The refusal of a client that is not `audience`; undefined for ours, and for one without a name. A client that came with
 * Basic gets 401 and a challenge (RFC 6749, section 5.2), any other 400.
 */
export function refuseOtherClient(
  { headers }: Pick<GatewayRequest, 'headers'>,
  { clientId, audience }: { readonly clientId: string | undefined; readonly audience: string },
): Answer | undefined {
  const ofHeader = basic.exec(headers['authorization'] ?? '');
  const isOurs =
    (clientId ?? audience) === audience && (ofHeader === null || names(ofHeader[1] ?? '', audience));
  if (isOurs) return undefined;
  const answer = oauthError(
    'invalid_client',
    'The client_id is the audience of the access tokens, or absent.',
  );
  if (ofHeader === null) return answer;
  const challenge = { 'www-authenticate': 'Basic realm="doorcode"' };
  return { ...answer, statusCode: 401, headers: { ...answer.headers, ...challenge } };
}

/** Whether the user-id is `audience`: form-encoded as the RFC asks, or as it is, as Authlib and others send it. */
function names(credentials: string, audience: string): boolean {
  try {
    const text = decodeUtf8(Buffer.from(credentials, 'base64'));
    const userId = text.slice(0, Math.max(text.indexOf(':'), 0));
    return text.startsWith(`${audience}:`) || decodeFormText(userId) === audience;
  } catch {
    return false;
  }
}
