/** Every state of the sign-in, rendered by React Native with the mocks of both platforms. */
import { createDoorcode, type Doorcode } from 'doorcode-client';
import { AccessibilityInfo, BackHandler, Platform } from 'react-native';
import { act, create, type ReactTestInstance, type ReactTestRenderer } from 'react-test-renderer';
import { hindi } from '../src/hindi.ts';
import { OtpSignIn, type OtpSignInProps } from '../src/otp-sign-in.tsx';
import { english } from '../src/texts.ts';

const ours = '402961 is your Doorcode verification code.';
const sent = {
  requestId: 'r-1',
  expiresInSeconds: 300,
  resendAfterSeconds: 30,
  codeLength: 6,
  delivery: 'accepted',
};

interface Answer {
  readonly status: number;
  readonly body: object;
}

const accepted: Answer = { status: 202, body: sent };
const signedIn: Answer = { status: 200, body: { accessToken: 'token', expiresInSeconds: 3600 } };
const problem = (status: number, name: string, members: object = {}): Answer => ({
  status,
  body: { type: `urn:doorcode:${name}`, ...members },
});

/** A client whose server answers as told, in order; the last answer stays. */
function clientThatMeets(...answers: readonly Answer[]): Doorcode {
  let at = 0;
  return createDoorcode({
    baseUrl: 'https://api.example.com',
    tries: 1,
    fetch: async () => {
      const answer = answers[Math.min(at, answers.length - 1)];
      at += 1;
      return {
        status: answer?.status ?? 500,
        headers: { get: () => null },
        text: async () => JSON.stringify(answer?.body),
      };
    },
  });
}

let shown: ReactTestRenderer | undefined;

async function settle(): Promise<void> {
  await act(async () => {
    for (let turn = 0; turn < 60; turn += 1) await Promise.resolve();
  });
}

async function show(doorcode: Doorcode, props: Partial<OtpSignInProps> = {}): Promise<void> {
  await act(async () => {
    shown = create(<OtpSignIn doorcode={doorcode} onSignedIn={() => undefined} {...props} />);
  });
  await settle();
}

/** The host element of a test id. */
const byId = (testID: string): ReactTestInstance | undefined =>
  shown?.root.findAll((node) => typeof node.type === 'string' && node.props.testID === testID)[0];

/** All text on the screen. */
function words(): string {
  const texts =
    shown?.root.findAll((node) => typeof node.type === 'string' && String(node.type) === 'Text') ?? [];
  return texts.flatMap(({ props }) => [props.children].flat()).join(' ');
}

async function press(testID: string): Promise<void> {
  const target = shown?.root.findAll((node) => node.props.testID === testID && 'onPress' in node.props)[0];
  // Not awaited: the screen does not wait for it, either.
  await act(async () => {
    target?.props.onPress();
  });
  await settle();
}

async function type(testID: string, text: string): Promise<void> {
  const field = shown?.root.findAll(
    (node) => node.props.testID === testID && 'onChangeText' in node.props,
  )[0];
  await act(async () => {
    field?.props.onChangeText(text);
  });
  await settle();
}

async function askForCode(): Promise<void> {
  await type('doorcode-number', '98765 43210');
  await press('doorcode-send');
}

beforeEach(() => {
  jest.useFakeTimers();
  jest.spyOn(console, 'error').mockImplementation(() => undefined);
});
afterEach(async () => {
  await act(async () => shown?.unmount());
  shown = undefined;
  jest.useRealTimers();
  jest.restoreAllMocks();
});

