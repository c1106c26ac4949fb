/**
 * `npm run keys`: the security team's command. It shows which versions of each secret there are and what is safe to do
 * next, and starts what rotates. It reads no secret's value, so it cannot print one, and it asks before anything that
 * cannot be undone.
 */
import { Advice } from '../local/advice.ts';
import { confirm } from './command/confirm.ts';
import { readUnseen } from './command/read-unseen.ts';
import { commonOptions, commonUsage, connect, readArguments, run } from './command/run.ts';
import { storeCandidate } from './keys/candidate.ts';
import { type KeysDeployment, openKeys } from './keys/deployment.ts';
import { revocation } from './keys/provider-key.ts';
import { invokeStep, rotate } from './keys/rotation.ts';
import { publishedKids, readProviderKey, status } from './keys/status.ts';

const usage = `npm run keys -- [options] <command>
  status               versions, ages, last uses, and what to do next
  store-candidate      stores the next key under its own label, from a pipe or typed unseen
    --make             … with --local: makes one in the local provider, as its dashboard would
  test                 tries the candidate with the provider; no SMS is spent
  promote              makes the candidate the current key, if the provider takes it
  revoke-check         whether the old key can be revoked in the dashboard (exit status 0) or not yet (1)
  rotate-signing       makes the next signing key; it signs when every cache has seen it
    --now              … at once: tokens are refused until verifiers read the new keys, up to 2 hours
    --withdraw=KID     … and nobody shall trust this key any longer: its tokens end
  rotate-code-secret   gives the codes another key; codes under way go on working

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
    if (make && deployment.makeKey === undefined) throw new Advice('--make works with --local alone.');
    await storeCandidate(
      deployment,
      make && deployment.makeKey ? await deployment.makeKey() : await readUnseen('Paste the key'),
    );
    return 'The candidate is stored; the key in use stays in use. Next: test, then promote.';
  },
  test: async (deployment) => {
    await invokeStep(deployment, 'RotateProviderKey', {
      Step: 'tryCandidate',
      SecretId: deployment.arnOf('SmsSecret'),
    });
    return 'The provider takes the candidate. Next: promote.';
  },
  promote: async (deployment) => {
    await rotate(deployment, 'SmsSecret');
    return 'The candidate is the current key; workers take it up within a minute or at the first refusal. Next: revoke-check.';
  },
  'revoke-check': async (deployment) => {
    const { isSafe, because } = revocation(await readProviderKey(deployment, now()), now());
    if (!isSafe) throw new Advice(because);
    return because;
  },
  'rotate-signing': async (deployment, { now: isNow, withdraw = [], yes }) => {
    if (!isNow && withdraw.length === 0) {
      await rotate(deployment, 'SigningSecret');
      return 'The next signing key is published; it signs in 2 h 15 min, when every cache has seen it.';
    }
    await confirm(yes, [
      'A new key signs within 5 minutes. Verifiers that cached the keys refuse its tokens until they read them again:',
      'up to 2 hours in an API Gateway authorizer.',
      ...(withdraw.length > 0
        ? ['Tokens of a withdrawn key end, as each verifier reads the keys again: their users sign in anew.']
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
    return 'The codes have another key; those under way go on working.';
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
