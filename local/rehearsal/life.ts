/**
 * A deployment from its first signing key to its end: the first SMS, updates, tags, and the deletion. It is long
 * because it is a list.
 */
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { App, Tags } from 'aws-cdk-lib';
import * as v from 'valibot';
import { DoorcodeStack } from '../../lib/doorcode-stack.ts';
import { synthesise } from '../../lib/synthesise.ts';
import { storeProviderKey } from '../first-start.ts';
import type { LocalStack } from '../local-stack.ts';
import { keptByDeletion, lossesOf } from '../replacements.ts';
import { deploymentRoleArn } from '../secret-updates.ts';
import { templateSchema } from '../template.ts';
import { askForCode, refresh, typeCode, verifyCode, verifyToken } from '../visitor.ts';
import { expectEqual, expectFailure, kidsOf, phoneNumbers, type Seen, type Step, signInAt } from './step.ts';

/** The settings that a second deployment changes. */
const otherSettings = {
  codeLifetimeSeconds: 240,
  sendsPerDay: 20_000,
  tokenLifetimeSeconds: 1800,
  allowedOrigins: ['https://app.example.com'],
  signingKeyRotationDays: 30,
};

const settings = { appName: 'Doorcode', audience: 'doorcode-app', env: { region: 'ap-south-1' } };

/** The steps of a stack from its first key to its end. */
export function lifeOf(stack: LocalStack, directory: string, seen: Seen): readonly Step[] {
  const first = stack.deployment.template;
  const kids = (): Promise<readonly string[]> => kidsOf(stack);
  const signIn = (phoneNumber: string): Promise<string> => signInAt(stack, phoneNumber);
  return [
    [
      'every check of a synth passes',
      async () => {
        const stacks = { Doorcode: settings, Changed: { ...settings, ...otherSettings } };
        const assembly = synthesise({ outdir: join(directory, 'checked'), stacks });
        const { Resources } = v.parse(templateSchema, assembly.getStackByName('Doorcode').template);
        const ids = [...new Set([...Object.keys(first.Resources), ...Object.keys(Resources)])];
        const differing = ids.filter((id) => !isDeepStrictEqual(Resources[id], first.Resources[id]));
        expectEqual('resources that differ from synth to synth', differing, []);
      },
    ],
    [
      'the rotation function made the first signing key, and it is published',
      async () => {
        seen.kids = await kids();
        expectEqual('signing keys', seen.kids.length, 1);
      },
    ],
    [
      'without a provider key nothing is sent, and the app is told to come back',
      async () => {
        const { status, json } = await askForCode(stack, phoneNumbers[0]);
        expectEqual('request-otp', [status, json.type], [503, 'urn:doorcode:temporarily-unavailable']);
        expectEqual('SMS', stack.provider.sends.length, 0);
      },
    ],
    [
      'the security team stores the key, and nothing is restarted',
      async () => {
        await storeProviderKey(stack.deployment, stack);
      },
    ],
    [
      'first send, first verify; a verifier that knows the issuer alone accepts the token',
      async () => {
        const { sub, iss } = await verifyToken(stack.apiUrl, await signIn(phoneNumbers[0]));
        expectEqual('iss', iss, stack.apiUrl);
        seen.subject = sub;
      },
    ],
    [
      'an update that changes nothing changes nothing, and a code from before it works',
      async () => {
        const asked = await askForCode(stack, phoneNumbers[1]);
        await stack.update();
        const token = await typeCode(stack, {
          requestId: asked.json.requestId,
          phoneNumber: phoneNumbers[1],
        });
        await verifyToken(stack.apiUrl, token);
        expectEqual('signing keys', await kids(), seen.kids);
      },
    ],
    [
      'an update of the settings loses nothing, and a code from before it works',
      async () => {
        const asked = await askForCode(stack, phoneNumbers[2]);
        await stack.update({ settings: otherSettings });
        expectEqual('losses', lossesOf(first, stack.deployment.template), []);
        const token = await typeCode(stack, {
          requestId: asked.json.requestId,
          phoneNumber: phoneNumbers[2],
        });
        const { exp = 0, iat = 0 } = await verifyToken(stack.apiUrl, token);
        expectEqual('the new lifetime', exp - iat, otherSettings.tokenLifetimeSeconds);
        expectEqual('signing keys', await kids(), seen.kids);
      },
    ],
    [
      'a session that began before an update goes on after it',
      async () => {
        const phoneNumber = phoneNumbers[3];
        const asked = await askForCode(stack, phoneNumber);
        const begun = await verifyCode(stack, { requestId: asked.json.requestId, phoneNumber, session: {} });
        await stack.update({ settings: otherSettings });
        const { status, json } = await refresh(stack, begun.refreshToken);
        expectEqual('a refresh', status, 200);
        const { sub } = await verifyToken(stack.apiUrl, json.access_token);
        expectEqual('sub', sub, (await verifyToken(stack.apiUrl, begun.accessToken)).sub);
      },
    ],
    [
      'a user keeps their sub over the updates',
      async () => {
        for (const name of ['request-otp', 'verify-otp']) stack.pool(name).shiftClock(31);
        const { sub } = await verifyToken(stack.apiUrl, await signIn(phoneNumbers[0]));
        expectEqual('sub', sub, seen.subject);
      },
    ],
    [
      'tags that are added later reach no secret, and everything else',
      async () => {
        const app = new App({ outdir: join(directory, 'tagged'), analyticsReporting: false });
        const tagged = new DoorcodeStack(app, 'Doorcode', { ...settings, ...otherSettings });
        Tags.of(app).add('team', 'identity');
        Tags.of(tagged).add('cost-center', '42');
        const artifact = app.synth().getStackByName('Doorcode');
        expectEqual('tags of the stack', artifact.tags, {});
        const template = v.parse(templateSchema, artifact.template);
        expectEqual('losses', lossesOf(stack.deployment.template, template), []);
        const tags = JSON.stringify(template.Resources['Table']?.Properties['Tags']);
        expectEqual('the table has them', tags.includes('cost-center'), true);
      },
    ],
    [
      'tags of the stack itself stop the synth; given to the CLI, they would stop at the policies, and nothing is changed',
      async () => {
        const tags = { team: 'identity' };
        await expectFailure(
          'a synth with tags',
          () => stack.update({ settings: { tags } }),
          'tags: expected none',
        );
        await expectFailure('cdk deploy --tags', () => stack.update({ stackTags: tags }), 'UPDATE_FAILED');
        const { sub } = await verifyToken(stack.apiUrl, await signIn(phoneNumbers[1]));
        expectEqual('a sub', typeof sub, 'string');
      },
    ],
    [
      'whoever must tag the stack lets the role of deployments through first, and then the tags pass',
      async () => {
        const roles = { deploymentRoleArn: deploymentRoleArn(settings.env.region) };
        const changed = { ...otherSettings, ...roles };
        await stack.update({ settings: changed });
        await stack.update({ settings: { ...changed, tags: { team: 'identity' } } });
        expectEqual('signing keys', await kids(), seen.kids);
      },
    ],
    [
      'the stack is destroyed: table, secrets and logs stay, and everything else goes',
      async () => {
        const { Resources } = stack.deployment.template;
        const types = keptByDeletion(stack.deployment.template).map((id) => Resources[id]?.Type ?? '');
        const kept = [...new Set(types)].sort();
        expectEqual('what stays', kept, [
          'AWS::DynamoDB::Table',
          'AWS::Logs::LogGroup',
          'AWS::SecretsManager::Secret',
        ]);
        await stack.destroy();
      },
    ],
  ];
}
