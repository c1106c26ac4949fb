/**
 * A fake StartMessaging, so that people can use Doorcode without an account, a network or a rupee. It behaves as the
 * provider's pages document and as integrators observe. It shows each SMS on an inbox page.
 *
 * It refuses every page but its own, and never shows a key.
 * It is long because its routes and its control endpoint share one state, which nothing else may touch.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import * as v from 'valibot';
import { close, listen } from '../listen.ts';
import { createGuardedServer } from '../listeners/guarded-server.ts';
import { ownPages } from '../listeners/may-ask.ts';
import { readBody } from '../listeners/read-body.ts';
import { accountAnswer, isAccountPath, type MessageFate } from './account-rules.ts';
import { failure, type ProviderAnswer } from './answers.ts';
import { type ControlChange, controlSchema } from './control.ts';
import { serveInbox } from './inbox.ts';
import { type ProviderFault, type ProviderFaultName, providerFaults, sendAnswer } from './provider-faults.ts';
import { type Counters, decideSend, defaultRequestsPerThrottleWindow, sendPrice } from './send-rules.ts';
import { openState, type RecordedSend } from './state.ts';

export interface FakeProviderOptions {
  /** 0 takes a free port. */
  readonly port?: number;
  /** Keys, balance and sends survive in this file. */
  readonly stateFile?: string;
  /** Epoch milliseconds. */
  readonly nowMs?: () => number;
}

export interface FakeProvider {
  readonly url: string;
  /** Every accepted send, oldest first. */
  readonly sends: readonly RecordedSend[];
  /** The number of send requests, whatever the answers. */
  readonly sendCalls: number;
  control(change: ControlChange): void;
  /** Resets faults, limits, sends and balance, and keeps the keys. */
  reset(): void;
  stop(): Promise<void>;
}

const maxBodyBytes = 64 * 1024;

/** Starts the provider on loopback. */
export async function startFakeProvider(options: FakeProviderOptions = {}): Promise<FakeProvider> {
  const { state, save } = openState(options.stateFile);
  const counters: Counters = {
    requestsByAddress: new Map(),
    sendsByNumber: new Map(),
    answersByIdempotencyKey: new Map(),
  };
  const atRest = {
    latencyMs: 0,
    clockOffsetMs: 0,
    requestsPerThrottleWindow: defaultRequestsPerThrottleWindow,
    fault: undefined as { name: ProviderFaultName; left: number } | undefined,
    fate: { status: 'delivered' } as MessageFate,
  };
  const live = { ...atRest };
  let sendCalls = 0;

  const nowMs = (): number => (options.nowMs ?? Date.now)() + live.clockOffsetMs;

  const control = (change: ControlChange): void => {
    const wanted = v.parse(controlSchema, change);
    const { profile, account, balance, callers } = wanted;
    Object.assign(state, definedOf({ profile, account, balance, callers }));
    if (wanted.addKey) state.keys[wanted.addKey.key] = wanted.addKey.label;
    if (wanted.revokeKey !== undefined) {
      const kept = Object.entries(state.keys).filter(([, label]) => label !== wanted.revokeKey);
      state.keys = Object.fromEntries(kept);
    }
    if (wanted.exhaustNumber !== undefined)
      counters.sendsByNumber.set(wanted.exhaustNumber, [nowMs(), nowMs(), nowMs()]);
    const { latencyMs, requestsPerThrottleWindow, fate } = wanted;
    Object.assign(live, definedOf({ latencyMs, requestsPerThrottleWindow, fate }));
    if (wanted.clockOffsetSeconds !== undefined) live.clockOffsetMs = wanted.clockOffsetSeconds * 1000;
    if (wanted.fault === null) live.fault = undefined;
    if (wanted.fault)
      live.fault = { name: wanted.fault.name, left: wanted.fault.times ?? Number.POSITIVE_INFINITY };
    save();
  };

  const takeFault = (): ProviderFaultName | undefined => {
    const { fault } = live;
    if (fault === undefined) return undefined;
    fault.left -= 1;
    if (fault.left <= 0) live.fault = undefined;
    return fault.name;
  };

  const respond = (response: ServerResponse, answer: ProviderAnswer, fault?: ProviderFault): void => {
    setTimeout(() => {
      if (fault !== undefined) fault.act(response, answer);
      else sendAnswer(response, answer);
    }, live.latencyMs);
  };

  const send = (request: IncomingMessage, response: ServerResponse, body: string): void => {
    sendCalls += 1;
    const faultName = takeFault();
    const fault = faultName && providerFaults[faultName];
    const { answer, send: accepted } = decideSend(state, counters, {
      address: request.socket.remoteAddress ?? '',
      key: header(request, 'x-api-key'),
      body,
      nowMs: nowMs(),
      requestsPerThrottleWindow: live.requestsPerThrottleWindow,
      carrierFails: false,
    });
    if (accepted !== undefined && fault?.isRecorded !== false) {
      state.sends.push(accepted);
      state.balance -= sendPrice;
      save();
    }
    respond(response, answer, fault);
  };

  const look = (request: IncomingMessage, response: ServerResponse, path: string): void => {
    const faultName = takeFault();
    const answer = accountAnswer(state, { path, key: header(request, 'x-api-key'), fate: live.fate });
    respond(response, answer, faultName && providerFaults[faultName]);
  };

  const view = {
    state,
    live: () => ({ ...live, fault: live.fault?.name ?? null }),
    control,
  };
  const server = createGuardedServer({
    name: 'inbox',
    mayAsk: ownPages,
    answer: async (request, response, url) => {
      const { pathname } = url;
      const body = (await readBody(request, maxBodyBytes))?.toString('utf8');
      if (body === undefined) {
        sendAnswer(response, failure({ status: 413, code: 'INTERNAL_ERROR', message: 'Too large' }));
      } else if (request.method === 'POST' && pathname === '/otp/send') {
        send(request, response, body);
      } else if (request.method === 'GET' && isAccountPath(pathname)) {
        look(request, response, pathname);
      } else if (!serveInbox(request, response, { url, body, view })) {
        const message = `Cannot ${request.method} ${pathname}`;
        sendAnswer(response, failure({ status: 404, code: 'NOT_FOUND', message }));
      }
    },
  });
  const port = await listen(server, { port: options.port ?? 0, option: '--inbox-port' });
  return {
    url: `http://127.0.0.1:${port}`,
    sends: state.sends,
    get sendCalls() {
      return sendCalls;
    },
    control,
    reset: () => {
      for (const map of Object.values(counters)) map.clear();
      Object.assign(live, atRest);
      Object.assign(state, { profile: 'observed', account: 'active', balance: 1000, callers: [] });
      state.sends.length = 0;
      save();
    },
    stop: () => {
      server.closeAllConnections();
      return close(server);
    },
  };
}

function header(request: IncomingMessage, name: string): string | undefined {
  const value = request.headers[name];
  return typeof value === 'string' ? value : undefined;
}

function definedOf(values: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}
