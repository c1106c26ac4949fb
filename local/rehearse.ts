/**
 * `npm run rehearse`: what a first deployment and the updates after it do, in order, on the local stack. It checks the
 * stack as a real synth does, goes from empty secrets to a token that a verifier accepts, updates twice, and fails if
 * an update would lose the table, a secret, the signing keys, or a code that somebody is about to type in.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import * as v from 'valibot';
import { synthesise } from '../lib/synthesise.ts';
import { storeProviderKey } from './first-start.ts';
import { onInterrupt, signalsHadTheirTurn } from './interrupt.ts';
import { type LocalStack, startLocalStack } from './local-stack.ts';
import { lossesOf } from './replacements.ts';
import { templateSchema } from './template.ts';
import { askForCode, getJson, typeCode, verifyToken } from './visitor.ts';

const phoneNumbers = ['+919000000001', '+919000000002', '+919000000003'] as const;

/** The settings that a second deployment changes. */
const otherSettings = {
  codeLifetimeSeconds: 240,
  sendsPerDay: 20_000,
  tokenLifetimeSeconds: 1800,
  allowedOrigins: ['https://app.example.com'],
  signingKeyRotationDays: 30,
};

const settings = { appName: 'Doorcode', audience: 'doorcode-app', env: { region: 'ap-south-1' } };

function expectEqual(what: string, found: unknown, expected: unknown): void {
  const [is, should] = [JSON.stringify(found), JSON.stringify(expected)];
  if (is !== should) throw new Error(`${what}: expected ${should}, found ${is}`);
}

type Step = readonly [what: string, run: () => Promise<void>];

function stepsOf(stack: LocalStack, directory: string): readonly Step[] {
  const first = stack.deployment.template;
  const kids = async (): Promise<readonly string[]> => {
    const jwks = await getJson(`${stack.apiUrl}/.well-known/jwks.json`);
    return jwks.keys.map(({ kid }: { kid: string }) => kid);
  };
  const signIn = async (phoneNumber: string): Promise<string> => {
    const asked = await askForCode(stack, phoneNumber);
    expectEqual('request-otp', asked.status, 202);
    return typeCode(stack, { requestId: asked.json.requestId, phoneNumber });
  };
  const seen: { kids?: readonly string[]; subject?: string | undefined; requestId?: string } = {};
  return [
    [
      'every check of a synth passes',
      async () => {
        const stacks = { Doorcode: settings, Changed: { ...settings, ...otherSettings } };
        const assembly = synthesise({ outdir: join(directory, 'checked'), stacks });
        const { Resources } = v.parse(templateSchema, assembly.getStackByName('Doorcode').template);
        const ids = [...new Set([...Object.keys(first.Resources), ...Object.keys(Resources)])];
        const differing = ids.filter((id) => !isDeepStrictEqual(Resources[id], first.Resources[id]));
        expectEqual('resources that differ from synth to synth', differing, []);
      },
    ],
    [
      'the rotation function made the first signing key, and it is published',
      async () => {
        seen.kids = await kids();
        expectEqual('signing keys', seen.kids.length, 1);
      },
    ],
    [
      'without a provider key nothing is sent, and the app is told to come back',
      async () => {
        const { status, json } = await askForCode(stack, phoneNumbers[0]);
        expectEqual('request-otp', [status, json.type], [503, 'urn:doorcode:temporarily-unavailable']);
        expectEqual('SMS', stack.provider.sends.length, 0);
      },
    ],
    [
      'the security team stores the key, and nothing is restarted',
      async () => {
        await storeProviderKey(stack.deployment, stack);
      },
    ],
    [
      'first send, first verify; a verifier that knows the issuer alone accepts the token',
      async () => {
        const { sub, iss } = await verifyToken(stack.apiUrl, await signIn(phoneNumbers[0]));
        expectEqual('iss', iss, stack.apiUrl);
        seen.subject = sub;
      },
    ],
    [
      'an update that changes nothing changes nothing, and a code from before it works',
      async () => {
        const asked = await askForCode(stack, phoneNumbers[1]);
        await stack.update();
        const token = await typeCode(stack, {
          requestId: asked.json.requestId,
          phoneNumber: phoneNumbers[1],
        });
        await verifyToken(stack.apiUrl, token);
        expectEqual('signing keys', await kids(), seen.kids);
      },
    ],
    [
      'an update of the settings loses nothing, and a code from before it works',
      async () => {
        const asked = await askForCode(stack, phoneNumbers[2]);
        await stack.update({ settings: otherSettings });
        expectEqual('losses', lossesOf(first, stack.deployment.template), []);
        const token = await typeCode(stack, {
          requestId: asked.json.requestId,
          phoneNumber: phoneNumbers[2],
        });
        const { exp = 0, iat = 0 } = await verifyToken(stack.apiUrl, token);
        expectEqual('the new lifetime', exp - iat, otherSettings.tokenLifetimeSeconds);
        expectEqual('signing keys', await kids(), seen.kids);
      },
    ],
    [
      'a user keeps his sub over the updates',
      async () => {
        for (const name of ['request-otp', 'verify-otp']) stack.pool(name).shiftClock(31);
        const { sub } = await verifyToken(stack.apiUrl, await signIn(phoneNumbers[0]));
        expectEqual('sub', sub, seen.subject);
      },
    ],
  ];
}

async function main(): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), 'doorcode-rehearsal-'));
  console.log('A first deployment and two updates, on the local stack:');
  let stack: LocalStack | undefined;
  const stop = async (): Promise<void> => {
    await stack?.stop();
    rmSync(directory, { recursive: true, force: true });
  };
  const interrupted = onInterrupt(
    'Interrupted. The rehearsal touched nothing but temporary files, and they are removed.',
    stop,
  );
  let step = 'start';
  try {
    stack = await startLocalStack({ workers: 1, storesProviderKey: false });
    for (const [what, run] of stepsOf(stack, directory)) {
      step = what;
      await run();
      console.log(`  ✓ ${what}`);
    }
    console.log('Nothing that has state would be lost.');
  } catch (error) {
    await signalsHadTheirTurn();
    if (interrupted.aborted) return;
    console.error(`  ✗ ${step}\n    ${error instanceof Error ? error.message : error}`);
    process.exitCode = 1;
  } finally {
    await stop();
  }
}

await main();
