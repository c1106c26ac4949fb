/** The two read calls: the wallet, and one message. A key is valid if they answer anything but 401. */
import { failure, type ProviderAnswer, success } from './answers.ts';
import type { ProviderState } from './state.ts';

/** Whether `path` is one of the two. */
export function isAccountPath(path: string): boolean {
  return path === '/wallet' || path.startsWith('/messages/');
}

/** What became of the SMS, for every message alike. */
export interface MessageFate {
  readonly status: 'initiated' | 'queued' | 'sent' | 'delivered' | 'failed' | 'expired';
  readonly failureReason?: string | undefined;
}

/** Answers `GET /wallet` or `GET /messages/:id`. */
export function accountAnswer(
  state: ProviderState,
  { path, key, fate }: { path: string; key: string | undefined; fate: MessageFate },
): ProviderAnswer {
  if (state.keys[key ?? ''] === undefined) {
    return failure({ status: 401, code: 'UNAUTHORIZED', message: 'Invalid API key' });
  }
  if (path === '/wallet') return success(200, { balance: state.balance.toFixed(2) });
  const message = state.sends.find(({ messageId }) => messageId === path.slice('/messages/'.length));
  if (message === undefined) return failure({ status: 404, code: 'NOT_FOUND', message: 'No such message' });
  const isDocumented = state.profile === 'documented';
  return success(200, {
    [isDocumented ? 'messageId' : 'id']: message.messageId,
    status: fate.status,
    [isDocumented ? 'error' : 'failureReason']: fate.failureReason ?? null,
  });
}
