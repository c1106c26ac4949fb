/** A phone of the TypeScript client with scripted answers: two clocks, a storage that survives a restart, no network. */
import {
  createDoorcode,
  type Doorcode,
  type DoorcodeOptions,
  memoryStorage,
} from '../../../clients/typescript/src/index.ts';
import type { ContractAnswer } from './contract.ts';

interface ScriptedCall {
  readonly path: string;
  readonly key: string | null;
  readonly device: string | null;
  readonly locale: string | null;
  readonly body: unknown;
}

export interface ScriptedPhone {
  readonly doorcode: () => Doorcode;
  readonly calls: ScriptedCall[];
  /** What every try from now on meets. */
  meet(answer: Pick<ContractAnswer, 'status' | 'body' | 'fails' | 'hangs'>): void;
  restart(): void;
  wait(seconds: number): void;
  sleep(seconds: number): void;
}

export function openScriptedPhone(options: Partial<DoorcodeOptions> = {}): ScriptedPhone {
  const calls: ScriptedCall[] = [];
  const storage = memoryStorage();
  let answer: Pick<ContractAnswer, 'status' | 'body' | 'fails' | 'hangs'> = { fails: true };
  let monotonicMs = 5_000;
  let wallMs = 1_790_000_000_000;
  const open = (): Doorcode =>
    createDoorcode({
      baseUrl: 'https://api.example.com',
      now: () => monotonicMs,
      timeOfDay: () => wallMs,
      sleep: async () => undefined,
      timeoutMs: 20,
      tries: 2,
      storage,
      fetch: async (url, init) => {
        const headers = new Headers(init.headers);
        calls.push({
          path: new URL(url).pathname,
          key: headers.get('idempotency-key'),
          device: headers.get('doorcode-device'),
          locale: JSON.parse(init.body).locale ?? null,
          body: JSON.parse(init.body),
        });
        if (answer.fails) throw new TypeError('Network request failed');
        if (answer.hangs) return new Promise(() => undefined);
        const { body } = answer;
        const text = typeof body === 'string' ? body : JSON.stringify(body);
        return new Response(text, { status: answer.status ?? 200 });
      },
      ...options,
    });
  let doorcode = open();
  return {
    doorcode: () => doorcode,
    calls,
    meet: (next) => {
      answer = next;
    },
    restart: () => {
      // The monotonic clock starts anew with the app.
      monotonicMs = 100;
      doorcode = open();
    },
    wait: (seconds) => {
      monotonicMs += seconds * 1000;
      wallMs += seconds * 1000;
    },
    sleep: (seconds) => {
      wallMs += seconds * 1000;
    },
  };
}
