/** Reading each secret with the real SDK client, from a server that answers what the test says. */
import { randomBytes } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { deriveCodeKey } from '../../functions/otp/code.ts';
import { deriveIdentityKeys } from '../../functions/otp/identity-keys.ts';
import {
  cacheIdentityKeys,
  readCodeKey,
  readCodeKeys,
  readControls,
  readPreviousProviderKey,
  readProviderKey,
  readSigningKeySet,
} from '../../functions/secrets/secret-readers.ts';
import { listen } from '../../local/listen.ts';
import { bothClocks, neverOver } from '../support/test-clock.ts';

const key = `sm_live_${randomBytes(20).toString('hex')}`;
const VersionId = '11111111-1111-4111-8111-111111111111';
let server: Server;
let client: SecretsManagerClient;
interface Answer {
  readonly status: number;
  readonly body: object;
}
let answer: Answer;
/** Instead of `answer`, by the label or the id of the version that is asked for. */
let answers: Readonly<Record<string, Answer>>;
let asked: { VersionStage?: string; VersionId?: string }[];

beforeEach(async () => {
  asked = [];
  answers = {};
  server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const question = JSON.parse(String(Buffer.concat(chunks)));
      asked.push(question);
      const { status, body } = answers[question.VersionStage ?? question.VersionId] ?? answer;
      response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' });
      response.end(JSON.stringify(body));
    });
  });
  client = new SecretsManagerClient({
    endpoint: `http://127.0.0.1:${await listen(server, { port: 0 })}`,
    region: 'ap-south-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxAttempts: 1,
  });
});
afterEach(() => {
  client.destroy();
  server.closeAllConnections();
  server.close();
});

const source = () => ({ client, name: 'SMS_SECRET_ARN', arn: 'arn' });
const read = () => readProviderKey(source(), neverOver);
const notFound = { status: 400, body: { __type: 'ResourceNotFoundException' } };

describe('the provider key', () => {
  it('comes with the id of its version', async () => {
    answer = { status: 200, body: { VersionId, SecretString: key } };
    expect(await read()).toEqual({ versionId: VersionId, key });
    expect(await readPreviousProviderKey(source(), neverOver)).toEqual({ versionId: VersionId, key });
    expect(asked.map(({ VersionStage }) => VersionStage)).toEqual(['AWSCURRENT', 'AWSPREVIOUS']);
  });

  it.each([
    ['an empty string', { SecretString: '' }],
    ['a line feed at its end', { SecretString: `${key}\n` }],
    ['blanks around it', { SecretString: ` ${key} ` }],
    ['quotation marks', { SecretString: `"${key}"` }],
    ['JSON', { SecretString: JSON.stringify({ key }) }],
    ['capital letters', { SecretString: key.toUpperCase() }],
    ['a digit too few', { SecretString: key.slice(0, -1) }],
    ['a digit too many', { SecretString: `${key}0` }],
    ['another prefix', { SecretString: key.replace('live', 'test') }],
    ['no text', {}],
    ['bytes instead of text', { SecretBinary: Buffer.from(key).toString('base64') }],
  ])('with %s is none', async (_, value) => {
    answer = { status: 200, body: { VersionId, ...value } };
    const expected = { dependency: 'SMS_SECRET_ARN', reason: 'malformed' };
    await expect(read()).rejects.toMatchObject(expected);
    await expect(readPreviousProviderKey(source(), neverOver)).rejects.toMatchObject(expected);
    await expect(read()).rejects.not.toThrow(key);
  });

  it('that was never stored is told as empty; a previous one that does not exist is no error', async () => {
    answer = notFound;
    await expect(read()).rejects.toMatchObject({ dependency: 'SMS_SECRET_ARN', reason: 'empty' });
    expect(await readPreviousProviderKey(source(), neverOver)).toBeUndefined();
  });

  it('that may not be read is told as what AWS calls it', async () => {
    answer = { status: 400, body: { __type: 'AccessDeniedException', message: key } };
    await expect(read()).rejects.toMatchObject({ reason: 'AccessDeniedException' });
    await expect(read()).rejects.not.toThrow(key);
  });
});

const denied = { status: 400, body: { __type: 'AccessDeniedException' } };
const versionOf = (id: string, SecretString: string): Answer => ({
  status: 200,
  body: { VersionId: id, SecretString },
});
const [newer, older] = ['a'.repeat(64), 'b'.repeat(64)];

it('a secret whose version has no id is malformed', async () => {
  answer = { status: 200, body: { SecretString: key } };
  await expect(read()).rejects.toMatchObject({ reason: 'malformed' });
});

