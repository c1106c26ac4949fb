/**
 * Limits a process to a share of a core, as Lambda does by memory: a cgroup with a quota of CPU time for each period of
 * 20 ms. Where the machine allows no cgroup, this file divides the CPU time by the share, which ignores waits that overlap
 * with it.
 * https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html
 * https://docs.kernel.org/scheduler/sched-bwc.html
 */
import { existsSync, mkdirSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export interface CpuShare {
  /** The method, for the table. */
  readonly method: string;
  /** Holds a process to the share, with all its threads. */
  hold(pid: number): void;
  /** The time of a piece of work at the share, in milliseconds, from its wall time and its CPU time. */
  tookMs(wallMs: number, cpuMs: number): number;
  /** Removes the limit after the processes have ended. */
  close(): void;
}

const periodUs = 20_000;

/** A core has 1,769 MiB. */
export const mibPerCore = 1_769;

/** Opens a share of one core, such as 0.29. */
export function openCpuShare(share: number): CpuShare {
  const quotaUs = Math.round(share * periodUs);
  return (
    cgroup('/sys/fs/cgroup/cpu', 'v1', {
      'cpu.cfs_period_us': `${periodUs}`,
      'cpu.cfs_quota_us': `${quotaUs}`,
    }) ??
    cgroup('/sys/fs/cgroup', 'v2', { 'cpu.max': `${quotaUs} ${periodUs}` }) ?? {
      method: `no cgroup can be made here: CPU time, divided by ${share.toFixed(2)} (a model)`,
      hold: () => undefined,
      tookMs: (_, cpuMs) => cpuMs / share,
      close: () => undefined,
    }
  );
}

function cgroup(
  root: string,
  version: 'v1' | 'v2',
  files: Readonly<Record<string, string>>,
): CpuShare | undefined {
  const directory = join(root, `doorcode-bench-${process.pid}`);
  const close = (): void => {
    if (existsSync(directory)) rmdirSync(directory);
  };
  try {
    mkdirSync(directory);
    for (const [name, text] of Object.entries(files)) writeFileSync(join(directory, name), text);
  } catch {
    close();
    return undefined;
  }
  const settings = Object.entries(files).map(([name, text]) => `${name} ${text}`);
  return {
    method: `wall time in a cgroup ${version} (${settings.join(', ')})`,
    hold: (pid) => writeFileSync(join(directory, 'cgroup.procs'), `${pid}`),
    tookMs: (wallMs) => wallMs,
    close,
  };
}
