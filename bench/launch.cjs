/**
 * One launch: loads a handler, perhaps gives it one request, and says what CPU time the whole process had used at each
 * point, in milliseconds: `[loaded, answered]`. Arguments: the file, and the event or nothing.
 */
const { readFileSync, writeSync } = require('node:fs');

const cpuMs = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
};

const [, , file, event] = process.argv;
// The handler's log is as good as written; only the answer of this script goes to standard output.
for (const method of ['log', 'info', 'warn', 'error']) console[method] = () => undefined;

const main = async () => {
  const { handler } = file.endsWith('.mjs') ? await import(file) : require(file);
  const loadedMs = cpuMs();
  const answer = event === undefined ? undefined : await handler(JSON.parse(readFileSync(event, 'utf8')));
  writeSync(1, JSON.stringify({ loadedMs, answeredMs: cpuMs(), statusCode: answer?.statusCode }));
  process.exit(0);
};

main();
