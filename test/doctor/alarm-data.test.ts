/** The unit of a first data point: the one in which the functions write that metric. */
import { afterEach, expect, it, vi } from 'vitest';
import { unitOf } from '../../doctor/checks/alarm-data.ts';
import { metricGroups } from '../../functions/runtime/metric-groups.ts';
import { report } from '../../functions/runtime/report.ts';

afterEach(() => vi.restoreAllMocks());

/** The units that the embedded format of a report names, by metric. */
function unitsWritten(): ReadonlyMap<string, string> {
  const lines: string[] = [];
  vi.spyOn(console, 'info').mockImplementation(() => undefined);
  vi.spyOn(console, 'warn').mockImplementation(() => undefined);
  vi.spyOn(console, 'error').mockImplementation(() => undefined);
  vi.spyOn(console, 'log').mockImplementation((line: string) => void lines.push(line));
  vi.spyOn(process.stdout, 'write').mockImplementation((chunk) => {
    lines.push(String(chunk));
    return true;
  });
  report({ code: 'request-otp.sent', requestId: 'a' }, { providerLatencyMs: 10, keyAgeSeconds: 5 });
  for (const [code] of Object.values(metricGroups)) report({ code, requestId: 'a' });
  vi.restoreAllMocks();
  return new Map(
    lines
      .filter((line) => line.includes('CloudWatchMetrics'))
      .flatMap((line) => JSON.parse(line)._aws.CloudWatchMetrics)
      .flatMap(({ Metrics }) => Metrics)
      .map(({ Name, Unit }) => [Name, Unit]),
  );
}

it('is that of the functions’ own lines', () => {
  const written = unitsWritten();
  expect([...written.keys()]).toEqual(
    expect.arrayContaining(['request-otp.sent', 'typed-in', 'provider.latency', 'provider-key.age', 'fault']),
  );
  for (const [name, unit] of written) expect([name, unitOf('Doorcode', name)]).toEqual([name, unit]);
});

it('is none for what the trail’s filters count', () => {
  expect(unitOf('Doorcode/Doorcode', 'secret.foreign-read')).toBe('None');
});
