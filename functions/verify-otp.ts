/** Entry of the function behind `POST /auth/verify-otp`: wiring only. The flow is `otp/verify-otp.ts`. */
import middy from '@middy/core';
import { cacheSecret } from './adapters/cached-secret.ts';
import { openChallengeStore, storePolicy } from './adapters/challenge-store.ts';
import {
  connectSecretsManager,
  readCodeKeys,
  readIdentityKeys,
  readSigningKeySet,
} from './adapters/secrets.ts';
import { importingSigners } from './adapters/signers.ts';
import { openTable } from './adapters/table.ts';
import type { Answer } from './http/answer.ts';
import { epochSeconds as now } from './http/clock.ts';
import { withDeadline } from './http/deadline.ts';
import { faults } from './http/faults.ts';
import { readGatewayRequest } from './http/gateway-request.ts';
import { parseJsonBody } from './http/json-body.ts';
import { parsedVariable, prepared, variable } from './http/prepared.ts';
import { logVerifyOtp, tokenAnswer, verifyOtpRefusal, verifyOtpSchema } from './http/verify-otp-endpoint.ts';
import { parseSettings } from './otp/settings.ts';
import { Unavailable } from './otp/unavailable.ts';
import { verifyOtp } from './otp/verify-otp.ts';
import { signAccessToken } from './tokens/access-token.ts';

const world = prepared(() => {
  const client = connectSecretsManager();
  const secret = (name: string) => ({ client, name, arn: variable(name) });
  const settings = parsedVariable('SETTINGS', (text) => parseSettings(JSON.parse(text)));
  const signing = secret('SIGNING_SECRET_ARN');
  return {
    settings,
    issuer: variable('ISSUER'),
    policy: storePolicy(settings),
    table: openTable(variable('TABLE_NAME')),
    identity: cacheSecret(() => readIdentityKeys(secret('IDENTITY_SECRET_ARN')), now),
    codeKeys: cacheSecret(() => readCodeKeys(secret('CODE_SECRET_ARN')), now),
    signerAt: cacheSecret(
      importingSigners(signing.name, () => readSigningKeySet(signing)),
      now,
    ),
  };
});

export const handler = middy<unknown, Answer>()
  .use(faults('verify-otp'))
  .handler((event) =>
    withDeadline(async ({ signal }) => {
      const { settings, issuer, policy, table, ...secrets } = world();
      const request = readGatewayRequest(event);
      const parsed = parseJsonBody(request, verifyOtpSchema);
      if (parsed.tag === 'refused') return parsed.answer;
      const [identity, codeKeys, signerAt] = await Promise.all([
        secrets.identity.get(),
        secrets.codeKeys.get(),
        secrets.signerAt.get(),
      ]);
      const signer = await signerAt(now());
      if (signer === undefined) throw new Unavailable('SIGNING_SECRET_ARN', 'empty');
      const outcome = await verifyOtp(
        {
          settings,
          now,
          identity,
          codeKey: (version) => codeKeys.byVersion.get(version),
          store: openChallengeStore(table, policy, signal),
        },
        { ...parsed.input, idempotencyKey: parsed.idempotencyKey },
      );
      logVerifyOtp(outcome, request.id);
      if (outcome.tag !== 'verified') return verifyOtpRefusal(outcome, request.id);
      const { jwt, expiresAt } = await signAccessToken(signer, outcome, { settings, issuer, identity });
      return tokenAnswer({ jwt, expiresInSeconds: expiresAt - now() });
    }),
  );
