/**
 * Runs one handler many times in this process and says what CPU time a flow took, in milliseconds, and what one
 * RS256-3072 signature takes here. Arguments: the bundle, and a file with the event and the answers from memory.
 */
const { createSign, generateKeyPairSync } = require('node:crypto');
const { readFileSync } = require('node:fs');

const warmUps = 400;
const flows = 1_500;
const [, , entry, inputFile] = process.argv;
globalThis.bench = JSON.parse(readFileSync(inputFile, 'utf8'));

// The log lines are made, in Lambda's JSON format, and thrown away.
for (const method of ['log', 'info', 'warn', 'error']) {
  console[method] = (message) =>
    JSON.stringify({ timestamp: new Date().toISOString(), level: method, message });
}
const { event, status } = globalThis.bench;
const { handler } = require(entry);

const cpuMs = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
};

const measured = async (count, run) => {
  const from = cpuMs();
  for (let i = 0; i < count; i += 1) await run();
  return (cpuMs() - from) / count;
};

const main = async () => {
  const flow = async () => {
    const { statusCode, body } = await handler(event);
    if (statusCode !== status) throw new Error(`answered ${statusCode}: ${body}`);
  };
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 3072 });
  const sign = async () => createSign('sha256').update('a token').sign(privateKey);
  await measured(warmUps, flow);
  const signatureMs = await measured(flows / 10, sign);
  const flowMs = await measured(flows, flow);
  process.send({ flowMs, signatureMs }, () => process.exit(0));
};

main();
