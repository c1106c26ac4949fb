/**
 * Where a case is played: a local stack of one process per function, with a provider key of its own, and what a person
 * with every right could read in it.
 */
import * as v from 'valibot';
import { deriveIdentityKeys, type IdentityKeys, phoneKeyOf } from '../../functions/otp/identity-keys.ts';
import type { PhoneRecord } from '../../functions/otp/number-record.ts';
import { phoneNumberSchema } from '../../functions/otp/phone-number.ts';
import { readPhoneRecord } from '../../functions/table/number-item.ts';
import type { AccessRecord } from '../../local/gateway/gateway.ts';
import { type LocalStack, startLocalStack } from '../../local/local-stack.ts';
import { freshProviderKey, storeProviderKey } from '../../test-kit/provider-key.ts';
import { storedItems } from '../../test-kit/stored.ts';
import type { Ledger } from '../leaks/ledger.ts';
import { noteStack } from '../leaks/note-stack.ts';

export interface Stage {
  readonly stack: LocalStack;
  readonly providerKey: string;
  /** The record of a number in one of its lanes, past all rights and faults. */
  record(phoneNumber: string, lane?: 'phone' | 'device'): Promise<PhoneRecord>;
  /** How many sends to a number are counted, in all of its lanes. */
  sendsCounted(phoneNumber: string): Promise<number>;
  /** The ARN that a variable of the API's functions names. */
  arnOf(variable: string): string;
  /** Writes down what must not have leaked, and everything that was written; then stops the stack. */
  stop(): Promise<void>;
}

const secretValue = v.object({ SecretString: v.string() });

/** Starts a stage; what it writes goes into `ledger`. */
export async function openStage(ledger: Ledger): Promise<Stage> {
  const access: AccessRecord[] = [];
  const stack = await startLocalStack({
    workers: 1,
    prestart: 1,
    storesProviderKey: false,
    settings: { requestRatePerSecond: 10_000, verifyRatePerSecond: 10_000, sendsPerDay: 1_000_000 },
    onAccess: (record) => access.push(record),
  });
  const providerKey = freshProviderKey();
  await storeProviderKey(stack, providerKey);
  const arnOf = (variable: string): string => {
    const arn = stack.deployment.functions
      .filter(({ name }) => name === 'request-otp' || name === 'verify-otp')
      .map(({ environment }) => environment[variable])
      .find((value) => value !== undefined);
    if (arn === undefined) throw new Error(`no function has ${variable}`);
    return arn;
  };
  const SecretId = arnOf('IDENTITY_SECRET_ARN');
  const answer = await stack.secretsManager.call('GetSecretValue', { SecretId });
  const identity: IdentityKeys = deriveIdentityKeys(v.parse(secretValue, answer).SecretString);
  const record = async (phoneNumber: string, lane: 'phone' | 'device' = 'phone'): Promise<PhoneRecord> => {
    const key = `${lane}#${phoneKeyOf(identity, v.parse(phoneNumberSchema, phoneNumber))}`;
    return readPhoneRecord((await storedItems(stack)).get(key));
  };
  return {
    stack,
    providerKey,
    arnOf,
    record,
    sendsCounted: async (phoneNumber) => {
      const records = [await record(phoneNumber), await record(phoneNumber, 'device')];
      return records.flatMap(({ sent }) => sent).filter((time) => time > 0).length;
    },
    stop: async () => {
      await noteStack(ledger, stack, access);
      await stack.stop();
    },
  };
}
