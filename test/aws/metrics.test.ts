import { MetricUnit, Metrics as PowertoolsMetrics } from '@aws-lambda-powertools/metrics';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { Metrics } from '../../functions/aws/metrics.ts';

type Line = Record<string, unknown>;

const options = { namespace: 'Doorcode', serviceName: 'Doorcode' };

/** What Powertools would write: it gives it as an object before it is published. */
function linesOfPowertools(): Line[] {
  const metrics = new PowertoolsMetrics(options);
  const published = (): Line => {
    const line = { ...metrics.serializeMetrics() };
    metrics.clearMetrics();
    metrics.clearDimensions();
    return line;
  };
  metrics.addMetric('request-otp.sent', MetricUnit.Count, 1);
  metrics.addMetric('provider.latency', MetricUnit.Milliseconds, 83);
  metrics.addMetric('provider-key.age', MetricUnit.Seconds, 0);
  const first = published();
  metrics.addDimension('versionId', 'a-version');
  metrics.addMetric('provider-key.used', MetricUnit.Count, 1);
  const second = published();
  metrics.addMetric('request-otp.replayed', MetricUnit.Count, 1);
  return [first, second, published()];
}

function linesOfOurs(): Line[] {
  const written = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  const metrics = new Metrics(options);
  metrics.addMetric('request-otp.sent', MetricUnit.Count, 1);
  metrics.addMetric('provider.latency', MetricUnit.Milliseconds, 83);
  metrics.addMetric('provider-key.age', MetricUnit.Seconds, 0);
  metrics.publishStoredMetrics();
  metrics.addDimension('versionId', 'a-version');
  metrics.addMetric('provider-key.used', MetricUnit.Count, 1);
  metrics.publishStoredMetrics();
  metrics.addMetric('request-otp.replayed', MetricUnit.Count, 1);
  metrics.publishStoredMetrics();
  const lines = written.mock.calls.map(([text]) => JSON.parse(String(text)));
  written.mockRestore();
  return lines;
}

const timeless = (line: Line): Line => ({ ...line, _aws: { ...Object(line['_aws']), Timestamp: 0 } });

afterEach(() => {
  vi.restoreAllMocks();
});

describe('embedded metrics', () => {
  it('are the lines that Powertools writes, one for each publication', () => {
    const ours = linesOfOurs();
    expect(ours).toHaveLength(3);
    expect(ours.map(timeless)).toEqual(linesOfPowertools().map(timeless));
  });

  it('are of now', () => {
    const [line] = linesOfOurs();
    const { Timestamp } = Object(Object(line)['_aws']);
    expect(Math.abs(Date.now() - Timestamp)).toBeLessThan(10_000);
  });
});
