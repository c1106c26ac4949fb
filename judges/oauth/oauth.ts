/** Public OAuth clients of two other languages refresh and revoke sessions by discovery alone. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';
import { verifiedSchema } from '../../functions/http/answer-schemas.ts';
import { type LocalStack, startLocalStack } from '../../local/local-stack.ts';
import { call } from '../../test-kit/http.ts';
import { ask, codeFor, freshNumber } from '../../test-kit/sign-in.ts';
import { putControls } from '../../test-kit/stored-controls.ts';
import { runWell } from '../install/command.ts';
import { runGo } from '../install/go.ts';
import { pythonTools, versionOf } from '../install/python.ts';
import type { Verdict } from '../judge.ts';
import { type Mistake, withMistake } from '../mistaken-stack.ts';
import { decisions, ofAuthlib, ofGo } from './expected.ts';

interface Client {
  readonly name: string;
  readonly expected: Readonly<Record<string, string>>;
  /** Runs it, and gives what it printed. */
  readonly run: (input: string) => Promise<string>;
}

/** What one run saw, and what of it is wrong. */
interface Seen {
  readonly cases: number;
  readonly wrong: readonly string[];
}

const ofThisFolder = (name: string): string => join(import.meta.dirname, name);

async function signIn(stack: LocalStack, number: string): Promise<string> {
  const { requestId } = (await ask(stack, number)).json;
  const body = { requestId, code: codeFor(stack, number), session: {} };
  const { json } = await call(`${stack.apiUrl}/auth/verify-otp`, { body });
  return v.parse(verifiedSchema, json).refreshToken ?? '';
}

/** The sessions of a run: one of a number that is then denied, and one of a number that is not. */
async function tokensOf(stack: LocalStack): Promise<{ readonly good: string; readonly denied: string }> {
  await putControls(stack, {});
  await stack.pool('session').restart();
  const number = freshNumber();
  const [good, denied] = [await signIn(stack, freshNumber()), await signIn(stack, number)];
  await putControls(stack, { denied: [number] });
  await stack.pool('session').restart();
  return { good, denied };
}

const stepsSchema = v.array(v.tuple([v.string(), v.nullable(v.string())]));

async function see(stack: LocalStack, { name, expected, run }: Client, where: object): Promise<Seen> {
  const input = JSON.stringify({ client: 'doorcode-app', ...where, tokens: await tokensOf(stack) });
  const steps = v.parse(stepsSchema, JSON.parse(await run(input)));
  const seen = new Map(steps);
  const wrong = Object.entries(expected).flatMap(([step, right]) =>
    seen.get(step) === right ? [] : [`${name}, ${step}: ${seen.get(step) ?? 'nothing'}, not ${right}`],
  );
  const unexpected = steps.filter(([step]) => !Object.hasOwn(expected, step)).map(([step]) => step);
  if (unexpected.length > 0) throw new Error(`nobody says what is right at ${unexpected.join(', ')}`);
  return { cases: steps.length, wrong };
}

/** Each of them has to be found by itself. */
const mistakes: Readonly<Record<string, Mistake>> = {
  'discovery that names the revocation endpoint as the token endpoint': ({ status, members }, path) => ({
    status,
    members: path.startsWith('/.well-known/')
      ? { ...members, token_endpoint: members['revocation_endpoint'] }
      : members,
  }),
  'an answer without token_type': ({ status, members: { token_type: _, ...members } }) => ({
    status,
    members,
  }),
  'a refusal without error': ({ status, members: { error: _, ...members } }) => ({ status, members }),
};

/** Judges discovery, refresh and revocation. */
export async function judgeOauth(): Promise<Verdict> {
  const tools = await pythonTools('oauth');
  const authlib: Client = {
    name: 'Authlib',
    expected: ofAuthlib,
    run: (input) =>
      runWell(tools.command('python'), [ofThisFolder('client.py')], {
        input,
        // The local stack has no TLS.
        env: { AUTHLIB_INSECURE_TRANSPORT: '1' },
      }),
  };
  const go: Client = {
    name: 'x/oauth2',
    expected: ofGo,
    run: (input) => runGo('go-oauth2', readFileSync(ofThisFolder('client.go'), 'utf8'), { input }),
  };
  const [, ofX] = /golang\.org\/x\/oauth2 (v\S+)/.exec(
    readFileSync(ofThisFolder('../lists/go-oauth2/go.mod'), 'utf8'),
  ) ?? [''];
  const stack = await startLocalStack({ workers: 1 });
  try {
    const seen: Seen[] = [];
    for (const document of ['openid-configuration', 'oauth-authorization-server'])
      for (const client of [authlib, go])
        seen.push(await see(stack, client, { issuer: stack.apiUrl, document }));
    const found: string[] = [];
    for (const [what, mistake] of Object.entries(mistakes)) {
      const document = 'oauth-authorization-server';
      const { wrong } = await withMistake(stack.apiUrl, mistake, (issuer) =>
        see(stack, authlib, { issuer, document }),
      );
      if (wrong.length > 0) found.push(`${what}: ${wrong.length} steps, such as ${wrong[0]}`);
    }
    return {
      tool: `${await versionOf(tools, 'Authlib')}, golang.org/x/oauth2 ${ofX}`,
      given: 'the issuer, the client’s id and two refresh tokens, by either discovery document',
      cases: seen.reduce((sum, { cases }) => sum + cases, 0),
      findings: seen.flatMap(({ wrong }) => wrong),
      decisions,
      mistake: {
        what: Object.keys(mistakes).join('; '),
        found: found.length === Object.keys(mistakes).length ? found : [],
      },
    };
  } finally {
    await stack.stop();
  }
}
