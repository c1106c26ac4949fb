/**
 * The secrets. A template never has a value that opens anything. Secrets Manager generates three, the security team stores
 * the provider key, and the rotation function creates the signing keys.
 *
 * Each resource is a contract, down to its description. A synth fails when one differs from the last release
 * (`released-secrets.ts`). With another id it is another secret. With another generator or literal CloudFormation writes a
 * new version. For any other change CloudFormation calls UpdateSecret and GetSecretValue, which the secrets' own policies
 * deny, so the deployment fails. A new identity secret would give every user another `sub`, forget every limit and
 * invalidate every `requestId`. An empty signing set would stop every sign-in. So AWS keeps all secrets when the stack is
 * deleted, whatever its removal policy says. Only a failed first deployment removes its own.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-secretsmanager-secret.html
 */
import { RemovalPolicy, Validations } from 'aws-cdk-lib';
import { CfnSecret, type CfnSecretProps } from 'aws-cdk-lib/aws-secretsmanager';
import type { Construct } from 'constructs';
import { noProviderKey } from '../functions/secrets/provider-key-format.ts';
import type { Settings } from '../functions/settings/settings.ts';
import type { ExistingSecrets } from './settings/deployment-settings.ts';

/** 64 of 62 characters: 381 bits. */
const generator: CfnSecret.GenerateSecretStringProperty = { passwordLength: 64, excludePunctuation: true };

/** A secret of this stack or of an earlier one. */
export interface Secret {
  /** Its ARN. */
  readonly ref: string;
}

/** The secrets, by what they are for. */
export interface Secrets {
  /** Derives indexes, seals and subjects. It must never change. */
  readonly identity: Secret;
  /** Hashes the codes; rotates. */
  readonly code: Secret;
  /** The StartMessaging key. It holds a placeholder until the security team stores one. */
  readonly sms: Secret;
  /** The set of signing keys; starts with none. */
  readonly signing: Secret;
  /** The controls: kill switch, denied numbers, test numbers; starts with none. */
  readonly controls: Secret;
  /** Makes the authenticators of refresh tokens; rotates. Undefined where sessions are off. */
  readonly session: Secret | undefined;
}

/** Their logical ids, which the commands use as well. */
export const secretIds = {
  identity: 'IdentitySecret',
  code: 'CodeSecret',
  sms: 'SmsSecret',
  signing: 'SigningSecret',
  controls: 'ControlsSecret',
  session: 'SessionSecret',
} as const satisfies Readonly<Record<keyof Secrets, string>>;

const properties: Readonly<Record<keyof Secrets, CfnSecretProps>> = {
  identity: {
    description:
      'Doorcode: derives indexes, seals and subjects. Never replace it: every user would be renamed.',
    generateSecretString: generator,
  },
  code: { description: 'Doorcode: hashes the one-time codes.', generateSecretString: generator },
  sms: {
    description: 'Doorcode: the StartMessaging key, put here by the security team.',
    // This value gives the secret an AWSCURRENT before its rotation is attached. Never change it.
    secretString: noProviderKey,
  },
  signing: {
    description: 'Doorcode: the set of signing keys, written by the rotation function alone.',
    // An empty set, so that AWSCURRENT exists and the first rotation runs like every other one. Never change it.
    secretString: '{"keys":[]}',
  },
  controls: {
    description: 'Doorcode: kill switch, denied numbers and test numbers, changed by npm run controls.',
    // Empty controls. Never change this: CloudFormation would overwrite the controls that people have set.
    secretString: '{}',
  },
  session: {
    description: 'Doorcode: makes the authenticators of refresh tokens.',
    generateSecretString: generator,
  },
};

/** Why some of them have no rotation by the calendar. */
const notRotated: Partial<Readonly<Record<keyof Secrets, string>>> = {
  identity: 'Rotating it would rename every user, forget every limit and break live requests.',
  sms: 'The provider makes keys in its dashboard only: its rotation runs when the security team starts it, not by a calendar.',
  controls: 'It holds decisions of people and no credential, so there is nothing to rotate.',
};

/** Creates the secrets that are needed and do not exist yet, directly in `scope`, so that their logical ids are exactly these words. */
export function createSecrets(
  scope: Construct,
  existing: ExistingSecrets,
  { sessions }: Pick<Settings, 'sessions'>,
): Secrets {
  const secret = (name: keyof Secrets): Secret => {
    const arn = existing[name];
    return arn === undefined ? createSecret(scope, name) : { ref: arn };
  };
  return {
    identity: secret('identity'),
    code: secret('code'),
    sms: secret('sms'),
    signing: secret('signing'),
    controls: secret('controls'),
    session: sessions === 'off' ? undefined : secret('session'),
  };
}

function createSecret(scope: Construct, name: keyof Secrets): CfnSecret {
  const secret = new CfnSecret(scope, secretIds[name], properties[name]);
  secret.applyRemovalPolicy(RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE);
  // Tags.of(stack).add() must not reach the secrets, because a tag that somebody adds later would be a change.
  secret.addPropertyDeletionOverride('Tags');
  const reason = notRotated[name];
  if (reason !== undefined)
    Validations.of(secret).acknowledge({ id: 'AwsSolutions::AwsSolutions-SMG4', reason });
  return secret;
}
