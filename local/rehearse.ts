/**
 * `npm run rehearse`: the life of a deployment, in order, on the local stack. A first deployment fails half-way and is
 * repeated; the last release is upgraded to this version; a deployment goes from empty secrets to a token that a verifier
 * accepts; settings and tags are changed; it is destroyed and comes back. It checks the stack as a real synth does, and fails if anything would lose the table, a secret, the
 * signing keys, a user's `sub`, or a code that somebody is about to type in.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onInterrupt, signalsHadTheirTurn } from '../terminal/interrupt.ts';
import { type LocalStack, startLocalStack } from './local-stack.ts';
import { failuresAt } from './rehearsal/first-failure.ts';
import { install, lastRelease } from './rehearsal/last-release.ts';
import { lifeOf } from './rehearsal/life.ts';
import { existingSecretsOf, returnOf } from './rehearsal/return.ts';
import { asDeployed, type Seen, type Step } from './rehearsal/step.ts';
import { upgradeOf, upgradeSettings } from './rehearsal/upgrade.ts';

async function main(): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), 'doorcode-rehearsal-'));
  const account = join(directory, 'account');
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
  const go = async (steps: readonly Step[]): Promise<void> => {
    for (const [what, run] of steps) {
      step = what;
      await run();
      console.log(`  ✓ ${what}`);
    }
  };
  try {
    console.log('A deployment’s life, on the local stack:');
    await go(failuresAt(account));
    step = 'the last release is deployed';
    const release = lastRelease();
    const synthesise = install(release, join(directory, 'adopter'));
    const upgraded = await startLocalStack({
      ...asDeployed,
      directory: join(directory, 'upgraded'),
      settings: upgradeSettings,
      synthesise,
    });
    stack = upgraded;
    await go(upgradeOf(upgraded, release.version, synthesise));
    await upgraded.stop();
    stack = undefined;
    step = 'the deployment is repeated';
    const first = await startLocalStack({ ...asDeployed, directory: account });
    stack = first;
    const seen: Seen = {};
    await go(lifeOf(first, directory, seen));
    stack = undefined;
    step = 'another stack in the same account';
    const existingSecrets = existingSecretsOf(first.deployment);
    stack = await startLocalStack({ ...asDeployed, directory: account, settings: { existingSecrets } });
    await go(returnOf(stack, seen));
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
