/** Entry of the function behind `POST /auth/verify-otp`: wiring only. The flow is `otp/verify-otp.ts`. */
import { jsonEndpoint } from './http/json-endpoint.ts';
import { presentVerifyOtp } from './http/verify-otp-endpoint.ts';
import { verifyOtp } from './otp/verify-otp.ts';
import { epochSeconds as now } from './runtime/clock.ts';
import { initialise } from './runtime/init.ts';
import { prepared } from './runtime/prepared.ts';
import { initWaitMs } from './settings/fixed-numbers.ts';
import { connectTable } from './table/table.ts';
import { openVerifyOtp, portsOf, verifyOtpStage } from './wiring/verify-otp-world.ts';

const world = prepared(openVerifyOtp);

/** Awaited before the first event. */
export const ready = initialise({
  world,
  prepare: ({ identity, codeKeys, signerAt, sessions, table }, signal) => [
    identity.get({ signal }),
    codeKeys.get({ signal }),
    signerAt.get({ signal }),
    sessions.prepare(signal),
    connectTable(table, signal),
  ],
  rehearse: async (made, signal) => rehearse({ ...(await verifyOtpStage(made, signal)), signal }),
  waitMs: initWaitMs,
});

const { handler, rehearse } = jsonEndpoint(world, {
  codes: { invalid: 'verify-otp.invalid', unavailable: 'verify-otp.unavailable', fault: 'verify-otp.fault' },
  schema: ({ schema }) => schema,
  run: async (asked) => {
    const { ports, opened, numberTag, sign } = await portsOf(asked.world, asked);
    const outcome = await verifyOtp(ports, { ...asked.input, opened });
    const presented = await presentVerifyOtp(outcome, { instance: asked.request.id, sign, now });
    return { ...presented, numberTag };
  },
});

export { handler };
