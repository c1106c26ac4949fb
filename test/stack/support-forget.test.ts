/** `npm run support -- forget`: nothing of the number is left in the table, and everybody else's items are. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DynamoDBClient, PutItemCommand, ScanCommand } from '@aws-sdk/client-dynamodb';
import * as v from 'valibot';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { deriveIdentityKeys, phoneKeyOf } from '../../functions/otp/identity-keys.ts';
import { phoneNumberSchema } from '../../functions/otp/phone-number.ts';
import { type LocalStack, startLocalStack } from '../../local/local-stack.ts';
import { ask, codeFor, smsTo, type } from '../../test-kit/sign-in.ts';
import { dayIn, putControls } from '../../test-kit/stored-controls.ts';
import { type Ran, runCommand } from '../support/run-command.ts';

const number = '+919876501234';
const other = '+919876505678';
const code = '402961';
let directory: string;
let stack: LocalStack;
let client: DynamoDBClient;

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'doorcode-forget-'));
  stack = await startLocalStack({ directory, workers: 1, settings: { testNumbersUntil: dayIn(30) } });
  client = new DynamoDBClient({
    endpoint: stack.tableUrl,
    region: 'ap-south-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });
});
afterAll(async () => {
  client.destroy();
  await stack.stop();
  rmSync(directory, { recursive: true, force: true });
});

const forget = (input: string, ...more: readonly string[]): Promise<Ran> =>
  runCommand('support', { directory, input }, ['forget', ...more]);

async function phoneKey(phoneNumber: string): Promise<string> {
  const arn = stack.deployment.secrets.find(({ logicalId }) => logicalId === 'IdentitySecret')?.arn;
  const answer = await stack.secretsManager.call('GetSecretValue', { SecretId: arn });
  const keys = deriveIdentityKeys(String(Object(answer).SecretString));
  return phoneKeyOf(keys, v.parse(phoneNumberSchema, phoneNumber));
}

/** Every item of the table, by its key. */
async function scan() {
  const { Items = [] } = await client.send(new ScanCommand({ TableName: stack.deployment.table.name }));
  return Items.toSorted((a, b) => String(a['pk']?.S).localeCompare(String(b['pk']?.S)));
}

const itemsOf = async (phoneNumber: string) => {
  const key = await phoneKey(phoneNumber);
  return (await scan()).filter((item) => JSON.stringify(item).includes(key));
};

/** A sign-in by which the device becomes known, one as a test number, and two sessions. */
async function leaveTraces(phoneNumber: string): Promise<void> {
  const asked = await ask(stack, phoneNumber);
  expect((await type(stack, asked.json.requestId, codeFor(stack, phoneNumber))).status).toBe(200);
  await putControls(stack, { testNumbers: [{ phoneNumber, code, until: dayIn(2) }] });
  await stack.pool('request-otp').restart();
  expect((await ask(stack, phoneNumber)).status).toBe(202);
  await putControls(stack, {});
  await stack.pool('request-otp').restart();
  const session = {
    M: { g: { N: '0' }, r: { N: '1' }, b: { N: '1' }, a: { S: '-' }, p: { S: '-' }, l: { S: '' } },
  };
  const [first, second] = ['sAAAAAAAAAAAAAAAA', 'sBBBBBBBBBBBBBBBB'];
  await client.send(
    new PutItemCommand({
      TableName: stack.deployment.table.name,
      Item: {
        pk: { S: `sessions#${await phoneKey(phoneNumber)}` },
        [first]: session,
        [second]: session,
        ttl: { N: '1' },
      },
    }),
  );
}

describe('support forget', () => {
  it('deletes every item of the number, and tells what there was; again, it finds nothing', async () => {
    await leaveTraces(number);
    await leaveTraces(other);
    const [before, ofOther] = [await itemsOf(number), await itemsOf(other)];
    expect(before.length).toBe(4);
    const first = await forget(number, '--yes');
    expect([first.status, first.stderr]).toEqual([0, '']);
    for (const told of ['(phone#…)', '(device#…): 1', '(test#…)', '(sessions#…): 2'])
      expect(first.stdout).toContain(told);
    expect(first.stdout).toMatch(
      /^Logs: lines with the tag of this number, which is not the number: \d+\. The newest expires on /m,
    );
    expect(await itemsOf(number)).toEqual([]);
    expect(await itemsOf(other)).toEqual(ofOther);
    const again = await forget(number, '--yes');
    expect([again.status, again.stdout.includes('Table: nothing of this number.')]).toEqual([0, true]);
    expect((await forget(number, '--yes')).stdout).toBe(again.stdout);
    for (const { stdout } of [first, again]) expect(stdout).not.toContain(number.slice(-10));
  });

  it('leaves the number one that can sign in, with limits of its own', async () => {
    const sent = smsTo(stack, number);
    const asked = await ask(stack, number);
    expect([asked.status, smsTo(stack, number)]).toEqual([202, sent + 1]);
    expect((await type(stack, asked.json.requestId, codeFor(stack, number))).status).toBe(200);
  });

  it('asks before it acts', async () => {
    const before = await itemsOf(number);
    const { status, stderr } = await forget(number);
    expect(status).toBe(1);
    expect(stderr).toContain('cannot be brought back');
    expect(stderr).toContain('npm run controls -- deny');
    expect(stderr).toContain('npm run sessions -- end');
    expect(stderr).toContain('Nothing was done');
    expect(await itemsOf(number)).toEqual(before);
  });

  it('takes no number from the arguments, and repeats none', async () => {
    const before = await itemsOf(number);
    for (const words of [
      [number, '--yes'],
      [number.slice(3), '--yes'],
    ]) {
      const { status, stdout, stderr } = await forget(number, ...words);
      expect([status, stdout]).toEqual([1, '']);
      expect(stderr).toContain('Leave the number out');
      expect(stderr).not.toContain(number.slice(-10));
    }
    const { status, stderr } = await forget('98765');
    expect([status, stderr]).toEqual([1, expect.stringContaining('expected +91 and the ten digits')]);
    expect(await itemsOf(number)).toEqual(before);
  });

  it('and each question is a line in the log with who asked, and never the number', () => {
    const lines = stack.logLines.filter(({ function: name }) => name === 'support').map(({ line }) => line);
    const forgot = lines
      .filter((line) => line.includes('"code":"support.forgot"'))
      .map((line) => JSON.parse(line).message);
    expect(forgot.length).toBeGreaterThan(0);
    for (const message of forgot)
      expect(message).toMatchObject({
        askedBy: 'the operator of the local stack',
        numberTag: expect.stringMatching(/^[\w-]{22}$/),
      });
    expect(stack.logLines.filter(({ line }) => line.includes(number.slice(-10)))).toEqual([]);
  });
});
