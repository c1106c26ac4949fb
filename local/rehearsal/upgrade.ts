/**
 * An upgrade from the last release: its package is deployed, people sign in and have codes under way, and then this
 * version is deployed over it. What they hold goes on working, and no limit starts anew. Then the release is deployed
 * again, as a person does who goes back.
 */
import type { DoorcodeStackProps } from '../../lib/doorcode-stack-props.ts';
import { storeProviderKey } from '../first-start.ts';
import type { LocalStack } from '../local-stack.ts';
import { lossesOf } from '../replacements.ts';
import type { Synthesise } from '../synthesiser.ts';
import { askForCode, refresh, typeCode, verifyCode, verifyToken } from '../visitor.ts';
import { expectEqual, kidsOf, type Step } from './step.ts';

/** Settings under which nothing ends by itself while a slow machine deploys. */
export const upgradeSettings = {
  sendLimits: [{ count: 1, windowSeconds: 600 }],
  codeLifetimeSeconds: 600,
} satisfies Partial<DoorcodeStackProps>;

/** Each has one thing under way when the upgrade comes. */
const numbers = { signedIn: '+919000000011', asking: '+919000000012', goingBack: '+919000000013' } as const;

/** What people hold of the release. */
interface Held {
  template?: LocalStack['deployment']['template'];
  kids?: readonly string[];
  token?: string;
  subject?: string | undefined;
  deviceToken?: string;
  /** Where the release has sessions. */
  refreshToken?: string;
  requestId?: string;
}

/** The steps of a stack that was deployed from the release `version`, which synthesises with `synthesise`. */
export function upgradeOf(stack: LocalStack, version: string, synthesise: Synthesise): readonly Step[] {
  const held: Held = {};
  return [
    [
      `release ${version}, from its package, signs a user in, and sends another one a code`,
      async () => {
        await storeProviderKey(stack.deployment, stack);
        held.template = stack.deployment.template;
        held.kids = await kidsOf(stack);
        const asked = await askForCode(stack, numbers.signedIn);
        expectEqual('request-otp', asked.status, 202);
        const answer = await verifyCode(stack, {
          requestId: asked.json.requestId,
          phoneNumber: numbers.signedIn,
          // A release without sessions would refuse the member.
          ...(hasSessions(stack) && { session: {} }),
        });
        expectEqual('a session', typeof answer.refreshToken === 'string', hasSessions(stack));
        held.token = answer.accessToken;
        held.refreshToken = answer.refreshToken;
        held.deviceToken = answer.deviceToken;
        held.subject = (await verifyToken(stack.apiUrl, answer.accessToken)).sub;
        const { status, json } = await askForCode(stack, numbers.asking);
        expectEqual('request-otp', status, 202);
        held.requestId = json.requestId;
      },
    ],
    [
      'the upgrade to this version loses nothing that has state',
      async () => {
        await stack.update();
        const before = held.template;
        if (before === undefined) throw new Error('expected the template of the release');
        expectEqual('losses', lossesOf(before, stack.deployment.template), []);
        expectEqual('signing keys', await kidsOf(stack), held.kids);
      },
    ],
    [
      'a code that the release sent works and starts a session, a token that it signed is verified, and a session that it began goes on',
      async () => {
        const { requestId = '', token = '' } = held;
        const asked = { requestId, phoneNumber: numbers.asking, session: { label: 'upgraded' } };
        const { accessToken, refreshToken } = await verifyCode(stack, asked);
        await verifyToken(stack.apiUrl, accessToken);
        for (const begun of [refreshToken, ...(held.refreshToken === undefined ? [] : [held.refreshToken])]) {
          const refreshed = await refresh(stack, begun);
          expectEqual('token', refreshed.status, 200);
          await verifyToken(stack.apiUrl, refreshed.json.access_token);
        }
        expectEqual('sub', (await verifyToken(stack.apiUrl, token)).sub, held.subject);
      },
    ],
    [
      'no limit starts anew: the number waits as before, and its device, which the release remembered, need not',
      async () => {
        const stranger = await askForCode(stack, numbers.signedIn);
        expectEqual(
          'a stranger',
          [stranger.status, stranger.json.type],
          [429, 'urn:doorcode:too-many-requests'],
        );
        const device = await askForCode(stack, numbers.signedIn, held.deviceToken);
        expectEqual('the device', device.status, 202);
        const token = await typeCode(stack, {
          requestId: device.json.requestId,
          phoneNumber: numbers.signedIn,
        });
        expectEqual('sub', (await verifyToken(stack.apiUrl, token)).sub, held.subject);
      },
    ],
    [
      'whoever goes back to the release loses nothing either, and a code that this version sent works',
      async () => {
        const asked = await askForCode(stack, numbers.goingBack);
        const before = stack.deployment.template;
        await stack.update({ synthesise });
        const kept = lossesOf(before, stack.deployment.template).filter((loss) => !isNew(held, loss));
        expectEqual('losses', kept, []);
        const token = await typeCode(stack, {
          requestId: asked.json.requestId,
          phoneNumber: numbers.goingBack,
        });
        await verifyToken(stack.apiUrl, token);
        expectEqual('signing keys', await kidsOf(stack), held.kids);
      },
    ],
  ];
}

function hasSessions({ deployment }: LocalStack): boolean {
  return deployment.routes.some(({ routeKey }) => routeKey === 'POST /auth/token');
}

/** Whether a loss is of a resource that the release did not have: going back takes away what the upgrade brought. */
function isNew({ template }: Held, loss: string): boolean {
  const [id = ''] = loss.split(' ');
  return template?.Resources[id] === undefined;
}
