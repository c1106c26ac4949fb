/**
 * One launch, as a child process: loads a handler, which is its init, and says how long that took from the start of the
 * process, in milliseconds; then answers each event that its parent sends, and says how long that took.
 */
const { pathToFileURL } = require('node:url');

// The handler's log is as good as written.
for (const method of ['log', 'info', 'warn', 'error']) console[method] = () => undefined;
process.stdout.write = () => true;

const cpuMs = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
};

const main = async () => {
  const loaded = await import(pathToFileURL(process.argv[2]));
  // A CommonJS bundle has its exports below `default`.
  const { handler } = loaded.handler === undefined ? loaded.default : loaded;
  process.on('message', async (event) => {
    const [startedAtMs, startedCpuMs] = [performance.now(), cpuMs()];
    const { statusCode } = await handler(event);
    process.send({
      answerMs: performance.now() - startedAtMs,
      answerCpuMs: cpuMs() - startedCpuMs,
      statusCode,
    });
  });
  process.send({ initMs: performance.now() });
};

process.on('disconnect', () => process.exit());
main();
