/** Wires the function `support`: {@link openSupport} runs once at cold start, {@link portsOf} for each question. */
import type { Deadline } from '../http/deadline.ts';
import { laneItems, numberItems } from '../limits/lane.ts';
import { deriveIdentityKeys, phoneKeyOf } from '../otp/identity-keys.ts';
import { keyedHash } from '../otp/keyed-hash.ts';
import type { PhoneNumber } from '../otp/phone-number.ts';
import type { MessageStatus } from '../provider/message-status.ts';
import { askMessageStatus, connectProvider } from '../provider/startmessaging.ts';
import { clock, epochSeconds } from '../runtime/clock.ts';
import { parsedVariable, variable } from '../runtime/prepared.ts';
import { Unavailable } from '../runtime/unavailable.ts';
import {
  cacheIdentityKeys,
  connectSecretsManager,
  readPreviousProviderKey,
  readProviderKey,
} from '../secrets/secret-readers.ts';
import { parseSettings } from '../settings/settings.ts';
import type { ForgetPorts } from '../support/forget.ts';
import { connectLogs, openSearch } from '../support/insights.ts';
import { maxDays, type Question } from '../support/question.ts';
import type { WhyPorts } from '../support/why.ts';
import { deleteNumberItems, readNumberItems } from '../table/number-items.ts';
import { openTable } from '../table/table.ts';

/** Everything for one question ends within this time, so that a person has an answer within ten seconds. */
const questionMs = 9_000;
/** One search of the log; a question has two at most. */
const searchMs = 3_500;
/** The reads of the number's items, alongside the first search. */
const readMs = 2_000;
/** One question to the provider. Its own deadline is the user's. Here a person waits. */
const providerMs = 2_000;

export type SupportWorld = ReturnType<typeof openSupport>;

/** Opens what a worker keeps; reads no secret yet. */
export function openSupport() {
  const client = connectSecretsManager();
  return {
    settings: parsedVariable('SETTINGS', (text) => parseSettings(JSON.parse(text))),
    table: openTable(variable('TABLE_NAME')),
    provider: parsedVariable('PROVIDER_URL', connectProvider),
    logs: connectLogs(),
    logGroupNames: variable('LOG_GROUP_NAMES').split(','),
    retentionDays: Number(variable('LOG_RETENTION_DAYS')),
    identity: cacheIdentityKeys(
      { client, name: 'IDENTITY_SECRET_ARN', arn: variable('IDENTITY_SECRET_ARN') },
      clock,
      deriveIdentityKeys,
    ),
    smsSecret: { client, name: 'SMS_SECRET_ARN', arn: variable('SMS_SECRET_ARN') },
  };
}

/**
 * The ports of one question. The number's tag and keys are made here, and go no further. Only `why` has bounds of its own: it
 * reads no sessions, and searches the days that were asked for.
 */
export async function portsOf(world: SupportWorld, question: Question): Promise<WhyPorts & ForgetPorts> {
  const { settings, table, retentionDays } = world;
  const [days, names] =
    question.ask === 'why' ? [question.days, laneItems] : [maxDays, numberItems(settings)];
  const signal = AbortSignal.timeout(questionMs);
  const endsAtMs = performance.now() + questionMs;
  const remainingMs = (): number => Math.max(1, endsAtMs - performance.now());
  const identity = await world.identity.get({ signal });
  const now = epochSeconds();
  const itemsOf = (phoneNumber: PhoneNumber) => ({
    phoneKey: phoneKeyOf(identity, phoneNumber),
    names,
  });
  const search = { client: world.logs, logGroupNames: world.logGroupNames, signal, patienceMs: searchMs };
  return {
    settings,
    now,
    days,
    retentionDays,
    hasSessions: settings.sessions !== 'off',
    numberTagOf: (phoneNumber: PhoneNumber) => keyedHash(identity.logTag, [phoneNumber]),
    // The end is a minute ahead, because workers' clocks differ.
    searchLog: openSearch({ ...search, from: now - days * 86_400, to: now + 60 }),
    readItems: (phoneNumber) =>
      readNumberItems(table, itemsOf(phoneNumber), AbortSignal.any([signal, AbortSignal.timeout(readMs)])),
    deleteItems: (phoneNumber) => deleteNumberItems(table, itemsOf(phoneNumber), signal),
    askProvider: (messageId) => askProvider(world, messageId, { signal, remainingMs }),
  };
}

/** Asks with the current key, and where the provider refuses that, with the one before. */
async function askProvider(
  { provider, smsSecret }: SupportWorld,
  messageId: string,
  { signal, remainingMs }: Deadline,
): Promise<MessageStatus> {
  const ask = ({ key }: { readonly key: string }) =>
    askMessageStatus(provider, { key, messageId, timeoutMs: Math.min(providerMs, remainingMs()) });
  try {
    const status = await ask(await readProviderKey(smsSecret, signal));
    if (status.tag !== 'not-told' || status.because !== 'key') return status;
    const previous = await readPreviousProviderKey(smsSecret, signal);
    return previous === undefined ? status : await ask(previous);
  } catch (error) {
    if (error instanceof Unavailable) return { tag: 'not-told', because: 'no-key' };
    throw error;
  }
}
