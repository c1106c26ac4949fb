/** Examines a local stack with the doctor, as `npm run doctor -- --local --yes` does, in this process. */
import { openClients } from '../../doctor/clients.ts';
import type { NameLookUp } from '../../doctor/dns.ts';
import { type Examined, examine } from '../../doctor/examine.ts';
import type { Statement } from '../../local/aws/iam.ts';
import type { LocalStack } from '../../local/local-stack.ts';

const everything: readonly Statement[] = [{ Effect: 'Allow', Action: ['*'], Resource: ['*'], Condition: {} }];

interface Reader {
  /** The rights of whoever runs it; every right by default. */
  readonly rights?: readonly Statement[];
  /** Whether they agree to the checks that do more than read. */
  readonly agrees?: boolean;
  readonly names?: NameLookUp;
  readonly onProgress?: (step: string) => void;
}

/** Runs every check. */
export function runDoctor(
  stack: LocalStack,
  { rights = everything, agrees = true, names, onProgress = () => undefined }: Reader = {},
): Promise<Examined> {
  const clients = openClients({
    region: stack.deployment.region,
    credentials: stack.admit(rights),
    endpoint: stack.awsUrl,
  });
  return examine({
    stackName: 'Doorcode',
    clients,
    names,
    firstKeyMs: 0,
    lineMs: 500,
    // A busy machine is no wrong deployment.
    authorizerMs: 60_000,
    beyondReading: async () => agrees,
    onProgress,
    interrupted: new AbortController().signal,
  });
}
