/** Verifiers of five libraries, each by the recipe of docs/verify-tokens.md as it stands there. */
import { createServer } from 'node:http';
import { close, listen } from '../../local/listen.ts';
import type { Verdict } from '../judge.ts';
import { drawKeys, type Given, makeTokens } from './given.ts';
import { goJwt } from './go.ts';
import { joseOfNode } from './node.ts';
import { pyJwt } from './python.ts';
import { before65, spring } from './spring.ts';
import type { Verified, Verifier } from './verifier.ts';

const verifiers: Readonly<Record<string, Verifier>> = {
  Python: pyJwt,
  Go: goJwt,
  Node: joseOfNode,
  Spring: spring,
  'Spring before 6.5': (asked) => spring({ ...asked, change: before65 }),
};

/** The answers that are wrong: a good token refused, or a forged one let through. */
function wrongAnswers(name: string, tokens: readonly Given[], { answers }: Verified): readonly string[] {
  if (answers.length !== tokens.length)
    return [`${name} gave ${answers.length} answers to ${tokens.length} tokens`];
  return tokens.flatMap(({ name: token, isGood }, at) => {
    const answer = answers[at] ?? '';
    return answer.startsWith('ok') === isGood ? [] : [`${name}, ${token}: ${answer}`];
  });
}

/** Runs `work` while an issuer on this machine publishes `jwks`. */
async function withIssuer<T>(jwks: string, work: (issuer: string) => Promise<T>): Promise<T> {
  const server = createServer((request, response) => {
    const isKeySet = request.url === '/.well-known/jwks.json';
    response
      .writeHead(isKeySet ? 200 : 404, { 'content-type': 'application/json' })
      .end(isKeySet ? jwks : '{}');
  });
  const issuer = `http://127.0.0.1:${await listen(server, { port: 0 })}`;
  try {
    return await work(issuer);
  } finally {
    server.closeAllConnections();
    await close(server);
  }
}

/** Gives every token to every verifier. */
export async function judgeTokens(): Promise<Verdict> {
  const keys = await drawKeys();
  return withIssuer(keys.jwks, async (issuer) => {
    const wrongOf = async (name: string, verifier: Verifier, change?: (recipe: string) => string) => {
      let given: readonly Given[] = [];
      const tokens = async (): Promise<readonly string[]> => {
        given = await makeTokens(keys, issuer);
        return given.map(({ token }) => token);
      };
      const verified = await verifier({ issuer, tokens, ...(change && { change }) });
      return { given, tool: verified.tool, wrong: wrongAnswers(name, given, verified) };
    };
    const seen: Awaited<ReturnType<typeof wrongOf>>[] = [];
    for (const [name, verifier] of Object.entries(verifiers)) seen.push(await wrongOf(name, verifier));
    const lax = await wrongOf('Python', pyJwt, (code) =>
      code.replace('="my-app"', '=["my-app", "your-app"]'),
    );
    const good = lax.given.filter(({ isGood }) => isGood).length;
    return {
      tool: [...new Set(seen.map(({ tool }) => tool))].join(', '),
      given: `${good} good tokens, two of them by a clock that is 30 s off, and ${lax.given.length - good} forged ones, to each of ${seen.length} recipes`,
      cases: seen.reduce((sum, { given }) => sum + given.length, 0),
      findings: seen.flatMap(({ wrong }) => wrong),
      decisions: [],
      mistake: { what: 'a recipe that takes another audience, too', found: lax.wrong },
    };
  });
}
