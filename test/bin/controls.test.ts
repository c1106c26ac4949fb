/** `npm run controls`, as the security team runs it against the local stack: what it changes, refuses and shows. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InvalidParameterException, InvalidRequestException } from '@aws-sdk/client-secrets-manager';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { connectLocal } from '../../bin/command/deployment.ts';
import { readStored, replaceControls } from '../../bin/controls/controls-secret.ts';
import { parseControls } from '../../functions/otp/controls.ts';
import { type LocalStack, startLocalStack } from '../../local/local-stack.ts';
import { freshNumber } from '../../test-kit/sign-in.ts';
import { controlsArn, dayIn, putControls, storedControls } from '../../test-kit/stored-controls.ts';
import { type Ran, runCommand } from '../support/run-command.ts';

const lastDay = dayIn(100);
const number = '+919876543210';
const code = '402961';
let directory: string;
let stack: LocalStack;
beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'doorcode-controls-'));
  // It starts without test numbers, and takes them by an update: a later one can switch them off.
  stack = await startLocalStack({ directory, workers: 1 });
  await stack.update({ settings: { testNumbersUntil: lastDay } });
});
beforeEach(() => putControls(stack, {}));
afterAll(async () => {
  await stack.stop();
  rmSync(directory, { recursive: true, force: true });
});

const controls = (...parameters: readonly string[]): Promise<Ran> =>
  runCommand('controls', { directory }, parameters);
const addTest = (input: string, ...parameters: readonly string[]): Promise<Ran> =>
  runCommand('controls', { directory, input }, ['add-test-number', ...parameters]);
const stored = async (): Promise<ReturnType<typeof parseControls>> =>
  parseControls(await storedControls(stack));

describe('controls status', () => {
  it('shows what is set, with numbers masked, and whole only with --show', async () => {
    await putControls(stack, {
      sending: 'returning-devices',
      denied: [number, '+9198765', '+91987654321'],
      testNumbers: [{ phoneNumber: '+919000000001', code, until: dayIn(2), perDay: 3 }],
    });
    const { stdout } = await controls('status');
    expect(stdout).toContain('Sending: RETURNING DEVICES ALONE');
    expect(stdout).toContain('Denied: 3\n  +91******3210\n  +9198765…\n  +91987654***…');
    expect(stdout).toMatch(/\+91\*{6}0001 {2}until \d{4}-\d\d-\d\d, 3 a day, 3 days left/);
    expect(stdout).toContain(`takes them until the end of ${lastDay}`);
    expect(stdout).toContain('Next: When the incident is over, run sending everybody.');
    expect(stdout).not.toContain('9876543210');
    const whole = (await controls('status', '--show')).stdout;
    for (const shown of [number, '+91987654321', '+919000000001']) expect(whole).toContain(shown);
    expect(stdout + whole).not.toContain(code);
  });

  it('names what is wrong with a malformed value, and shows none of it', async () => {
    for (const [value, mistake] of [
      ['{"denied":["+919876543210"}', 'not JSON'],
      [{ denied: [number, 9876543210] }, 'denied.1: expected a string'],
      [{ denied: ['9876543210'] }, 'denied.0: expected a number, or its beginning'],
      [
        { testNumbers: [{ phoneNumber: '+91987', code, until: lastDay }] },
        'testNumbers.0.phoneNumber: expected',
      ],
      [
        { testNumbers: [{ phoneNumber: number, code: 402961, until: lastDay }] },
        'testNumbers.0.code: expected',
      ],
      [{ sendng: 'nobody' }, 'sendng: unknown'],
      ['{"denied":["+919876543210"],"denied":[]}', 'expected each member once'],
      ['[]', 'expected an object'],
      ['{"constructor":1}', 'constructor: unknown'],
    ] as const) {
      await putControls(stack, value);
      const { status, stderr } = await controls('status');
      expect([status, stderr]).toEqual([1, expect.stringContaining(mistake)]);
      expect(stderr).toContain('`previous`');
      expect(stderr).not.toMatch(/9876543210|402961/);
    }
  });
});

describe('controls sending', () => {
  it('says what it means and how long it takes, and does nothing without a yes', async () => {
    const { status, stderr } = await controls('sending', 'nobody');
    expect(status).toBe(1);
    expect(stderr).toMatch(/NOBODY[\s\S]*503[\s\S]*within 65 seconds[\s\S]*Nothing was done/);
    expect((await stored()).sending).toBe('everybody');
  });

  it.each(['nobody', 'returning-devices', 'everybody'])(
    'switches to %s, and leaves the rest as it was',
    async (to) => {
      await putControls(stack, { denied: [number] });
      expect((await controls('sending', to, '--yes')).status).toBe(0);
      expect(await stored()).toEqual({ sending: to, denied: [number], testNumbers: [] });
    },
  );

  it('refuses another word', async () => {
    const { status, stderr } = await controls('sending', 'noone', '--yes');
    expect([status, stderr]).toEqual([1, expect.stringContaining('expected everybody')]);
  });
});

describe('controls deny and allow', () => {
  it('deny a number, and allow it again', async () => {
    const { stdout } = await controls('deny', number);
    expect(stdout).toMatch(/^\+91\*{6}3210 is denied/);
    expect((await stored()).denied).toEqual([number]);
    expect((await controls('deny', number)).stderr).toContain('already denied');
    expect((await controls('allow', number)).status).toBe(0);
    expect((await stored()).denied).toEqual([]);
    expect(await controls('allow', number)).toMatchObject({ status: 1, stderr: 'It is not denied.\n' });
  });

  it('ask before a prefix, and say how many numbers it is', async () => {
    const { status, stderr } = await controls('deny', '+9198765');
    expect([status, stderr]).toEqual([1, expect.stringMatching(/100,000 numbers[\s\S]*Nothing was done/)]);
    expect((await controls('deny', '+9198765', '--yes')).status).toBe(0);
    expect((await controls('allow', number)).stderr).toContain('The prefix +9198765… denies it');
    expect((await stored()).denied).toEqual(['+9198765']);
  });

  it.each(['', '+91', '91987', '+915', '+9198765432100', '+91 98765', '*', '+1212'])(
    'refuse %j, before anything is asked',
    async (entry) => {
      const { status, stderr } = await controls('deny', entry, '--yes');
      expect([status, stderr]).toEqual([1, expect.stringContaining('expected a number, or its beginning')]);
      expect(await storedControls(stack)).toBe('{}');
    },
  );

  it('take as many as the functions take, and no more', async () => {
    const denied = Array.from({ length: 2999 }, (_, i) => `+91${9_000_000_000 + i}`);
    await putControls(stack, { denied });
    expect((await controls('deny', '+918888888888')).status).toBe(0);
    const { status, stderr } = await controls('deny', '+918888888889');
    expect([status, stderr]).toEqual([1, expect.stringContaining('expected at most 3,000')]);
    expect((await stored()).denied).toHaveLength(3000);
    expect((await controls('status')).stdout).toContain('and 2980 more: --show');
  });
});

describe('controls add-test-number and remove-test-number', () => {
  it('add one with its code from a pipe, and take it out', async () => {
    const { stdout } = await addTest(`${code}\n`, number, '--until', dayIn(7), '--per-day', '3');
    expect(stdout).toContain(`+91******3210 is a test number until the end of ${dayIn(7)}`);
    expect((await stored()).testNumbers).toEqual([{ phoneNumber: number, code, until: dayIn(7), perDay: 3 }]);
    expect((await addTest(code, number, '--until', dayIn(8))).stderr).toContain('already a test number');
    expect((await controls('remove-test-number', number)).status).toBe(0);
    expect((await stored()).testNumbers).toEqual([]);
    expect((await controls('remove-test-number', number)).stderr).toContain('not a test number');
  });

  it.each([
    ['a prefix', '+9198765', lastDay, code, 'not a prefix'],
    ['two numbers', `${number},+919876543211`, lastDay, code, 'not a prefix'],
    ['no number', '*', lastDay, code, 'not a prefix'],
    ['a day that is over', number, dayIn(-1), code, 'that day is over'],
    ['a day after the deployment’s', number, dayIn(101), code, `until ${lastDay}`],
    ['a day that no calendar has', number, '2099-02-31', code, 'expected the last day'],
    ['no day', number, '', code, 'expected the last day'],
    ['a short code', number, lastDay, '40296', 'expected 6 digits'],
    ['no code', number, lastDay, '', 'expected 6 digits'],
  ])('refuse %s', async (_, phoneNumber, until, typed, because) => {
    const { status, stderr } = await addTest(typed, phoneNumber, '--until', until);
    expect([status, stderr]).toEqual([1, expect.stringContaining(because)]);
    expect(await storedControls(stack)).toBe('{}');
  });

  it.each(['111111', '123456', '150893', '543210', '121212'])(
    'refuse %s as its code, say why, and do not show it',
    async (typed) => {
      const { status, stderr } = await addTest(typed, number, '--until', lastDay);
      expect([status, stderr]).toEqual([1, expect.stringMatching(/the code is .*crypto\.randomInt/)]);
      expect(stderr).not.toContain(typed);
      expect(await storedControls(stack)).toBe('{}');
    },
  );

  it('leave the other commands working beside such a code that was put in by hand, and show it', async () => {
    const testNumbers = [{ phoneNumber: number, code: '111111', until: lastDay }];
    await putControls(stack, { testNumbers });
    expect((await controls('sending', 'nobody', '--yes')).status).toBe(0);
    expect((await stored()).testNumbers).toHaveLength(1);
    const { stdout } = await controls('status');
    expect(stdout).toContain('IGNORED: its code is one or two digits repeated');
    expect(stdout).toContain('add them again with random codes');
    expect((await controls('remove-test-number', number)).status).toBe(0);
  });

  it('go with deny: a denied test number is shown as refused, and a denied number becomes none', async () => {
    await putControls(stack, { testNumbers: [{ phoneNumber: number, code, until: lastDay }] });
    expect((await controls('deny', number)).status).toBe(0);
    expect((await controls('status')).stdout).toContain('REFUSED: denied');
    expect((await controls('remove-test-number', number)).status).toBe(0);
    const { stderr } = await addTest(code, number, '--until', lastDay);
    expect(stderr).toContain('It is denied');
  });

  it.each(['0', '21', '1.5', '-1', 'many'])('refuse %s a day', async (perDay) => {
    const { stderr } = await addTest(code, number, '--until', lastDay, `--per-day=${perDay}`);
    expect(stderr).toContain('a whole number from 1 to 20');
  });

  it('say where the deployment takes none', async () => {
    await putControls(stack, { testNumbers: [{ phoneNumber: number, code, until: lastDay }] });
    await stack.update();
    try {
      const { stdout } = await controls('status');
      expect(stdout).toContain('takes none (setting testNumbersUntil)');
      expect(stdout).toContain('REFUSED: over, or not taken');
      const { stderr } = await addTest(code, '+919876543211', '--until', lastDay);
      expect(stderr).toContain('Set testNumbersUntil in bin/app.ts, deploy');
    } finally {
      await stack.update({ settings: { testNumbersUntil: lastDay } });
    }
  });
});

describe('controls previous', () => {
  it('puts back what was there before a malformed value, when asked to', async () => {
    await putControls(stack, { denied: [number] });
    await putControls(stack, '{"sending":');
    expect((await controls('sending', 'nobody', '--yes')).stderr).toContain('malformed');
    expect((await controls('previous')).stderr).toMatch(/Denied: 1\.[\s\S]*Nothing was done/);
    expect((await controls('previous', '--yes')).status).toBe(0);
    expect((await stored()).denied).toEqual([number]);
    expect((await controls('previous', '--yes')).stderr).toContain('not JSON');
    expect((await stored()).denied).toEqual([number]);
  });
});

describe('two people at once', () => {
  it('do not overwrite each other: the second is told, and nothing of his is in force', async () => {
    const deployment = connectLocal(directory);
    const read = await readStored(deployment, 'AWSCURRENT');
    if (read === undefined) throw new Error('no controls');
    await controls('deny', number);
    const late = replaceControls(deployment, parseControls('{"sending":"nobody"}'), read);
    await expect(late).rejects.toThrow('somebody else has changed');
    expect(await stored()).toMatchObject({ sending: 'everybody', denied: [number] });
  });

  it('of any number who start from the same version exactly one wins, and the version before stays', async () => {
    await putControls(stack, { denied: [number] });
    const deployment = connectLocal(directory);
    const read = await readStored(deployment, 'AWSCURRENT');
    if (read === undefined) throw new Error('no controls');
    const numbers = Array.from({ length: 8 }, freshNumber);
    const results = await Promise.allSettled(
      numbers.map((denied) =>
        replaceControls(deployment, parseControls(JSON.stringify({ denied: [denied] })), read),
      ),
    );
    const winners = numbers.filter((_, i) => results[i]?.status === 'fulfilled');
    expect(winners).toHaveLength(1);
    expect((await stored()).denied).toEqual(winners);
    expect((await readStored(deployment, 'AWSPREVIOUS'))?.versionId).toBe(read.versionId);
  });

  it.each([InvalidParameterException, InvalidRequestException])(
    'are told from our own repetition, and from every other refusal, when it comes as %o',
    async (Refusal) => {
      const deployment = connectLocal(directory);
      const read = await readStored(deployment, 'AWSCURRENT');
      if (read === undefined) throw new Error('no controls');
      const refusing = (meanwhile: () => Promise<unknown>) => {
        const secrets = connectLocal(directory).secrets;
        secrets.middlewareStack.add(
          (next, { commandName }) =>
            async (args) => {
              if (commandName !== 'UpdateSecretVersionStageCommand') return next(args);
              await meanwhile();
              throw new Refusal({ message: 'refused', $metadata: {} });
            },
          { step: 'initialize' },
        );
        return { ...deployment, secrets };
      };
      const nobody = parseControls('{"sending":"nobody"}');
      // Nobody was sooner: the refusal has another cause, and is told as it is.
      await expect(
        replaceControls(
          refusing(async () => undefined),
          nobody,
          read,
        ),
      ).rejects.toThrow('refused');
      const change = replaceControls(
        refusing(() => putControls(stack, { denied: [number] })),
        nobody,
        read,
      );
      await expect(change).rejects.toThrow('somebody else has changed');
      expect(await stored()).toMatchObject({ sending: 'everybody', denied: [number] });
    },
  );

  it('and a move whose answer got lost is not taken for somebody else’s', async () => {
    stack.faults.add({
      service: 'secretsmanager',
      action: 'UpdateSecretVersionStage',
      mode: 'lose-answer',
      times: 1,
    });
    try {
      expect(await controls('deny', number)).toMatchObject({ status: 0 });
    } finally {
      stack.faults.clear();
    }
    expect((await stored()).denied).toEqual([number]);
  });
});

describe('npm run controls', () => {
  it.each([[[]], [['unknown']], [['sending']], [['status', 'more']], [['--colour', 'status']]])(
    'answers %j with its usage',
    async (parameters) => {
      const { status, stderr } = await controls(...parameters);
      expect([status, stderr]).toEqual([1, expect.stringContaining('the kill switch')]);
    },
  );

  it('reads and writes no secret but its own', async () => {
    const before = stack.awsCalls.length;
    for (const command of [['status'], ['deny', number], ['previous', '--yes']]) await controls(...command);
    const calls = stack.awsCalls.slice(before).filter((call) => call.function === 'operator');
    expect(new Set(calls.map(({ secretArn }) => secretArn))).toEqual(new Set([controlsArn(stack)]));
    expect(new Set(calls.map(({ action }) => action))).toEqual(
      new Set(['GetSecretValue', 'DescribeSecret', 'PutSecretValue', 'UpdateSecretVersionStage']),
    );
  });
});
