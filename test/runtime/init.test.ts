import { describe, expect, it, vi } from 'vitest';
import { initialise } from '../../functions/runtime/init.ts';

const waitMs = 50;
const never = new Promise<never>(() => undefined);
const world = () => ({ name: 'the world' });

describe('the rehearsal of an init', () => {
  it('comes after all that was prepared, with the world that was made', async () => {
    const events: string[] = [];
    const rehearsed = await initialise({
      world,
      prepare: () => [
        new Promise<void>((resolve) => setImmediate(resolve)).then(() => void events.push('read')),
        Promise.resolve().then(() => void events.push('connected')),
      ],
      rehearse: async ({ name }) => {
        events.push(`rehearsed in ${name}`);
        return 202;
      },
      waitMs: 60_000,
    });
    expect(events).toEqual(['connected', 'read', 'rehearsed in the world']);
    expect(rehearsed).toBe(202);
  });

  it.each([
    ['something could not be read', () => [Promise.resolve(), Promise.reject(new Error('down'))]],
    ['something was not read in time', () => [never]],
    [
      'nothing could be begun',
      () => {
        throw new Error('no such client');
      },
    ],
  ])('does not happen when %s', async (_, prepare: () => Promise<void>[]) => {
    const rehearse = vi.fn(async () => 202);
    vi.spyOn(console, 'warn').mockReturnValue(undefined);
    expect(await initialise({ world, prepare, rehearse, waitMs })).toBeUndefined();
    expect(rehearse).not.toHaveBeenCalled();
  });

  it('does not happen when the world could not be made', async () => {
    const rehearse = vi.fn(async () => 202);
    const broken = (): never => {
      throw new Error('a variable is missing');
    };
    expect(await initialise({ world: broken, prepare: () => [], rehearse, waitMs })).toBeUndefined();
    expect(rehearse).not.toHaveBeenCalled();
  });

  it('may fail, which fails no init', async () => {
    const rehearse = () => Promise.reject(new Error('a bug'));
    expect(await initialise({ world, prepare: () => [], rehearse, waitMs })).toBeUndefined();
  });

  it('is over with the time of the init, and so is its signal', async () => {
    const signals: AbortSignal[] = [];
    const rehearse = (_: unknown, signal: AbortSignal): Promise<never> => {
      signals.push(signal);
      return never;
    };
    expect(await initialise({ world, prepare: () => [], rehearse, waitMs })).toBeUndefined();
    expect(signals.map(({ aborted }) => aborted)).toEqual([true]);
  });
});
