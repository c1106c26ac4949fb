/** A phone with a session: a storage that can fail, two clocks, restarts, and several contexts on one storage. */
import {
  createSession,
  type DoorcodeStorage,
  type Session,
  type SessionOptions,
} from '../../../clients/typescript/src/index.ts';
import { openSessionServer, type SessionServer } from './session-server.ts';

export interface SessionPhone {
  readonly server: SessionServer;
  /** What is stored. */
  readonly stored: Map<string, string>;
  /** How the storage is: `locked` is iOS before the first unlock, which finds nothing and takes nothing. */
  storage: 'good' | 'locked' | 'reads fail' | 'writes fail' | 'writes land but fail';
  readonly storagePort: DoorcodeStorage;
  wallMs(): number;
  session(): Session;
  /** Another context on the same storage. */
  open(options?: Partial<SessionOptions>): Session;
  /** The app is killed and starts again. */
  restart(): void;
  wait(seconds: number): void;
  /** Somebody sets the time of day. */
  setClock(seconds: number): void;
  signIn(session?: Session): Promise<string>;
  record(): { refreshToken: string; attempt: string; accessToken: string } | undefined;
}

export function openSessionPhone(options: Partial<SessionOptions> = {}): SessionPhone {
  let monotonicMs = 5_000;
  let wallMs = 1_790_000_000_000;
  let serverMs = wallMs;
  const server = openSessionServer(() => serverMs);
  const stored = new Map<string, string>();
  const storage: DoorcodeStorage = {
    read: async (key) => {
      if (phone.storage === 'reads fail') throw new Error('the storage is broken');
      return phone.storage === 'locked' ? null : (stored.get(key) ?? null);
    },
    write: async (key, value) => {
      if (phone.storage === 'locked' || phone.storage === 'writes fail') throw new Error('not now');
      if (value === null) stored.delete(key);
      else stored.set(key, value);
      if (phone.storage === 'writes land but fail') throw new Error('or so it says');
    },
  };
  const open = (own: Partial<SessionOptions> = {}): Session =>
    createSession({
      baseUrl: 'https://id.example.com',
      now: () => monotonicMs,
      timeOfDay: () => wallMs,
      sleep: async () => undefined,
      timeoutMs: 20,
      storage,
      fetch: server.fetch,
      ...options,
      ...own,
    });
  let session: Session | undefined;
  const phone: SessionPhone = {
    server,
    stored,
    storage: 'good',
    storagePort: storage,
    wallMs: () => wallMs,
    session: () => {
      session ??= open();
      return session;
    },
    open,
    restart: () => {
      monotonicMs = 100;
      session = undefined;
    },
    wait: (seconds) => {
      monotonicMs += seconds * 1000;
      wallMs += seconds * 1000;
      serverMs += seconds * 1000;
    },
    setClock: (seconds) => {
      wallMs += seconds * 1000;
    },
    signIn: async (with_ = phone.session()) => {
      const asked = await with_.requestOtp({ phoneNumber: '+919876543210' });
      if (asked.tag !== 'sent') throw new Error(asked.tag);
      const result = await with_.verifyOtp(asked.challenge, '123456');
      if (result.tag !== 'signed-in') throw new Error(result.tag);
      return result.accessToken;
    },
    record: () => JSON.parse(stored.get('doorcode.session') ?? 'null') ?? undefined,
  };
  return phone;
}
