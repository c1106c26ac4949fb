/** The credentials in a request's headers. The flows verify them. */
import type { Credentials } from '../otp/admission.ts';
import type { Settings } from '../settings/settings.ts';
import type { GatewayRequest } from './gateway-request.ts';

/** The header with the token of a device that has signed in before. */
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
