/**
 * Reads and writes the controls secret, so that two people at once cannot silently overwrite each other.
 *
 * PutSecretValue alone overwrites any value. So the command first stores a change under a label of its own, which no
 * worker reads. Then it moves AWSCURRENT to that version *from the version it read*. Secrets Manager refuses the move when
 * the label is on another version by then. Secrets Manager is eventually consistent: a worker that still gets the old
 * value reads again a minute later.
 * https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_UpdateSecretVersionStage.html
 */
import {
  DescribeSecretCommand,
  GetSecretValueCommand,
  InvalidParameterException,
  InvalidRequestException,
  PutSecretValueCommand,
  ResourceNotFoundException,
  UpdateSecretVersionStageCommand,
} from '@aws-sdk/client-secrets-manager';
import { type Controls, parseControls } from '../../functions/otp/controls.ts';
import { Advice } from '../../terminal/advice.ts';
import type { Deployment } from '../command/deployment.ts';
import { mistakesIn, storable } from './mistakes.ts';

/** The largest value that Secrets Manager stores. */
const maxSecretBytes = 64 * 1024;

/** The label of a change that is stored and not yet current; it stays for about a second. */
const draftLabel = 'DRAFT';

type Secrets = Pick<Deployment, 'secrets' | 'arnOf'>;

/** One stored version. Times are epoch seconds. */
export interface StoredControls {
  readonly versionId: string;
  readonly storedAt: number;
  readonly json: string;
}

/** Reads the current or the previous version; undefined where there is none. */
export async function readStored(
  { secrets, arnOf }: Secrets,
  label: 'AWSCURRENT' | 'AWSPREVIOUS',
): Promise<StoredControls | undefined> {
  const command = new GetSecretValueCommand({ SecretId: arnOf('ControlsSecret'), VersionStage: label });
  try {
    const { VersionId: versionId = '', SecretString: json = '', CreatedDate } = await secrets.send(command);
    return { versionId, json, storedAt: Math.floor((CreatedDate?.getTime() ?? 0) / 1000) };
  } catch (error) {
    if (error instanceof ResourceNotFoundException) return undefined;
    throw error;
  }
}

/** The current version; throws `Advice` where the secret is empty. */
export async function readCurrent(deployment: Secrets): Promise<StoredControls> {
  const current = await readStored(deployment, 'AWSCURRENT');
  if (current === undefined)
    throw new Advice('The controls secret has no value. Put {} into it, with the AWS CLI or in the console.');
  return current;
}

/** The controls in a version; throws `Advice` that names each mistake and shows no value. */
export function controlsIn({ json }: Pick<StoredControls, 'json'>): Controls {
  const mistakes = mistakesIn(json);
  if (mistakes.length === 0) return parseControls(json);
  throw new Advice(
    [
      'The controls are malformed. The workers use the last good ones. Mistakes:',
      ...mistakes.map((mistake) => `  ${mistake}`),
      '`previous` restores the version before. If that one is malformed too, put {} into the secret with the AWS CLI.',
    ].join('\n'),
  );
}

/** Makes `controls` the current version, in place of the version `read`. */
export async function replaceControls(
  deployment: Secrets,
  controls: Controls,
  read: Pick<StoredControls, 'versionId'>,
): Promise<void> {
  const json = storable(controls);
  if (Buffer.byteLength(json) > maxSecretBytes)
    throw new Advice(`Nothing was changed: a secret holds at most ${maxSecretBytes} bytes.`);
  await expectCurrent(deployment, read);
  const { secrets, arnOf } = deployment;
  // The token is the id of the version, so a retry by the SDK creates no second version.
  const { VersionId } = await secrets.send(
    new PutSecretValueCommand({
      SecretId: arnOf('ControlsSecret'),
      ClientRequestToken: crypto.randomUUID(),
      SecretString: json,
      VersionStages: [draftLabel],
    }),
  );
  await makeCurrent(deployment, { to: VersionId, from: read.versionId });
}

/** Moves AWSCURRENT from one version to another; throws `Advice` when somebody else has moved it meanwhile. */
export async function makeCurrent(
  deployment: Secrets,
  { to, from }: { readonly to: string | undefined; readonly from: string },
): Promise<void> {
  const { secrets, arnOf } = deployment;
  try {
    await secrets.send(
      new UpdateSecretVersionStageCommand({
        SecretId: arnOf('ControlsSecret'),
        VersionStage: 'AWSCURRENT',
        MoveToVersionId: to,
        RemoveFromVersionId: from,
      }),
    );
  } catch (error) {
    // The documentation does not say which of the two errors a label on another version gives. Both have other causes, too.
    const isRefused = error instanceof InvalidParameterException || error instanceof InvalidRequestException;
    const current = isRefused ? await currentVersionId(deployment) : from;
    // When the SDK retries our own move after a lost answer, Secrets Manager refuses it in the same way.
    if (to !== undefined && current === to) return;
    throw current === from ? error : changedMeanwhile();
  }
}

/** An early check that saves storing a draft for nothing. The move is what decides. */
async function expectCurrent(
  deployment: Secrets,
  { versionId }: Pick<StoredControls, 'versionId'>,
): Promise<void> {
  if ((await currentVersionId(deployment)) !== versionId) throw changedMeanwhile();
}

async function currentVersionId({ secrets, arnOf }: Secrets): Promise<string | undefined> {
  const command = new DescribeSecretCommand({ SecretId: arnOf('ControlsSecret') });
  const { VersionIdsToStages = {} } = await secrets.send(command);
  return Object.entries(VersionIdsToStages).find(([, labels]) => labels.includes('AWSCURRENT'))?.[0];
}

function changedMeanwhile(): Advice {
  return new Advice(
    'Nothing was changed, because somebody else has changed the controls meanwhile. Check status, then try again.',
  );
}