describe.each(['ios', 'android'] as const)('on %s', (platform) => {
  beforeEach(() => {
    jest.replaceProperty(Platform, 'OS', platform);
  });

  it('asks for the number, with the fields that the phone fills in', async () => {
    await show(clientThatMeets(accepted));
    expect(words()).toContain(english.numberTitle);
    expect(byId('doorcode-number')?.props.textContentType).toBe('telephoneNumber');
    expect(byId('doorcode-send')).toBeDefined();
  });

  it('goes from the number to the token', async () => {
    const onSignedIn = jest.fn();
    await show(clientThatMeets(accepted, signedIn), { onSignedIn });
    await askForCode();
    expect(words()).toContain(english.codeTitle);
    await type('doorcode-code', '123456');
    expect(onSignedIn).toHaveBeenCalledTimes(1);
    expect(onSignedIn).toHaveBeenCalledWith('token');
  });

  it.each([
    ['a number that is none', '12', accepted, english.notice({ reason: 'invalid-number' })],
    ['a limit', '9876543210', problem(429, 'too-many-requests', { retryAfterSeconds: 90 }), '1:30'],
    [
      'a fault of the server’s',
      '9876543210',
      problem(500, 'internal-error'),
      english.notice({ reason: 'server-fault' }),
    ],
    ['an unknown problem', '9876543210', problem(418, 'moon-phase', { supportReference: 'i-1' }), 'i-1'],
    ['a wrong address', '9876543210', { status: 404, body: {} }, english.notice({ reason: 'wrong-address' })],
  ])('says what is wrong with %s, and offers the button again', async (_, number, answer, said) => {
    await show(clientThatMeets(answer));
    await type('doorcode-number', number);
    await press('doorcode-send');
    expect(words()).toContain(said);
    expect(words()).toContain(english.send);
  });

  it('says what is wrong with a code, and keeps the keyboard', async () => {
    await show(clientThatMeets(accepted, problem(422, 'incorrect-code', { attemptsRemaining: 3 })));
    await askForCode();
    await type('doorcode-code', '123456');
    expect(words()).toContain('3 attempts are left.');
    expect(byId('doorcode-code')?.props.value).toBe('');
    expect(byId('doorcode-code')?.props.editable).not.toBe(false);
  });

  it('counts down, and ends the wait', async () => {
    await show(clientThatMeets(accepted));
    await askForCode();
    expect(words()).toContain(english.resendIn('0:30'));
    await act(async () => jest.advanceTimersByTime(30_250));
    expect(words()).toContain(english.resend);
    expect(words()).not.toContain(english.resendIn('0:30'));
  });

  it('puts the digit typed after a tap at the end', async () => {
    await show(clientThatMeets(accepted));
    await askForCode();
    await type('doorcode-code', '123');
    await type('doorcode-code', '4123');
    expect(byId('doorcode-code')?.props.value).toBe('1234');
    expect(byId('doorcode-code')?.props.selection).toEqual({ start: 4, end: 4 });
  });

  it('speaks Hindi in every state', async () => {
    await show(clientThatMeets(accepted, problem(422, 'expired-code')), { texts: hindi });
    expect(words()).toContain(hindi.numberTitle);
    await askForCode();
    expect(words()).toContain(hindi.codeTitle);
    await type('doorcode-code', '123456');
    expect(words()).toContain(hindi.notice({ reason: 'expired-code' }));
    // Beside a code that has ended, a time for which it is valid would be wrong.
    expect(words()).not.toContain('5:00');
    expect(words()).not.toMatch(/[A-Za-z]{4,}/);
  });

  it('asks for the SMS in the language of its texts, also after a change, or in the one that is named', async () => {
    const locales: unknown[] = [];
    const doorcode = createDoorcode({
      baseUrl: 'https://api.example.com',
      tries: 1,
      fetch: async (_, { body }) => {
        locales.push(JSON.parse(body).locale);
        throw new TypeError('Network request failed');
      },
    });
    await show(doorcode);
    await askForCode();
    for (const props of [{ texts: hindi }, { texts: hindi, locale: 'ta-IN' }]) {
      await act(async () => {
        shown?.update(<OtpSignIn doorcode={doorcode} onSignedIn={() => undefined} {...props} />);
      });
      await press('doorcode-send');
    }
    expect(locales).toEqual(['en', 'hi', 'ta-IN']);
  });

  it('listens for the SMS from the tap on, and signs in with one that comes before the answer', async () => {
    let heard = (_text: string): void => undefined;
    const stop = jest.fn();
    const smsConsent = jest.fn((onSms: (text: string) => void) => {
      heard = onSms;
      return stop;
    });
    const onSignedIn = jest.fn();
    let answer = (): void => undefined;
    const late = new Promise<void>((resolve) => {
      answer = resolve;
    });
    const working = clientThatMeets(accepted, signedIn);
    const doorcode: Doorcode = {
      ...working,
      requestOtp: async (input) => {
        await late;
        return working.requestOtp(input);
      },
    };
    await show(doorcode, { onSignedIn, smsConsent });
    expect(smsConsent).not.toHaveBeenCalled();
    await askForCode();
    expect(words()).toContain(english.sending);
    await act(async () => heard(ours));
    await act(async () => answer());
    await settle();
    expect(onSignedIn).toHaveBeenCalledWith('token');
    expect(smsConsent).toHaveBeenCalledTimes(1);
    expect(stop).toHaveBeenCalledTimes(1);
  });

  it.each([
    [
      'throws',
      () => {
        throw new Error('not ready');
      },
    ],
    ['rejects', () => Promise.reject(new Error('not ready'))],
    ['hangs', () => new Promise<void>(() => undefined)],
  ])('offers to tell the app again when onSignedIn %s', async (_, misbehave) => {
    const onSignedIn = jest.fn(misbehave);
    await show(clientThatMeets(accepted, signedIn), { onSignedIn });
    await askForCode();
    await type('doorcode-code', '123456');
    await act(async () => jest.advanceTimersByTime(5_000));
    await settle();
    expect(words()).toContain(english.goOn);
    await press('doorcode-go-on');
    expect(onSignedIn).toHaveBeenCalledTimes(2);
  });

  it('offers the phone’s own number once, and takes none for an answer', async () => {
    const numberHint = jest.fn(async () => '+919876543210');
    await show(clientThatMeets(accepted), { numberHint });
    const field = shown?.root.findAll(
      (node) => node.props.testID === 'doorcode-number' && 'onFocus' in node.props,
    )[0];
    await act(async () => field?.props.onFocus({}));
    await settle();
    expect(byId('doorcode-number')?.props.value).toBe('+919876543210');
    await act(async () => field?.props.onFocus({}));
    expect(numberHint).toHaveBeenCalledTimes(1);
  });

  it('takes colours and a font of the app’s', async () => {
    await show(clientThatMeets(accepted), {
      theme: { fontFamily: 'Inter' },
      themes: { light: { accent: '#123456' }, dark: { accent: '#654321' } },
    });
    const styles = JSON.stringify(shown?.toJSON());
    expect(styles).toContain('#123456');
    expect(styles).not.toContain('#654321');
    expect(styles).toContain('Inter');
  });
});

