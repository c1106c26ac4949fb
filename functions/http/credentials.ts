/** The credentials that a request may bring in its headers; what they are worth is found out by the flows. */
import type { Credentials } from '../otp/admission.ts';
import type { Settings } from '../settings/settings.ts';
import type { GatewayRequest } from './gateway-request.ts';

/** Where a device that has signed in before sends its token. */
export const deviceHeader = 'doorcode-device';

/** The session, and the attestation under the name that the settings give it. */
export function credentialsOf(
  { headers }: GatewayRequest,
  { attestation }: Pick<Settings, 'attestation'>,
): Credentials {
  return {
    authorization: headers['authorization'],
    attestation: attestation && headers[attestation.headerName],
  };
}
