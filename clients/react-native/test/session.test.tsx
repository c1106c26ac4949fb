/** `useSession`, the example and the devices screen, rendered by React Native with the mocks of both platforms. */
import { createSession, type DoorcodeStorage, type Session } from 'doorcode-client';
import { AppState, type AppStateStatus, Platform } from 'react-native';
import { act, create, type ReactTestInstance, type ReactTestRenderer } from 'react-test-renderer';
import { ExampleApp } from '../example/example-app.tsx';
import { englishDevices, hindiDevices } from '../src/device-texts.ts';
import { Devices } from '../src/devices.tsx';
import { hindi } from '../src/hindi.ts';
import { english } from '../src/texts.ts';

/** A phone, its storage and its server: what is stored outlives a restart of the app. */
function openPhone() {
  const stored = new Map<string, string>();
  let wallMs = 1_790_000_000_000;
  let generation = 0;
  const phone = {
    stored,
    storage: 'good' as 'good' | 'locked' | 'fails',
    isOnline: true,
    isEnded: false,
    others: ['Tablet', ''],
    refreshes: 0,
    wait: (seconds: number) => {
      wallMs += seconds * 1000;
    },
    /** The app as it starts. */
    open: (): Session =>
      createSession({
        baseUrl: 'https://id.example.com',
        tries: 1,
        label: 'Phone',
        storage,
        timeOfDay: () => wallMs,
        now: () => wallMs - 1_790_000_000_000,
        fetch: async (url, { body }) => {
          if (!phone.isOnline) throw new TypeError('Network request failed');
          const [status, answer] = answerTo(url, body);
          return { status, headers: { get: () => null }, text: async () => JSON.stringify(answer) };
        },
      }),
  };
  const storage: DoorcodeStorage = {
    read: async (key) => {
      if (phone.storage === 'fails') throw new Error('broken');
      return phone.storage === 'locked' ? null : (stored.get(key) ?? null);
    },
    write: async (key, value) => {
      if (phone.storage !== 'good') throw new Error('not now');
      if (value === null) stored.delete(key);
      else stored.set(key, value);
    },
  };
  const listed = () => ({
    sessions: ['Phone', ...phone.others].map((label, at) => ({
      id: `session-${at}`,
      label,
      begun: '2026-09-01',
      lastUsed: '2026-11-26',
      current: at === 0,
    })),
  });
  const answerTo = (url: string, body: string): readonly [number, object] => {
    if (url.endsWith('/auth/request-otp'))
      return [202, { requestId: 'r', expiresInSeconds: 300, resendAfterSeconds: 30, codeLength: 6 }];
    if (url.endsWith('/auth/verify-otp'))
      return [200, { accessToken: 'access-0', expiresInSeconds: 900, refreshToken: 'refresh-0' }];
    if (url.endsWith('/auth/revoke')) return [200, {}];
    if (phone.isEnded) return [400, { error: 'invalid_grant' }];
    if (url.endsWith('/auth/token')) {
      phone.refreshes += 1;
      generation += 1;
      return [
        200,
        { access_token: `access-${generation}`, expires_in: 900, refresh_token: `refresh-${generation}` },
      ];
    }
    const { end } = JSON.parse(body) as { end?: 'others' | 'all' | string[] };
    if (end === 'others') phone.others = [];
    else if (Array.isArray(end))
      phone.others = phone.others.filter((_, at) => !end.includes(`session-${at + 1}`));
    return [200, end === 'all' ? { sessions: [] } : listed()];
  };
  return phone;
}

let shown: ReactTestRenderer | undefined;
let toFront: ((state: AppStateStatus) => void) | undefined;

async function settle(): Promise<void> {
  await act(async () => {
    for (let turn = 0; turn < 120; turn += 1) await Promise.resolve();
  });
}

async function show(element: React.JSX.Element): Promise<void> {
  await act(async () => {
    shown?.unmount();
    shown = create(element);
  });
  await settle();
}

/** All text on the screen. */
function words(): string {
  const texts =
    shown?.root.findAll((node) => typeof node.type === 'string' && String(node.type) === 'Text') ?? [];
  return texts.flatMap(({ props }) => [props.children].flat()).join(' ');
}

const named = (testID: string): ReactTestInstance | undefined =>
  shown?.root.findAll((node) => node.props.testID === testID && 'onPress' in node.props)[0];

async function press(target: ReactTestInstance | undefined): Promise<void> {
  if (target === undefined) throw new Error('there is no such button');
  await act(async () => {
    target.props.onPress();
  });
  await settle();
}

