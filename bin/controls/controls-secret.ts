/**
 * The controls' secret: read, and written so that two people at once cannot overwrite each other silently.
 *
 * PutSecretValue alone overwrites whatever is there. So a change is first stored under a label of its own, which
 * nobody reads, and then AWSCURRENT is moved to it *from the version that was read*: Secrets Manager refuses that move
 * when the label sits on another version by then. What it does not promise is that every reader sees the new value at
 * once; a worker that still gets the old one reads again a minute later.
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
import { Advice } from '../../local/advice.ts';
import type { Deployment } from '../command/deployment.ts';
import { mistakesIn, storable } from './mistakes.ts';

/** What Secrets Manager takes: 65,536 bytes. */
const maxSecretBytes = 64 * 1024;

/** Where a change waits for its turn, for a second. */
const draftLabel = 'DRAFT';

type Secrets = Pick<Deployment, 'secrets' | 'arnOf'>;

/** One stored version. Times are epoch seconds. */
export interface StoredControls {
  readonly versionId: string;
  readonly storedAt: number;
  readonly json: string;
}

/** Reads the current version, or the one before; undefined where there is none. */
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

/** The current version; throws advice where the secret is empty. */
export async function readCurrent(deployment: Secrets): Promise<StoredControls> {
  const current = await readStored(deployment, 'AWSCURRENT');
  if (current === undefined)
    throw new Advice(
      'The controls’ secret has no value. Put {} into it, with the AWS CLI or in the console.',
    );
  return current;
}

/** The controls in a version; throws advice that names what is wrong, and no value. */
export function controlsIn({ json }: Pick<StoredControls, 'json'>): Controls {
  const mistakes = mistakesIn(json);
  if (mistakes.length === 0) return parseControls(json);
  throw new Advice(
    [
      'The controls are malformed; workers go on with the last good ones:',
      ...mistakes.map((mistake) => `  ${mistake}`),
      '`previous` puts back the version before. If that one is malformed too: put {} into the secret, with the AWS CLI.',
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
  // The token is the id of the version: a repeated call, by the SDK, makes no second one.
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

/** Moves AWSCURRENT from one version to another; throws advice when it has been moved meanwhile. */
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
    // Which of the two a label on another version is, the documentation leaves open; each has other causes, too.
    const isRefused = error instanceof InvalidParameterException || error instanceof InvalidRequestException;
    const current = isRefused ? await currentVersionId(deployment) : from;
    // Our own move, repeated by the SDK after a lost answer, is refused like somebody else's.
    if (to !== undefined && current === to) return;
    throw current === from ? error : changedMeanwhile();
  }
}

/** Saves a draft where somebody was clearly sooner; the move is what decides. */
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
    'Nothing was changed: somebody else has changed the controls meanwhile. See status, then again.',
  );
}
