/**
 * A gate in front of the AWS endpoint. It holds matching calls until a given number of them wait, then releases them all
 * at the same moment. So requests of several processes reach the table together, and not by luck.
 */
import { type AwsCall, isCall } from './injected-faults.ts';

export interface Gate {
  /** Holds the next `count` calls that match `wanted`, and releases them together. */
  hold(wanted: Partial<AwsCall>, count: number): void;
  /** Releases every call that waits, and stops holding. */
  open(): void;
  /** Waits while the gate holds the call. */
  pass(call: AwsCall): Promise<void>;
}

/** Creates an open gate. */
export function createGate(): Gate {
  const holds = new Set<{ wanted: Partial<AwsCall>; count: number; waiting: (() => void)[] }>();
  return {
    hold: (wanted, count) => {
      holds.add({ wanted, count, waiting: [] });
    },
    open: () => {
      const waiting = [...holds].flatMap((hold) => hold.waiting);
      holds.clear();
      for (const go of waiting) go();
    },
    pass: async (call) => {
      const hold = [...holds].find(({ wanted }) => isCall(wanted, call));
      if (hold === undefined) return;
      const gone = new Promise<void>((resolve) => {
        hold.waiting.push(resolve);
      });
      if (hold.waiting.length >= hold.count) {
        holds.delete(hold);
        for (const go of hold.waiting) go();
      }
      await gone;
    },
  };
}
