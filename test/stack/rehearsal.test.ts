/** What init rehearses, in the bundles as they are deployed: it runs the whole path, and nobody hears of it. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startWorkbench, type Workbench } from '../../bench/workbench.ts';
import { bundle, bundleFile } from '../../lib/bundle.ts';
import { leftOutBy } from '../../lib/left-out.ts';
import { type LocalStack, startLocalStack } from '../../local/local-stack.ts';
import { ask, freshNumber } from '../../test-kit/sign-in.ts';
import { putControls } from '../../test-kit/stored-controls.ts';

const run = promisify(execFile);

describe('a new worker', () => {
  const workers = 2;
  let stack: LocalStack;
  beforeAll(async () => {
    stack = await startLocalStack({ workers });
  });
  afterAll(() => stack.stop());
  beforeEach(async () => {
    for (const name of ['request-otp', 'verify-otp', 'session']) await stack.pool(name).restart();
    stack.awsCalls.length = 0;
    stack.logLines.length = 0;
  });

  it.each(['request-otp', 'verify-otp', 'session'])(
    'of %s writes nothing to the table, sends no SMS and says nothing before its first event',
    async (name) => {
      const sends = stack.provider.sends.length;
      await stack.pool(name).prestart(workers);
      const ofTable = stack.awsCalls.filter(({ service }) => service === 'dynamodb');
      expect(new Set(ofTable.map(({ action, keyPrefix }) => `${action} ${keyPrefix}`))).toEqual(
        new Set(['GetItem init']),
      );
      expect(stack.provider.sends).toHaveLength(sends);
      expect(stack.logLines.filter(({ line }) => !line.includes('"init.unready"'))).toEqual([]);
    },
  );

  it('counts its first request once, and not the one that it rehearsed', async () => {
    await stack.pool('request-otp').prestart(workers);
    expect((await ask(stack, freshNumber())).status).toBe(202);
    const counted = stack.logLines.filter(({ line }) => line.includes('"request-otp.sent":1'));
    expect(counted).toHaveLength(1);
  });

  it('rehearses nothing that a kill switch would let through', async () => {
    await putControls(stack, { sending: 'nobody' });
    await stack.pool('request-otp').prestart(workers);
    expect(stack.logLines.filter(({ line }) => !line.includes('"init.unready"'))).toEqual([]);
    expect((await ask(stack, freshNumber())).status).toBe(503);
    await putControls(stack, {});
  });
});

describe('the rehearsal', () => {
  let bench: Workbench;
  beforeAll(async () => {
    bench = await startWorkbench();
  });
  afterAll(() => bench.stop());

  /** Loads a bundle as Lambda does, and gives the status of what it rehearsed and all that it wrote. */
  async function rehearsed(
    name: string,
  ): Promise<{ readonly status: number | undefined; readonly log: string }> {
    const file = join(bundle(name, leftOutBy({})), bundleFile);
    const source = `require(${JSON.stringify(file)}).ready.then((answer) => {
      process.stdout.write('\\nstatus ' + answer?.statusCode, () => process.exit());
    });`;
    const env = bench.near.environmentOf(name);
    for (let tries = 1; ; tries += 1) {
      const { stdout, stderr } = await run(process.execPath, ['-e', source], { env });
      const [log = '', status] = stdout.split('\nstatus ');
      // A busy machine may take longer for the reads, or for the rehearsal after them, than an init has.
      const isLate = stderr.includes('init.unready') || status === 'undefined';
      if (isLate && tries < 10) continue;
      return { status: Number(status), log: log + stderr };
    }
  }

  it('of request-otp comes to the sent SMS, of verify-otp to a code that is wrong, of session to a refresh', async () => {
    expect(await rehearsed('request-otp')).toEqual({ status: 202, log: '' });
    expect(await rehearsed('verify-otp')).toEqual({ status: 422, log: '' });
    expect(await rehearsed('session')).toEqual({ status: 200, log: '' });
  });
});
