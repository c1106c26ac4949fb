import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, CfnDeletionPolicy } from 'aws-cdk-lib';
import { CfnSecret } from 'aws-cdk-lib/aws-secretsmanager';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { DoorcodeStack } from '../../lib/doorcode-stack.ts';
import { releasedSecrets, releaseFile } from '../../lib/released-secrets.ts';
import { keptByDeletion, keptByFailedCreation, lossesOf } from '../../local/replacements.ts';
import { templateSchema } from '../../local/template.ts';
import { doorcodeTemplate, logicalIds } from './doorcode-template.ts';

const released = v.parse(templateSchema, JSON.parse(readFileSync(releaseFile, 'utf8')));
const now = v.parse(templateSchema, doorcodeTemplate().toJSON());
const type = 'AWS::SecretsManager::Secret';

/** Synthesises a stack after `change`, as an adopter or a later release might make it. */
function synthAfter(change: (stack: DoorcodeStack) => void): void {
  const app = new App({
    outdir: join(tmpdir(), `doorcode-released-${process.pid}`),
    builtinCloudFormationValidation: false,
    analyticsReporting: false,
  });
  const stack = new DoorcodeStack(app, 'Doorcode', { appName: 'Doorcode', audience: 'doorcode-app' });
  change(stack);
  app.synth();
}

function secretOf({ doorcode }: DoorcodeStack, id: string): CfnSecret {
  const found = doorcode.node.findChild(id);
  if (found instanceof CfnSecret) return found;
  throw new Error(`no secret ${id}`);
}

describe('against the template of the last release', () => {
  it('nothing with state would be lost, replaced or written anew', () => {
    expect(lossesOf(released, now)).toEqual([]);
  });

  it('no secret differs, to the byte', () => {
    const text = (secrets: object) => JSON.stringify(Object.entries(secrets).sort(), undefined, 1);
    const before = releasedSecrets();
    const present = doorcodeTemplate().findResources(type);
    const ofRelease = Object.entries(released.Resources).filter(([, { Type }]) => Type === type);
    expect(Object.keys(before).toSorted()).toEqual(ofRelease.map(([id]) => id).toSorted());
    // The first release has five, and none ever goes.
    expect(ofRelease.length).toBeGreaterThanOrEqual(5);
    const same = Object.fromEntries(Object.entries(present).filter(([id]) => id in before));
    expect(text(same)).toBe(text(before));
  });

  it.each<[string, (stack: DoorcodeStack) => void, RegExp]>([
    [
      'another description',
      (stack) => {
        secretOf(stack, 'SigningSecret').description = 'Doorcode: the keys.';
      },
      /SigningSecret differs from the last release/,
    ],
    [
      'a tag by an escape hatch',
      (stack) => secretOf(stack, 'CodeSecret').addPropertyOverride('Tags', [{ Key: 'team', Value: 'x' }]),
      /CodeSecret differs/,
    ],
    [
      'another generator',
      (stack) =>
        secretOf(stack, 'IdentitySecret').addPropertyOverride('GenerateSecretString.PasswordLength', 65),
      /IdentitySecret differs/,
    ],
    [
      'another deletion policy',
      (stack) => {
        secretOf(stack, 'IdentitySecret').cfnOptions.deletionPolicy = CfnDeletionPolicy.DELETE;
      },
      /IdentitySecret differs/,
    ],
    [
      'another logical id',
      (stack) => secretOf(stack, 'ControlsSecret').overrideLogicalId('Controls'),
      /ControlsSecret is missing/,
    ],
    [
      'no such secret',
      ({ doorcode }) => void doorcode.node.tryRemoveChild('SmsSecret'),
      /SmsSecret is missing/,
    ],
  ])('a synth fails for %s', (_, change, expected) => {
    expect(() => synthAfter(change)).toThrow(expected);
  });

  it('a new secret may come', () => {
    expect(() => synthAfter((stack) => new CfnSecret(stack, 'Another', {}))).not.toThrow();
  });

  it('no setting changes a secret', () => {
    const others = doorcodeTemplate({
      stackName: 'Login',
      signingKeyRotationDays: 7,
      testNumbersUntil: '2099-12-31',
      deploymentRoleArn: 'arn:aws:iam::123456789012:role/deployer',
      tags: { team: 'identity' },
    });
    expect(others.findResources(type)).toEqual(doorcodeTemplate().findResources(type));
    expect(logicalIds(others, type)).toHaveLength(6);
    const off = doorcodeTemplate({ sessions: 'off' }).findResources(type);
    const { SessionSecret: _, ...without } = doorcodeTemplate().findResources(type);
    expect(off).toEqual(without);
  });
});

describe('what stays', () => {
  it('of a first deployment that failed is the table alone, which has nothing in it', () => {
    expect(keptByFailedCreation(now)).toEqual(['Table']);
  });

  it('of a stack that was deleted is the table, every secret and every log', () => {
    const types = keptByDeletion(now).map((id) => now.Resources[id]?.Type);
    expect(types.filter((kept) => kept === 'AWS::DynamoDB::Table')).toHaveLength(1);
    expect(types.filter((kept) => kept === type)).toHaveLength(6);
    expect(types.filter((kept) => kept === 'AWS::Logs::LogGroup')).toHaveLength(
      logicalIds(doorcodeTemplate(), 'AWS::Logs::LogGroup').length,
    );
    expect(new Set(types).size).toBe(3);
  });
});
