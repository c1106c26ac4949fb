/** The mark that the workers share, in a real table. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ProviderMark } from '../../functions/provider/breaker.ts';
import {
  probeClockSkewSeconds,
  probeSpacingSeconds,
  ttlMarginSeconds,
} from '../../functions/settings/fixed-numbers.ts';
import { openProviderMark } from '../../functions/table/provider-mark.ts';
import { startTestTable, type TestTable } from '../../test-kit/test-table.ts';

let table: TestTable;
let mark: ProviderMark;
let now = 1_800_000_000;
beforeAll(async () => {
  table = await startTestTable();
});
afterAll(() => table.stop());
beforeEach(() => {
  // Far from the turns of the test before, in either direction.
  now += 10_000;
  mark = openProviderMark(table, new AbortController().signal);
});

describe('a turn', () => {
  it('goes to one of all who ask at once', async () => {
    const turns = await Promise.all(Array.from({ length: 20 }, () => mark.takeTurn(now)));
    expect(turns.filter(({ isTaken }) => isTaken)).toHaveLength(1);
  });

  it('comes again when the latest is old enough, to the second', async () => {
    expect((await mark.takeTurn(now)).isTaken).toBe(true);
    expect((await mark.takeTurn(now + probeSpacingSeconds - 1)).isTaken).toBe(false);
    expect((await mark.takeTurn(now + probeSpacingSeconds)).isTaken).toBe(true);
  });

  it('of a worker whose clock runs ahead holds up nobody for longer than a few seconds', async () => {
    await mark.takeTurn(now + probeClockSkewSeconds);
    expect((await mark.takeTurn(now)).isTaken).toBe(false);
    expect((await mark.takeTurn(now + probeClockSkewSeconds + probeSpacingSeconds)).isTaken).toBe(true);
    await mark.takeTurn(now + 3_600);
    expect((await mark.takeTurn(now + 60)).isTaken).toBe(true);
  });

  it('tells how often the provider was found back, taken or not', async () => {
    const before = (await mark.takeTurn(now)).recoveries;
    await mark.tellRecovered(now);
    expect(await mark.takeTurn(now)).toEqual({ isTaken: false, recoveries: before + 1 });
    expect(await mark.takeTurn(now + probeSpacingSeconds)).toEqual({
      isTaken: true,
      recoveries: before + 1,
    });
  });

  it('is forgotten by TTL cleanup a day later', async () => {
    await mark.takeTurn(now);
    expect((await table.read('provider'))?.['ttl']?.N).toBe(String(now + ttlMarginSeconds));
  });
});
