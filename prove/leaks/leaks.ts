/**
 * R7: no number, code, key or token in any log, metric, answer, stored item or CloudFormation output of a run, in any
 * of many spellings. What the suites before it wrote is scanned too, when they run together.
 */

import type { AccessRecord } from '../../local/gateway/gateway.ts';
import { startLocalStack } from '../../local/local-stack.ts';
import { type Figure, type Run, scaled } from '../figure.ts';
import { exercise } from './exercise.ts';
import { type Ledger, openLedger, type Place } from './ledger.ts';
import { noteStack } from './note-stack.ts';
import { scan } from './scan.ts';

const walks = 10;

/** Walks through a stack, then scans everything that `ledger` has. */
export async function leaks(
  { seed, scale, onProgress, signal }: Run,
  ledger: Ledger = openLedger(),
): Promise<Figure> {
  const total = scaled(walks, { scale });
  const access: AccessRecord[] = [];
  const stack = await startLocalStack({ workers: 2, onAccess: (record) => access.push(record) });
  stack.provider.control({ balance: 10_000, requestsPerThrottleWindow: 1_000_000 });
  try {
    for (let walk = 0; walk < total; walk += 1) {
      signal.throwIfAborted();
      await exercise(stack, ledger, `127.9.${walk}.1`);
      onProgress(`${walk + 1} of ${total} walks`);
    }
    await noteStack(ledger, stack, access);
  } finally {
    await stack.stop();
  }
  onProgress('scanning');
  const hits = scan(ledger);
  const kinds = [...new Set(ledger.canaries.map(({ kind }) => kind))];
  return {
    id: 'R7',
    what: `${ledger.canaries.length} canaries (${kinds.join(', ')}) in everything that was written`,
    goal: '0 hits',
    seen: `${hits.length} hits in ${sizesOf(ledger)}`,
    method:
      'each canary as it is, reversed, in base64 at three alignments, hexadecimal, percent-encoded; known places aside: the call to the provider, its inbox, the token in the 200',
    seed,
    violations: hits.map(
      ({ kind, encoding, place, around }) => `a ${kind} (${encoding}) in a ${place}: ${around}`,
    ),
  };
}

function sizesOf({ texts }: Ledger): string {
  const sizes = new Map<Place, { count: number; bytes: number }>();
  for (const { place, text } of texts) {
    const { count, bytes } = sizes.get(place) ?? { count: 0, bytes: 0 };
    sizes.set(place, { count: count + 1, bytes: bytes + text.length });
  }
  return [...sizes]
    .map(([place, { count, bytes }]) => `${count} × ${place} (${Math.ceil(bytes / 1024)} KiB)`)
    .join(', ');
}
