/**
 * A gate in front of the AWS endpoint. It holds the calls that it is told to hold until so many of them wait, and then
 * lets them all go in the same moment: requests of several processes that meet at the table, and not by luck.
 */
import { type AwsCall, isCall } from './faults.ts';

export interface Gate {
  /** Holds the next `count` calls that are like `wanted`, and lets them go together. */
  hold(wanted: Partial<AwsCall>, count: number): void;
  /** Lets everything go that waits, and holds nothing any longer. */
  open(): void;
  /** Waits as long as the call is held. */
  pass(call: AwsCall): Promise<void>;
}

/** A gate that is open. */
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
