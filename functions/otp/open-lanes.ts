/** The lanes that a request may ask in: what the kill switch, the denied and the test numbers and the device leave open. */
import { isDenied } from './controls.ts';
import { openDeviceToken } from './device-token.ts';
import type { Admitted, Asking, RequestOtpPorts } from './request-otp-ports.ts';
import { testLaneOf } from './test-number.ts';

type Deciding = Pick<RequestOtpPorts, 'settings' | 'controls' | 'identity'>;

/** In the order to ask in: first as a device, then as a stranger. A closed lane asks, too, and is refused like a spent one. */
export function openLanes(deciding: Deciding, input: Admitted): readonly Asking[] {
  const { sending } = deciding.controls;
  const testLane = testLaneOf(deciding, input.phoneNumber, input.now);
  const isDeniedNumber = isDenied(deciding.controls, input.phoneNumber);
  const closed = isDeniedNumber ? 'denied' : testLane === 'over' ? 'test-number' : undefined;
  const test = closed === undefined && testLane !== 'over' ? testLane : undefined;
  const deviceHash = test === undefined ? deviceHashOf(deciding, input) : undefined;
  const asking = { ...input, closed } as const;
  const lanes: Asking[] = [];
  if (sending !== 'nobody' && deviceHash !== undefined) lanes.push({ ...asking, lane: 'device', deviceHash });
  if (sending !== 'everybody') return lanes;
  if (test !== undefined) return [...lanes, { ...asking, lane: 'test', test }];
  return [...lanes, { ...asking, lane: input.isAttested ? 'attested' : 'public' }];
}

/** The hash of the device that asks, if it holds a token of this number. */
function deviceHashOf(
  { settings, identity }: Deciding,
  { deviceToken, phoneNumber }: Admitted,
): string | undefined {
  if (deviceToken === undefined || settings.devicesPerNumber === 0) return undefined;
  return openDeviceToken(identity, deviceToken, phoneNumber);
}
