/**
 * `npm run doctor`: is this deployment right? It compares what AWS answers with the template that was deployed, and calls
 * the API as an app does. It only reads, but for three checks, each of which says what it does and asks first. It reads
 * no secret's value.
 */
import { resolve } from 'node:path';
import { openClients } from '../doctor/clients.ts';
import { openNameLookUp } from '../doctor/dns.ts';
import { type Examining, examine, openStack, readersPolicy } from '../doctor/examine.ts';
import { exitStatusOf } from '../doctor/finding.ts';
import { Untold } from '../doctor/reading.ts';
import { reportJson, reportText } from '../doctor/report.ts';
import { Advice } from '../terminal/advice.ts';
import { onInterrupt } from '../terminal/interrupt.ts';
import { ask } from './command/ask.ts';
import { connectLocal } from './command/deployment.ts';
import {
  assemblyDirectory,
  type Concluded,
  commonOptions,
  commonUsage,
  conclude,
  readArguments,
} from './command/run.ts';
import { stackRegion } from './command/stack-region.ts';

const usage = `npm run doctor -- [options]
  --wait               waits up to five minutes for the first signing key, right after a deployment
  --read-only          leaves out the checks that do more than read
  --json               prints JSON
  --policy             prints the smallest IAM policy with which this command can tell everything, and checks nothing

${commonUsage}

Exit status: 0 all ok · 2 something is wrong · 3 nothing is known to be wrong, but something cannot be told
             1 the command could not run · 130 Ctrl-C`;

const options = {
  ...commonOptions,
  wait: { type: 'boolean', default: false },
  'read-only': { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
  policy: { type: 'boolean', default: false },
} as const;

type Options = ReturnType<typeof readArguments<typeof options>>['values'];

const firstKeyMs = 5 * 60_000;
/** The name that the local stack has. */
const localStackName = 'Doorcode';

function onProgress(step: string): void {
  console.error(`… ${step}`);
}

/** Who is examined, and how the person wants it. */
function examiningOf(values: Options, interrupted: AbortSignal): Examining {
  const shared = {
    firstKeyMs: values.wait ? firstKeyMs : 0,
    beyondReading: values['read-only'] ? ('leave-out' as const) : agreement(values.yes),
    onProgress,
    interrupted,
  };
  if (values.local) {
    const { place } = connectLocal(resolve(values.directory));
    if (place.tag !== 'local') throw new Advice('The local stack is not running.');
    const clients = openClients({ ...place.client, endpoint: place.awsUrl });
    return { ...shared, stackName: localStackName, clients, names: undefined };
  }
  const region = values.region ?? stackRegion(assemblyDirectory, values.stack);
  const clients = openClients(region === undefined ? {} : { region });
  return { ...shared, stackName: values.stack, clients, names: openNameLookUp() };
}

/** Asks at a terminal. In a pipeline nobody agrees, unless --yes did. */
function agreement(isSure: boolean): (sentences: readonly string[]) => Promise<boolean> {
  return async (sentences) => {
    if (isSure) return true;
    if (!process.stdin.isTTY) return false;
    console.error(sentences.join('\n'));
    return (await ask({ text: 'Go on? (yes) ', isShown: true })) === 'yes';
  };
}

async function doctor(): Promise<Concluded> {
  const { values, positionals } = readArguments(options, usage);
  if (values.help) return { text: usage, status: 0 };
  if (positionals.length > 0) throw new Advice(usage);
  const interrupted = onInterrupt('Interrupted. Nothing was changed but what you agreed to.');
  const examining = examiningOf(values, interrupted);
  if (values.policy) {
    const stack = await openStack(examining, interrupted);
    if (stack instanceof Untold) throw new Advice(`The stack cannot be read: ${stack.message}.`);
    const policy = readersPolicy(stack, !values['read-only']);
    return { text: JSON.stringify(policy, undefined, 2), status: 0 };
  }
  const { stack, findings } = await examine(examining);
  const title =
    stack === undefined ? examining.stackName : `${stack.name} in ${stack.region}, account ${stack.account}`;
  return {
    text: values.json ? reportJson(stack, findings) : reportText(title, findings),
    status: exitStatusOf(findings),
  };
}

conclude(doctor());