describe('the code secret', () => {
  it('gives the key of the current version, and both by their versions', async () => {
    answers = { AWSCURRENT: versionOf('new', newer), AWSPREVIOUS: versionOf('old', older) };
    const { current, byVersion } = await readCodeKeys(source(), neverOver);
    expect(current.version).toBe('new');
    expect(current.key.equals(deriveCodeKey(newer))).toBe(true);
    expect([...byVersion.keys()]).toEqual(['new', 'old']);
    expect(byVersion.get('old')?.equals(deriveCodeKey(older))).toBe(true);
  });

  it.each([
    ['does not exist', notFound],
    ['is damaged', versionOf('old', 'short')],
  ])('serves with its current version alone where the one before %s', async (_, previous) => {
    answers = { AWSCURRENT: versionOf('new', newer), AWSPREVIOUS: previous };
    expect([...(await readCodeKeys(source(), neverOver)).byVersion.keys()]).toEqual(['new']);
  });

  it('serves nobody where its current version is damaged or missing', async () => {
    answers = { AWSCURRENT: versionOf('new', 'short'), AWSPREVIOUS: versionOf('old', older) };
    await expect(readCodeKeys(source(), neverOver)).rejects.toMatchObject({ reason: 'malformed' });
    answers = { AWSCURRENT: notFound, AWSPREVIOUS: versionOf('old', older) };
    await expect(readCodeKeys(source(), neverOver)).rejects.toMatchObject({ reason: 'empty' });
  });

  it('gives any version by its id; one that is unknown or damaged is none', async () => {
    answers = { id: versionOf('id', older), damaged: versionOf('damaged', 'short'), unknown: notFound };
    expect((await readCodeKey(source(), 'id', neverOver))?.equals(deriveCodeKey(older))).toBe(true);
    expect(await readCodeKey(source(), 'damaged', neverOver)).toBeUndefined();
    expect(await readCodeKey(source(), 'unknown', neverOver)).toBeUndefined();
    expect(asked.map(({ VersionId: id }) => id)).toEqual(['id', 'damaged', 'unknown']);
  });
});

describe('the identity secret', () => {
  it('gives the keys that are derived from it, and serves nobody after a change until it is back', async () => {
    let now = 0;
    const keys = cacheIdentityKeys(
      source(),
      bothClocks(() => now),
      deriveIdentityKeys,
    );
    answer = versionOf('one', newer);
    expect((await keys.get({ signal: neverOver })).index.equals(deriveIdentityKeys(newer).index)).toBe(true);
    answer = versionOf('two', older);
    now += 3600;
    await expect(keys.get({ signal: neverOver })).rejects.toMatchObject({
      dependency: 'SMS_SECRET_ARN',
      reason: 'changed',
    });
    answer = versionOf('one', newer);
    now += 3600;
    await expect(keys.get({ signal: neverOver })).resolves.toBeDefined();
  });

  it('that is too short is malformed', async () => {
    answer = versionOf('one', 'short');
    await expect(
      cacheIdentityKeys(
        source(),
        bothClocks(() => 0),
        deriveIdentityKeys,
      ).get({ signal: neverOver }),
    ).rejects.toMatchObject({ reason: 'malformed' });
  });
});

describe('the set of signing keys', () => {
  it('may have no key yet', async () => {
    answer = versionOf('one', '{"keys":[]}');
    expect(await readSigningKeySet(source(), neverOver)).toEqual({ keys: [] });
  });

  it('that is no set is malformed', async () => {
    answer = versionOf('one', '{"keys":{}}');
    await expect(readSigningKeySet(source(), neverOver)).rejects.toMatchObject({ reason: 'malformed' });
  });
});

describe('the controls', () => {
  const told: string[] = [];
  const controls = () =>
    readControls(source(), { signal: neverOver, onMalformed: () => told.push('malformed') });
  const off = versionOf('off', '{"sending":"nobody"}');
  const typo = versionOf('typo', '{"sending":"no one"}');
  beforeEach(() => {
    told.length = 0;
  });

  it('are the current ones, and nothing is told', async () => {
    answers = { AWSCURRENT: off };
    expect((await controls()).sending).toBe('nobody');
    expect(told).toEqual([]);
    expect(asked).toHaveLength(1);
  });

  it('are the ones before where the current ones are malformed, which is told', async () => {
    answers = { AWSCURRENT: typo, AWSPREVIOUS: off };
    expect((await controls()).sending).toBe('nobody');
    expect(told).toEqual(['malformed']);
  });

  it.each([
    ['malformed, too', typo],
    ['not there', notFound],
  ])('are none where the ones before are %s', async (_, previous) => {
    answers = { AWSCURRENT: typo, AWSPREVIOUS: previous };
    await expect(controls()).rejects.toMatchObject({ dependency: 'SMS_SECRET_ARN', reason: 'malformed' });
    expect(told).toEqual([]);
  });

  it.each([
    ['empty', notFound],
    ['AccessDeniedException', denied],
  ])('that cannot be read fail as %s, and the ones before are not asked for', async (reason, current) => {
    answers = { AWSCURRENT: current, AWSPREVIOUS: off };
    await expect(controls()).rejects.toMatchObject({ reason });
    expect(told).toEqual([]);
    expect(asked).toHaveLength(1);
  });
});
