/** The answer and the log line for a caller who is not admitted. Only the log gets the reason. */
import type { AdmissionRefusal } from '../otp/admission.ts';
import { retryAfterFaultSeconds } from '../settings/fixed-numbers.ts';
import type { Presented } from './answer.ts';
import { problem } from './problem.ts';

/** What the app and the log get of a refusal; `instance` is the gateway's id of the request. */
export function presentAdmission({ tag, reason }: AdmissionRefusal, instance: string): Presented {
  switch (tag) {
    case 'unauthorized': {
      const detail = 'Send your session token as a bearer token.';
      return { answer: problem(tag, instance, { detail }), code: 'admission.unauthorized', reason };
    }
    case 'app-not-attested': {
      const detail = 'Send a valid attestation of the app.';
      return { answer: problem(tag, instance, { detail }), code: 'admission.app-not-attested', reason };
    }
    case 'keys-unavailable': {
      const members = { detail: 'Try again in a moment.', retryAfterSeconds: retryAfterFaultSeconds };
      const answer = problem('temporarily-unavailable', instance, members);
      return { answer, code: 'admission.keys-unavailable', reason };
    }
  }
}
