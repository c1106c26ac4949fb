/**
 * A worker: one execution environment of one function, in a process of its own. It loads the bundle that would be
 * deployed and runs one invocation at a time, as Lambda's runtime does; its console writes Lambda's JSON log format.
 * The runner may move its clock, which the bundle cannot tell. It ends when the runner does.
 *
 * The runner stops it whenever it has no invocation, see `function-pool.ts`. Messages wait for it in their order.
 */
const { loadHandler } = require('./load-handler.cjs');

/** How its clocks differ from the machine's: they are off by so much, or stand still; the wall clock alone by more. */
let clock = JSON.parse(process.argv[4]);
const RealDate = Date;
const now = () => (clock.standsAtMs ?? RealDate.now() + clock.offsetMs) + (clock.wallOffsetMs ?? 0);
globalThis.Date = class extends RealDate {
  constructor(...parts) {
    super(...(parts.length === 0 ? [now()] : parts));
  }
  static now() {
    return now();
  }
};

/** The clock by which the monotonic one goes: it never jumps during an invocation, whatever happens to the wall clock. */
let steadyClock = clock;
const realMonotonicMs = performance.now.bind(performance);
performance.now = () =>
  steadyClock.standsAtMs === undefined
    ? realMonotonicMs() + steadyClock.offsetMs
    : steadyClock.standsAtMs - performance.timeOrigin;
const monotonicNanoseconds = () => BigInt(Math.round(performance.now() * 1e6));
process.hrtime = Object.assign(
  ([seconds, nanoseconds] = [0, 0]) => {
    const passed = monotonicNanoseconds() - BigInt(seconds) * 1_000_000_000n - BigInt(nanoseconds);
    return [Number(passed / 1_000_000_000n), Number(passed % 1_000_000_000n)];
  },
  { bigint: monotonicNanoseconds },
);

let requestId = '';
for (const [method, level] of Object.entries({
  debug: 'DEBUG',
  log: 'INFO',
  info: 'INFO',
  warn: 'WARN',
  error: 'ERROR',
})) {
  console[method] = (...parts) => {
    const message = parts.length === 1 ? parts[0] : parts.map(String).join(' ');
    process.stdout.write(
      `${JSON.stringify({ timestamp: new Date().toISOString(), level, requestId, message })}\n`,
    );
  };
}

let handler;

process.on('message', async (message) => {
  if ('clock' in message) {
    clock = message.clock;
    return;
  }
  if ('collect' in message) {
    gc();
    process.send({ usedHeapBytes: process.memoryUsage().heapUsed });
    return;
  }
  const { event, context } = message;
  steadyClock = clock;
  requestId = context.awsRequestId;
  const endsAt = RealDate.now() + context.timeoutMs;
  try {
    const result = await handler(event, {
      ...context,
      getRemainingTimeInMillis: () => endsAt - RealDate.now(),
    });
    process.send({ result });
  } catch (error) {
    const { name: errorType, message: errorMessage } = Object(error);
    console.error({ errorType, errorMessage });
    process.send({ error: { errorType, errorMessage } });
  }
});
process.on('disconnect', () => process.exit());

const init = async () => {
  const [, , directory, handlerName] = process.argv;
  handler = await loadHandler(directory, handlerName);
  process.send({ ready: true });
};

init();
