/** All that a request could change in a local stack, and all that it must not give away. */
import type { LocalStack } from '../../local/local-stack.ts';
import type { Page } from '../../local/page/page.ts';
import { call } from '../../test-kit/http.ts';
import { storedItems } from '../../test-kit/stored.ts';

const labels = ['AWSCURRENT', 'AWSPREVIOUS', 'AWSPENDING'];

/** The state, to be compared as a whole. */
export async function stateOf(stack: LocalStack, page: Page): Promise<unknown> {
  const items = await storedItems(stack);
  const control = (await call(`${stack.provider.url}/control`)).json;
  const clock = (await call(`${page.url}/clock`)).json;
  const sends = [...stack.provider.sends];
  return { items, secrets: await secretValues(stack), control, clock, sends };
}

/** Each value of each secret, by its name and label. */
async function secretValues({ deployment, secretsManager }: LocalStack): Promise<readonly string[]> {
  const wanted = deployment.secrets.flatMap(({ arn }) => labels.map((label) => ({ arn, label })));
  return Promise.all(
    wanted.map(async ({ arn: SecretId, label: VersionStage }) => {
      const answer = await secretsManager
        .call('GetSecretValue', { SecretId, VersionStage })
        .catch(() => ({ SecretString: '' }));
      return String(Object(answer).SecretString);
    }),
  );
}

/** What no page of another origin may see: secrets, and the number and text of an SMS. */
export async function canariesOf(stack: LocalStack, phoneNumber: string): Promise<readonly string[]> {
  const values = await secretValues(stack);
  const keys = values.flatMap((value) => [...value.matchAll(/"d":"([^"]+)"/g)].map(([, d = '']) => d));
  const texts = stack.provider.sends.map(({ text }) => text);
  return [...values, ...keys, ...texts, phoneNumber].filter((canary) => canary.length > 8);
}