describe('Android’s back key', () => {
  it('goes to the number at the code, and leaves the app at the number', async () => {
    const listeners: (() => boolean | null | undefined)[] = [];
    jest.spyOn(BackHandler, 'addEventListener').mockImplementation((_event, listener) => {
      listeners.push(listener);
      return {
        remove: () => {
          listeners.splice(listeners.indexOf(listener), 1);
        },
      };
    });
    await show(clientThatMeets(accepted));
    expect(listeners).toHaveLength(0);
    await askForCode();
    let isTaken: boolean | null | undefined;
    await act(async () => {
      isTaken = listeners[0]?.();
    });
    expect(isTaken).toBe(true);
    expect(words()).toContain(english.numberTitle);
    expect(listeners).toHaveLength(0);
  });
});

describe('a screen reader', () => {
  it('on iOS is told a notice once, not for each second', async () => {
    jest.replaceProperty(Platform, 'OS', 'ios');
    const announce = jest
      .spyOn(AccessibilityInfo, 'announceForAccessibility')
      .mockImplementation(() => undefined);
    announce.mockClear();
    await show(clientThatMeets(problem(429, 'too-many-requests', { retryAfterSeconds: 90 })));
    await askForCode();
    await act(async () => jest.advanceTimersByTime(3_000));
    expect(announce).toHaveBeenCalledTimes(1);
  });
});
