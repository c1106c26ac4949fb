/** R9, row 13: nothing of a session is where it does not belong. R7 has this walk, too, among everything else. */
import type { AccessRecord } from '../../local/gateway/gateway.ts';
import { startLocalStack } from '../../local/local-stack.ts';
import { freshNumber } from '../../test-kit/sign-in.ts';
import { type Figure, type Run, scaled } from '../figure.ts';
import { exerciseSessions } from '../leaks/exercise-sessions.ts';
import { openLedger } from '../leaks/ledger.ts';
import { noteStack } from '../leaks/note-stack.ts';
import { scan } from '../leaks/scan.ts';

const walks = 20;
const ofSessions: readonly string[] = ['refresh token', 'attempt', 'session name', 'session secret'];

/** Walks through a stack, then scans everything that it wrote. */
export async function sessionCanaries({ seed, scale, onProgress, signal }: Run): Promise<Figure> {
  const ledger = openLedger();
  const access: AccessRecord[] = [];
  const stack = await startLocalStack({
    settings: { sendsPerIpv4Address: 1_000_000 },
    onAccess: (record) => access.push(record),
  });
  stack.provider.control({ balance: 10_000, requestsPerThrottleWindow: 1_000_000 });
  try {
    const total = scaled(walks, { scale });
    for (let walk = 1; walk <= total; walk += 1) {
      signal.throwIfAborted();
      await exerciseSessions(stack, ledger, freshNumber());
      onProgress(`${walk} of ${total} walks`);
    }
    await noteStack(ledger, stack, access);
  } finally {
    await stack.stop();
  }
  const hits = scan(ledger);
  const missing = ofSessions.filter((kind) => !ledger.canaries.some((canary) => canary.kind === kind));
  return {
    id: 'R9, row 13',
    what: `${ledger.canaries.length} canaries, among them each refresh token, attempt, session name and the session secret`,
    goal: '0 hits',
    seen: `${hits.length} hits in ${ledger.texts.length} logs, metrics, access logs, items, answers and access tokens`,
    method: 'as R7; the refresh token and the access token belong in their answers',
    seed,
    violations: [
      ...missing.map((kind) => `no ${kind} was looked for`),
      ...hits.map(({ kind, encoding, place, around }) => `a ${kind} (${encoding}) in a ${place}: ${around}`),
    ],
  };
}
