/**
 * better-auth's phone-number plugin, ready to sign numbers in: the peer of P6. Its handler is called in process, with
 * the requests that a client sends; the SMS goes to the same fake provider, over Node's own `http`.
 */
import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { betterAuth } from 'better-auth';
import { phoneNumber } from 'better-auth/plugins';
import { dynamoAdapter } from './better-auth-dynamodb.js';

const { TABLE_NAME, PROVIDER_URL, PROVIDER_KEY, TEMPLATE_ID, AUTH_SECRET } = process.env;
const baseURL = 'http://127.0.0.1:1';
const codes = new Map();

const auth = betterAuth({
  database: dynamoAdapter(DynamoDBDocumentClient.from(new DynamoDBClient({})), TABLE_NAME),
  secret: AUTH_SECRET,
  baseURL,
  telemetry: { enabled: false },
  // The limits of the fake's load are not what is measured.
  rateLimit: { enabled: false },
  verification: { disableCleanup: true },
  plugins: [
    phoneNumber({
      sendOTP: async ({ phoneNumber: number, code }) => {
        codes.set(number, code);
        await send(number, code);
      },
      signUpOnVerification: {
        getTempEmail: (number) => `${number.slice(1)}@phone.example`,
        getTempName: (number) => number,
      },
    }),
  ],
});

/** The route that asks for a code, as a function behind API Gateway. */
export async function handler({ body }) {
  await post('/phone-number/send-otp', { phoneNumber: JSON.parse(body).phoneNumber });
  return { statusCode: 200, body: '{}' };
}

/** One flow: a code is asked for and typed in. Throws when the peer refuses. */
export async function flow(number) {
  await post('/phone-number/send-otp', { phoneNumber: number });
  const { token } = await post('/phone-number/verify', { phoneNumber: number, code: codes.get(number) });
  codes.delete(number);
  if (typeof token !== 'string') throw new Error('no session token');
}

async function post(path, body) {
  const answer = await auth.handler(
    new Request(`${baseURL}/api/auth${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    }),
  );
  if (answer.status !== 200) throw new Error(`${path} answered ${answer.status}`);
  return answer.json();
}

function send(number, code) {
  const body = JSON.stringify({
    phoneNumber: number,
    templateId: TEMPLATE_ID,
    variables: { otp: code, appName: 'Acme', expiry: '5' },
  });
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/json', 'x-api-key': PROVIDER_KEY };
    const request = PROVIDER_URL.startsWith('https:') ? requestHttps : requestHttp;
    const call = request(`${PROVIDER_URL}/otp/send`, { method: 'POST', headers }, (response) => {
      response.resume().on('end', () => {
        if (response.statusCode === 201) resolve();
        else reject(new Error(`the provider answered ${response.statusCode}`));
      });
    });
    call.on('error', reject);
    call.end(body);
  });
}
