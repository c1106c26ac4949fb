/** Entry of the function behind `POST /auth/request-otp`: wiring only. The flow is `otp/request-otp.ts`. */
import { deviceHeader } from './http/credentials.ts';
import { jsonEndpoint } from './http/json-endpoint.ts';
import { presentRequestOtp } from './http/request-otp-endpoint.ts';
import { requestOtp } from './otp/request-otp.ts';
import { initialise } from './runtime/init.ts';
import { prepared } from './runtime/prepared.ts';
import { initWaitMs } from './settings/fixed-numbers.ts';
import { connectTable } from './table/table.ts';
import { openRequestOtp, portsOf, requestOtpStage, smsSecretName } from './wiring/request-otp-world.ts';

const world = prepared(openRequestOtp);

/** Awaited before the first event. */
export const ready = initialise({
  world,
  prepare: ({ identity, codeKeys, controls, keyRing, table }, signal) => [
    identity.get({ signal }),
    codeKeys.get({ signal }),
    controls.get({ signal }),
    keyRing.current.get({ signal }),
    connectTable(table, signal),
  ],
  rehearse: (made, signal) => rehearse({ ...requestOtpStage(made), signal }),
  waitMs: initWaitMs,
});

const { handler, rehearse } = jsonEndpoint(world, {
  codes: {
    invalid: 'request-otp.invalid',
    unavailable: 'request-otp.unavailable',
    unavailableBy: { [smsSecretName]: 'request-otp.no-key' },
    fault: 'request-otp.fault',
  },
  schema: ({ schema }) => schema,
  run: async (asked) => {
    const { world, request, input } = asked;
    const { ports, numberTag } = await portsOf(world, asked);
    const outcome = await requestOtp(ports, { ...input, deviceToken: request.headers[deviceHeader] });
    const { providerLatencyMs, messageId } = outcome;
    const measures = { providerLatencyMs, keyAgeSeconds: world.keyRing.current.ageSeconds() };
    return { ...presentRequestOtp(outcome, request.id), numberTag, messageId, measures };
  },
});

export { handler };
