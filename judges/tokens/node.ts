/** jose, by the recipe for Node. */
import * as jose from 'jose';
import manifest from '../../package.json' with { type: 'json' };
import { recipe } from './recipes.ts';
import type { Verifier } from './verifier.ts';

type Middleware = (request: object, response: object, next: () => void) => Promise<unknown>;

/** Runs the recipe in this process, in place of an Express app. */
export const joseOfNode: Verifier = async ({ issuer, tokens, change = String }) => {
  const [imports = '', ...code] = change(recipe('Node', 'ts')).split('\n');
  if (imports !== "import { createRemoteJWKSet, jwtVerify } from 'jose';") throw new Error(imports);
  let middleware: Middleware = async () => undefined;
  const use = (given: Middleware): void => {
    middleware = given;
  };
  const recipeOf = new Function('createRemoteJWKSet', 'jwtVerify', 'issuer', 'app', code.join('\n'));
  recipeOf(jose.createRemoteJWKSet, jose.jwtVerify, issuer, { use });
  const answers: string[] = [];
  for (const token of await tokens()) {
    let answer = 'no answer';
    const sendStatus = (status: number): void => {
      answer = `no ${status}`;
    };
    const request = { headers: { authorization: `Bearer ${token}` } };
    await middleware(request, { locals: {}, sendStatus }, () => {
      answer = 'ok';
    });
    answers.push(answer);
  }
  return { tool: `jose ${manifest.dependencies.jose}`, answers };
};
