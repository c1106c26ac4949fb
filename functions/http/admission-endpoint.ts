/** What a caller is told who is not let in, and what the log is told. The reason goes to the log alone. */
import type { AdmissionRefusal } from '../otp/admission.ts';
import type { MessageCode } from '../runtime/message-codes.ts';
import { retryAfterFaultSeconds } from '../settings/fixed-numbers.ts';
import type { Answer } from './answer.ts';
import { problem } from './problem.ts';

export const admissionCodes: Readonly<Record<AdmissionRefusal['tag'], MessageCode>> = {
  unauthorized: 'admission.unauthorized',
  'app-not-attested': 'admission.app-not-attested',
  'keys-unavailable': 'admission.keys-unavailable',
};

/** The answer to a refusal; `instance` is the gateway's id of the request. */
export function admissionAnswer({ tag }: AdmissionRefusal, instance: string): Answer {
  switch (tag) {
    case 'unauthorized':
      return problem(tag, instance, { detail: 'Send a valid session of yours as a bearer token.' });
    case 'app-not-attested':
      return problem(tag, instance, { detail: 'Send a valid attestation of the app.' });
    case 'keys-unavailable': {
      const detail = 'Try again in a moment.';
      return problem('temporarily-unavailable', instance, {
        detail,
        retryAfterSeconds: retryAfterFaultSeconds,
      });
    }
  }
}
