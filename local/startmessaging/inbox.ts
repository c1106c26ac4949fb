/** Serves the inbox page, its data and its switches, only to this machine. */
import { readFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import * as v from 'valibot';
import { inOurWords } from '../../functions/settings/wording.ts';
import { declaresJson } from '../listeners/may-ask.ts';
import { pageGuards } from '../page/page-guards.ts';
import { type ControlChange, controlSchema } from './control.ts';
import { providerFaults } from './provider-faults.ts';
import type { ProviderState } from './state.ts';

export interface InboxView {
  readonly state: ProviderState;
  readonly live: () => object;
  readonly control: (change: ControlChange) => void;
}

const files: Readonly<Record<string, { readonly name: string; readonly type: string }>> = {
  '/': { name: 'inbox.html', type: 'text/html; charset=utf-8' },
  '/inbox.js': { name: 'inbox.js', type: 'text/javascript; charset=utf-8' },
  '/inbox.css': { name: 'inbox.css', type: 'text/css; charset=utf-8' },
};

/** Answers a request for the page or the switches; false for any other request. */
export function serveInbox(
  request: IncomingMessage,
  response: ServerResponse,
  { url, body, view }: { url: URL; body: string; view: InboxView },
): boolean {
  const route = `${request.method} ${url.pathname}`;
  const file =
    request.method === 'GET' && Object.hasOwn(files, url.pathname) ? files[url.pathname] : undefined;
  const routes = ['GET /inbox.json', 'GET /inbox/latest-code', 'GET /control', 'POST /control'];
  if (file === undefined && !routes.includes(route)) return false;
  if (file !== undefined) {
    const content = readFileSync(join(import.meta.dirname, file.name));
    response.writeHead(200, { ...pageGuards, 'content-type': file.type }).end(content);
    return true;
  }
  switch (route) {
    case 'GET /inbox.json':
      json(
        response,
        200,
        view.state.sends
          .map(({ phoneNumber, text: sms, code, sentAtMs }) => ({ phoneNumber, text: sms, code, sentAtMs }))
          .reverse(),
      );
      break;
    case 'GET /inbox/latest-code':
      latestCode(response, view, url.searchParams.get('phoneNumber'));
      break;
    case 'GET /control':
      json(response, 200, stateOf(view));
      break;
    default:
      if (declaresJson(request)) change(response, view, body);
      else text(response, 415, 'Send JSON, with its content type.\n');
  }
  return true;
}

function latestCode(response: ServerResponse, { state }: InboxView, phoneNumber: string | null): void {
  const send = state.sends.findLast((s) => phoneNumber === null || s.phoneNumber === phoneNumber);
  if (send === undefined) text(response, 404, 'No SMS yet.\n');
  else text(response, 200, `${send.code}\n`);
}

function change(response: ServerResponse, view: InboxView, body: string): void {
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), controlSchema), body, inOurWords);
  if (!parsed.success) {
    const errors = parsed.issues.map((issue) => ({ member: v.getDotPath(issue), expected: issue.message }));
    json(response, 400, { errors });
    return;
  }
  view.control(parsed.output);
  json(response, 200, stateOf(view));
}

function stateOf({ state, live }: InboxView): object {
  const { profile, account, balance, keys, callers } = state;
  return {
    profile,
    account,
    balance,
    callers,
    keys: Object.values(keys),
    ...live(),
    faults: Object.keys(providerFaults),
  };
}

function json(response: ServerResponse, status: number, value: unknown): void {
  response
    .writeHead(status, { ...pageGuards, 'content-type': 'application/json' })
    .end(JSON.stringify(value));
}

function text(response: ServerResponse, status: number, value: string): void {
  response.writeHead(status, { ...pageGuards, 'content-type': 'text/plain; charset=utf-8' }).end(value);
}
