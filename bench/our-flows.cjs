/** Our two functions in one process: asks for codes, or types them in, four at once, and says what CPU that took. */
const { measured, inFours } = require('./measured.cjs');

for (const [method, level] of Object.entries({ info: 'INFO', warn: 'WARN', error: 'ERROR' })) {
  console[method] = (message) => {
    process.stdout.write(`${JSON.stringify({ timestamp: new Date().toISOString(), level, message })}\n`);
  };
}
const { handler: requestOtp } = require(process.env.REQUEST_OTP);
const { handler: verifyOtp } = require(process.env.VERIFY_OTP);
const requestIds = new Map();

const call = async (handler, rawPath, body, expected) => {
  const answer = await handler({
    version: '2.0',
    rawPath,
    headers: { 'content-type': 'application/json' },
    requestContext: { requestId: 'bench', http: { method: 'POST', path: rawPath, sourceIp: '203.0.113.7' } },
    body: JSON.stringify(body),
    isBase64Encoded: false,
  });
  if (answer.statusCode !== expected) throw new Error(`${rawPath}: ${answer.statusCode} ${answer.body}`);
  return JSON.parse(answer.body);
};

measured({
  request: (numbers) =>
    inFours(numbers, async (phoneNumber) => {
      const { requestId } = await call(requestOtp, '/auth/request-otp', { phoneNumber }, 202);
      requestIds.set(phoneNumber, requestId);
    }),
  verify: (codes) =>
    inFours(Object.entries(codes), async ([phoneNumber, code]) => {
      const requestId = requestIds.get(phoneNumber);
      await call(verifyOtp, '/auth/verify-otp', { requestId, code }, 200);
      requestIds.delete(phoneNumber);
    }),
});
