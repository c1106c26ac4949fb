/** One case of the fault suite: which calls fail, how, and whose clock is off. */
import type { SecretVariable } from '../../functions/settings/environment.ts';
import type { FaultMode } from '../../local/aws/injected-faults.ts';
import type { ProviderRow } from '../../test-kit/provider-rows.ts';

/** The call of a flow to the table, by what its item is and which of them it is. */
export interface TableFault {
  readonly at:
    | 'address'
    | 'reserve'
    | 'mark'
    | 'budget'
    | 'release'
    | 'give back'
    | 'count'
    | 'consume'
    | 'remember'
    | 'statistics';
  readonly mode: FaultMode;
  /** How many tries it hits: 1 leaves the SDK's own retry, 2 hits that too. */
  readonly tries: 1 | 2;
}

export interface SecretFault {
  /** The variable that names the secret. */
  readonly variable: SecretVariable;
  readonly versionStage: 'AWSCURRENT' | 'AWSPREVIOUS';
  readonly mode: FaultMode;
  /** Of a worker that has just started, or of one whose values are five minutes old. */
  readonly worker: 'cold' | 'stale';
}

export interface Cell {
  readonly flow: 'request' | 'request of a known device' | 'right code' | 'wrong code';
  readonly table?: TableFault;
  readonly secret?: SecretFault;
  readonly provider?: { readonly profile: 'observed' | 'documented'; readonly row: ProviderRow };
  /** How far the clock of the flow's function is off. */
  readonly clockSeconds?: -120 | 120;
}

/** The name of a case in a report. */
export function nameOf({ flow, table, secret, provider, clockSeconds }: Cell): string {
  return [
    flow,
    table && `${table.mode} at ${table.at}${table.tries === 2 ? ', and at its retry' : ''}`,
    secret && `${secret.mode} at ${secret.versionStage} of ${secret.variable}, ${secret.worker} worker`,
    provider && `provider: ${provider.row.row} (${provider.profile})`,
    clockSeconds && `clock ${clockSeconds > 0 ? '+' : ''}${clockSeconds} s`,
  ]
    .filter((part) => part !== undefined)
    .join('; ');
}