/** The button with these words. */
function button(label: string): ReactTestInstance | undefined {
  return shown?.root
    .findAll((node) => typeof node.props.onPress === 'function')
    .filter((node) => node.findAll((child) => child.props.children === label).length > 0)
    .at(-1);
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

async function signIn(): Promise<void> {
  await type('doorcode-number', '98765 43210');
  await press(named('doorcode-send'));
  await type('doorcode-code', '123456');
}

beforeEach(() => {
  jest.useFakeTimers();
  jest.spyOn(console, 'error').mockImplementation(() => undefined);
  jest.spyOn(AppState, 'addEventListener').mockImplementation((_type, listener) => {
    toFront = listener as typeof toFront;
    return { remove: () => undefined };
  });
});
afterEach(async () => {
  await act(async () => shown?.unmount());
  shown = undefined;
  jest.useRealTimers();
  jest.restoreAllMocks();
});

describe.each(['ios', 'android'] as const)('the example on %s', (platform) => {
  beforeEach(() => {
    jest.replaceProperty(Platform, 'OS', platform);
  });

  it('stays signed in over a restart, after an hour and after forty days', async () => {
    const phone = openPhone();
    await show(<ExampleApp session={phone.open()} smsConsent={undefined} />);
    expect(words()).toContain(english.numberTitle);
    await signIn();
    expect(words()).toContain(english.signedIn);
    for (const seconds of [1, 3_600, 40 * 86_400]) {
      phone.wait(seconds);
      const session = phone.open();
      await show(<ExampleApp session={session} smsConsent={undefined} />);
      expect(words()).toContain(english.signedIn);
      expect(await session.accessToken()).toBeDefined();
    }
    expect(phone.refreshes).toBe(2);
  });

  it('shows neither the sign-in nor the app before the first unlock, and asks again at the front', async () => {
    const phone = openPhone();
    await show(<ExampleApp session={phone.open()} smsConsent={undefined} />);
    await signIn();
    for (const storage of ['locked', 'fails'] as const) {
      phone.storage = storage;
      await show(<ExampleApp session={phone.open()} smsConsent={undefined} />);
      expect(words()).toContain('secure storage');
      expect(words()).not.toContain(english.numberTitle);
      phone.storage = 'good';
      await act(async () => toFront?.('active'));
      await settle();
      expect(words()).toContain(english.signedIn);
    }
  });

  it('stays signed in without a network, and goes to the sign-in once the session has ended elsewhere', async () => {
    const phone = openPhone();
    const session = phone.open();
    await show(<ExampleApp session={session} smsConsent={undefined} />);
    await signIn();
    phone.wait(3_600);
    phone.isOnline = false;
    await act(async () => {
      expect((await session.access()).tag).toBe('offline');
    });
    expect(words()).toContain(english.signedIn);
    phone.isOnline = true;
    phone.isEnded = true;
    await act(async () => {
      expect((await session.access()).tag).toBe('signed-out');
    });
    expect(words()).toContain(english.numberTitle);
  });

  it('signs out', async () => {
    const phone = openPhone();
    await show(<ExampleApp session={phone.open()} smsConsent={undefined} />);
    await signIn();
    await press(button('Sign out'));
    expect(words()).toContain(english.numberTitle);
    expect(phone.stored.has('doorcode.session')).toBe(false);
  });

  it('speaks Hindi in every state of a session', async () => {
    const phone = openPhone();
    phone.others = ['', ''];
    await show(<ExampleApp language="hi" session={phone.open()} smsConsent={undefined} />);
    await signIn();
    expect(words()).toContain(hindi.signedIn);
    await press(button(hindiDevices.title));
    expect(words()).toContain(hindiDevices.hint);
    expect(words()).toContain('1 सितंबर 2026');
    phone.storage = 'fails';
    await show(<ExampleApp language="hi" session={phone.open()} smsConsent={undefined} />);
    expect(words().replace(/API|Phone/g, '')).not.toMatch(/[A-Za-z]{4,}/);
  });
});

describe('the devices', () => {
  async function openDevices() {
    const phone = openPhone();
    const session = phone.open();
    await show(<ExampleApp session={session} smsConsent={undefined} />);
    await signIn();
    await show(<Devices session={session} />);
    return { phone, session };
  }

  it('are listed with their days, and this one has no button of its own', async () => {
    await openDevices();
    for (const text of ['Phone', 'Tablet', englishDevices.unnamed, englishDevices.current, '1 Sep 2026'])
      expect(words()).toContain(text);
    expect(named('doorcode-end-session-0')).toBeUndefined();
    const labelled = shown?.root.findAll(
      (node) => node.props.testID === 'doorcode-end-session-1' && 'aria-label' in node.props,
    );
    expect(labelled?.[0]?.props['aria-label']).toBe(englishDevices.endOf('Tablet'));
  });

  it('are ended one by one, and all others at once', async () => {
    const { phone } = await openDevices();
    await press(named('doorcode-end-session-1'));
    expect(words()).not.toContain('Tablet');
    expect(phone.others).toEqual(['']);
    await press(named('doorcode-end-others'));
    expect(phone.others).toEqual([]);
    expect(named('doorcode-end-others')).toBeUndefined();
  });

  it('are all signed out, this one too', async () => {
    const { session } = await openDevices();
    await press(named('doorcode-end-all'));
    expect(session.state()).toBe('signed-out');
  });

  it('say that nothing has changed without a network, and try again', async () => {
    const { phone, session } = await openDevices();
    phone.isOnline = false;
    await press(named('doorcode-end-all'));
    expect(words()).toContain(englishDevices.failed);
    expect(words()).toContain('Tablet');
    expect(session.state()).toBe('signed-in');
    phone.isOnline = true;
    await press(named('doorcode-devices-again'));
    expect(words()).not.toContain(englishDevices.failed);
  });
});
