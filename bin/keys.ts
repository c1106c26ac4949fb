/**
 * `npm run keys`: the security team's command. It shows the versions of each secret and what is safe to do next, and it
 * starts rotations. It reads no secret's value, so it cannot print one. It asks before it does anything that it cannot undo.
 */
import { Advice } from '../terminal/advice.ts';
import { confirm } from './command/confirm.ts';
import { readUnseen } from './command/read-unseen.ts';
import { commonOptions, commonUsage, connect, readArguments, run } from './command/run.ts';
import { storeCandidate } from './keys/candidate.ts';
import { type KeysDeployment, openKeys } from './keys/keys-deployment.ts';
import { revocation } from './keys/provider-key-versions.ts';
import { invokeStep, rotate } from './keys/rotation.ts';
import { publishedKids, readProviderKey, status } from './keys/status.ts';

const usage = `npm run keys -- [options] <command>
  status               versions, ages, last uses, and what to do next
  store-candidate      stores the next key under its own label, from a pipe or typed without being shown
    --make             … with --local: creates one in the local provider, as its dashboard would
  test                 tries the candidate with the provider; sends no SMS
  promote              makes the candidate the current key, if the provider accepts it
  revoke-check         exit status 0: you can revoke the old key in the dashboard; 1: not yet
  rotate-signing       creates the next signing key, which signs once every cache has read it
    --now              … signs at once: verifiers refuse its tokens until they read the new keys, up to 2 hours
    --withdraw=KID     … and withdraws this key: verifiers stop accepting its tokens
  rotate-code-secret   creates the next key for codes; codes already sent still work

${commonUsage}`;

const options = {
  ...commonOptions,
  now: { type: 'boolean', default: false },
  make: { type: 'boolean', default: false },
  withdraw: { type: 'string', multiple: true },
} as const;

type Options = ReturnType<typeof readArguments<typeof options>>['values'];
type Command = (deployment: KeysDeployment, values: Options) => Promise<string>;

const now = (): number => Math.floor(Date.now() / 1000);

const commands: Readonly<Record<string, Command>> = {
  status: (deployment) => status(deployment, now()),
  'store-candidate': async (deployment, { make }) => {
    if (make && deployment.makeKey === undefined) throw new Advice('--make works only with --local.');
    await storeCandidate(
      deployment,
      make && deployment.makeKey ? await deployment.makeKey() : await readUnseen('Paste the key'),
    );
    return 'The candidate is stored. The workers still use the current key. Next: test, then promote.';
  },
  test: async (deployment) => {
    await invokeStep(deployment, 'RotateProviderKey', {
      Step: 'tryCandidate',
      SecretId: deployment.arnOf('SmsSecret'),
    });
    return 'The provider accepts the candidate. Next: promote.';
  },
  promote: async (deployment) => {
    await rotate(deployment, 'SmsSecret');
    return 'The candidate is the current key. Workers switch to it within a minute, or at the first refusal. Next: revoke-check.';
  },
  'revoke-check': async (deployment) => {
    const { isSafe, because } = revocation(await readProviderKey(deployment, now()), now());
    if (!isSafe) throw new Advice(because);
    return because;
  },
  'rotate-signing': async (deployment, { now: isNow, withdraw = [], yes }) => {
    if (!isNow && withdraw.length === 0) {
      await rotate(deployment, 'SigningSecret');
      return 'The next signing key is published. It signs in 2 h 15 min, when every cache has read it.';
    }
    await confirm(yes, [
      'A new key signs within 5 minutes. Verifiers that cached the keys refuse its tokens until they read them again:',
      'up to 2 hours in an API Gateway authorizer.',
      ...(withdraw.length > 0
        ? [
            'Each verifier refuses tokens of a withdrawn key once it reads the keys again. Those users must sign in again.',
          ]
        : []),
    ]);
    await invokeStep(deployment, 'RotateSigningKey', {
      Step: 'replaceNow',
      SecretId: deployment.arnOf('SigningSecret'),
      ClientRequestToken: crypto.randomUUID(),
      Withdraw: withdraw,
    });
    return `Published now: ${(await publishedKids(deployment)).join(', ')}`;
  },
  'rotate-code-secret': async (deployment) => {
    await rotate(deployment, 'CodeSecret');
    return 'New codes use another key. Codes already sent still work.';
  },
};

run(async () => {
  const { values, positionals } = readArguments(options, usage);
  if (values.help) return usage;
  const [name = '', ...others] = positionals;
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (command === undefined || others.length > 0) throw new Advice(usage);
  return command(openKeys(await connect(values)), values);
});
