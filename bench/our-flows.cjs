/**
 * Our functions in one process: does one kind of work for each number, four at once, and says what CPU that took. The floor
 * runs in it, too, which learns the kind from a header that ours do not read.
 */
const { createSign, generateKeyPairSync } = require('node:crypto');
const { measured, inFours } = require('./measured.cjs');

for (const [method, level] of Object.entries({ info: 'INFO', warn: 'WARN', error: 'ERROR' })) {
  console[method] = (message) => {
    process.stdout.write(`${JSON.stringify({ timestamp: new Date().toISOString(), level, message })}\n`);
  };
}
const { handler: requestOtp } = require(process.env.REQUEST_OTP);
const { handler: verifyOtp } = require(process.env.VERIFY_OTP);
const { handler: session } = require(process.env.SESSION);
const requestIds = new Map();
const refreshTokens = new Map();
let signingKey;

const call = async ([handler, rawPath, type], { kind, body, expected }) => {
  const answer = await handler({
    version: '2.0',
    rawPath,
    headers: { 'content-type': type, 'x-bench': kind },
    requestContext: { requestId: 'bench', http: { method: 'POST', path: rawPath, sourceIp: '203.0.113.7' } },
    body,
    isBase64Encoded: false,
  });
  if (answer.statusCode !== expected) throw new Error(`${kind}: ${answer.statusCode} ${answer.body}`);
  return JSON.parse(answer.body);
};
const request = [requestOtp, '/auth/request-otp', 'application/json'];
const verify = [verifyOtp, '/auth/verify-otp', 'application/json'];
const token = [session, '/auth/token', 'application/x-www-form-urlencoded'];

const ask = (kind, expected) => (numbers) =>
  inFours(numbers, async (phoneNumber) => {
    const { requestId } = await call(request, { kind, body: JSON.stringify({ phoneNumber }), expected });
    if (requestId !== undefined) requestIds.set(phoneNumber, requestId);
  });
const typeIn = (kind, expected, more) => (codes) =>
  inFours(Object.entries(codes), async ([phoneNumber, code]) => {
    const body = JSON.stringify({ requestId: requestIds.get(phoneNumber), code, ...more });
    const { refreshToken } = await call(verify, { kind, body, expected });
    if (refreshToken !== undefined) refreshTokens.set(phoneNumber, refreshToken);
  });

measured({
  request: ask('request', 202),
  /** Asks again for numbers whose SMS is seconds old. */
  refused: ask('refused', 429),
  wrong: typeIn('wrong', 422),
  verify: typeIn('verify', 200),
  start: typeIn('start', 200, { session: {} }),
  refresh: (numbers) =>
    inFours(numbers, async (phoneNumber) => {
      const form = {
        grant_type: 'refresh_token',
        refresh_token: refreshTokens.get(phoneNumber),
        attempt: `${phoneNumber}${Date.now()}`,
      };
      const body = new URLSearchParams(form).toString();
      const { refresh_token } = await call(token, { kind: 'refresh', body, expected: 200 });
      refreshTokens.set(phoneNumber, refresh_token);
    }),
  /** One RS256-3072 signature for each. */
  sign: (numbers) => {
    signingKey ??= generateKeyPairSync('rsa', { modulusLength: 3072 }).privateKey;
    for (const number of numbers) createSign('sha256').update(number.repeat(50)).sign(signingKey);
  },
});
