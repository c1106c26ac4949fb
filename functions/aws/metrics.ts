/**
 * Stands in for `@aws-lambda-powertools/metrics` in the bundles of the API functions: the same names and the same
 * lines in CloudWatch's embedded metric format, for counts and measures under one set of dimensions. Powertools' own
 * store, console and decorators cost more CPU for each decision than all the hashes of a request.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */

/** The units that we use. */
export const MetricUnit = { Count: 'Count', Milliseconds: 'Milliseconds', Seconds: 'Seconds' } as const;
type Unit = (typeof MetricUnit)[keyof typeof MetricUnit];

interface Measured {
  readonly unit: Unit;
  readonly value: number;
}

export class Metrics {
  readonly #namespace: string;
  readonly #service: string;
  #dimensions: Record<string, string> = {};
  #metrics = new Map<string, Measured>();

  constructor({ namespace, serviceName }: { readonly namespace: string; readonly serviceName: string }) {
    this.#namespace = namespace;
    this.#service = serviceName;
  }

  /** Until the next publication. */
  addDimension(name: string, value: string): void {
    this.#dimensions[name] = value;
  }

  /** One value per metric and publication. */
  addMetric(name: string, unit: Unit, value: number): void {
    this.#metrics.set(name, { unit, value });
  }

  /** Writes one line, and forgets what was in it. Past Lambda's console, which would put it into a string. */
  publishStoredMetrics(): void {
    const dimensions = { service: this.#service, ...this.#dimensions };
    const metrics = [...this.#metrics];
    const line = {
      _aws: {
        Timestamp: Date.now(),
        CloudWatchMetrics: [
          {
            Namespace: this.#namespace,
            Dimensions: [Object.keys(dimensions)],
            Metrics: metrics.map(([Name, { unit: Unit }]) => ({ Name, Unit })),
          },
        ],
      },
      ...dimensions,
      ...Object.fromEntries(metrics.map(([name, { value }]) => [name, value])),
    };
    process.stdout.write(`${JSON.stringify(line)}\n`);
    this.#dimensions = {};
    this.#metrics = new Map();
  }
}
