/** The targets of the fuzz: each listener, with requests that would change or read something. */
import type { LocalStack } from '../../local/local-stack.ts';
import type { Page } from '../../local/page/page.ts';

export interface Place {
  readonly name: string;
  readonly url: string;
  /** Whether pages of other origins may ask, as they may ask the deployed API: then CORS says what they may read. */
  readonly isPublic: boolean;
  /** Paths that are there, and what would change something. */
  readonly paths: readonly string[];
  readonly wishes: readonly Wish[];
}

/** A request that would change or read something, if it came from somebody who may. */
interface Wish {
  readonly path: string;
  readonly headers: readonly string[];
  readonly body: string;
}

const wish = (path: string, body: object, ...headers: readonly string[]): Wish => ({
  path,
  headers,
  body: JSON.stringify(body),
});

/** An invalid signature with the access key id of an allowed caller. */
function forged(service: string): string {
  const scope = `20261126/ap-south-1/${service}/aws4_request`;
  return `Authorization: AWS4-HMAC-SHA256 Credential=LOCALoperator/${scope}, SignedHeaders=host;x-amz-date, Signature=${'0'.repeat(64)}`;
}

/** Every listener of the stack that can be known. */
export function placesOf(stack: LocalStack, page: Page, phoneNumber: string): readonly Place[] {
  const arnOf = (id: string): string =>
    stack.deployment.secrets.find(({ logicalId }) => logicalId.startsWith(id))?.arn ?? '';
  const rotation = stack.deployment.functions.find(({ name }) => name === 'rotate-signing-key')?.arn ?? '';
  const control = [
    wish('/control', { balance: 0 }),
    wish('/control', { fault: { name: '500' } }),
    wish('/control', { addKey: { key: 'mine', label: 'mine' } }),
    wish('/otp/send', { phoneNumber }),
  ];
  const api = {
    name: 'API',
    url: stack.apiUrl,
    isPublic: true,
    paths: ['/auth/request-otp', '/auth/verify-otp', '/.well-known/jwks.json'],
    wishes: [
      wish('/auth/request-otp', { phoneNumber }),
      wish('/auth/verify-otp', { requestId: 'A'.repeat(63), code: '123456' }),
    ],
  };
  const amz = (target: string): readonly string[] => [
    `X-Amz-Target: ${target}`,
    'X-Amz-Date: 20261126T000000Z',
  ];
  return [
    api,
    { ...api, name: 'API over IPv6', url: stack.apiUrlIpv6 ?? stack.apiUrl },
    {
      name: 'page',
      url: page.url,
      isPublic: false,
      paths: ['/', '/page.js', '/inbox.json', '/control', '/clock', '/decisions', ...api.paths],
      wishes: [wish('/clock', { forwardSeconds: 3600 }), ...control, ...api.wishes],
    },
    {
      name: 'inbox',
      url: stack.provider.url,
      isPublic: false,
      paths: ['/', '/inbox.json', '/inbox/latest-code', '/control', '/wallet', '/messages/x', '/otp/send'],
      wishes: control,
    },
    {
      name: 'AWS endpoint',
      url: stack.awsUrl,
      isPublic: false,
      paths: ['/'],
      wishes: [
        wish('/', { SecretId: arnOf('ControlsSecret') }, ...amz('secretsmanager.GetSecretValue')),
        wish(
          '/',
          { SecretId: arnOf('SmsSecret'), SecretString: 'x' },
          ...amz('secretsmanager.PutSecretValue'),
        ),
        wish(
          '/',
          { SecretId: arnOf('CodeSecret') },
          ...amz('secretsmanager.RotateSecret'),
          forged('secretsmanager'),
        ),
        wish(
          '/',
          { TableName: stack.deployment.table.name },
          ...amz('DynamoDB_20120810.Scan'),
          forged('dynamodb'),
        ),
      ],
    },
    {
      name: 'Lambda endpoint',
      url: stack.lambdaUrl,
      isPublic: false,
      paths: [`/2015-03-31/functions/${encodeURIComponent(rotation)}/invocations`],
      wishes: [[], [forged('lambda'), 'X-Amz-Date: 20261126T000000Z']].map((headers) =>
        wish(
          `/2015-03-31/functions/${encodeURIComponent(rotation)}/invocations`,
          { Step: 'replaceNow', SecretId: arnOf('SigningSecret'), ClientRequestToken: 'x'.repeat(36) },
          ...headers,
        ),
      ),
    },
  ];
}
