/**
 * One piece of work at a time: within this context always, and over the tabs of a browser by Web Locks. Where there are
 * none, only one process may keep the session.
 */

interface Engine {
  readonly Date: unknown;
  readonly navigator?: {
    readonly locks?: { request<T>(name: string, work: () => Promise<T>): Promise<T> };
  };
}

/** Runs one piece of work after the other. The work never rejects; a lock that does is done without. */
export function openSessionLock(): <T>(work: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return <T>(work: () => Promise<T>) => {
    const { navigator }: Engine = globalThis;
    const turn = last.then(() => navigator?.locks?.request('doorcode.session', work) ?? work()).catch(work);
    last = turn;
    return turn;
  };
}
