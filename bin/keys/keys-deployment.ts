/** A deployment with what `npm run keys` needs besides: the uses of keys, and the local provider. */
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { Advice } from '../../terminal/advice.ts';
import type { Deployment } from '../command/deployment.ts';
import { type LastUse, lastUseInCloudWatch, lastUseInLog } from './last-use.ts';

export interface KeysDeployment extends Deployment {
  /** When the provider key of a version was last used. */
  readonly lastUse: LastUse;
  /** Creates a key as the provider's dashboard would; only the local stack has it. */
  readonly makeKey?: () => Promise<string>;
}

/** Adds the clients that only this command needs. */
export function openKeys(deployment: Deployment): KeysDeployment {
  const { place } = deployment;
  switch (place.tag) {
    case 'local':
      return {
        ...deployment,
        lastUse: lastUseInLog(join(place.directory, 'logs', 'request-otp.log')),
        makeKey: () => makeKeyAt(place.providerUrl),
      };
    case 'aws':
      return {
        ...deployment,
        lastUse: lastUseInCloudWatch(place.client, place.stackName),
      };
  }
}

async function makeKeyAt(providerUrl: string): Promise<string> {
  const key = `sm_live_${randomBytes(20).toString('hex')}`;
  const addKey = { key, label: `made ${new Date().toISOString()}` };
  const headers = { 'content-type': 'application/json' };
  const { ok } = await fetch(`${providerUrl}/control`, {
    method: 'POST',
    headers,
    body: JSON.stringify({ addKey }),
  });
  if (!ok) throw new Advice('The local provider refused the key.');
  return key;
}
