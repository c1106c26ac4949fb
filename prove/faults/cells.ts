/**
 * The cases. Each call of each flow fails alone in each way. Each kind of provider answer occurs on both profiles. Every
 * pair of table, secrets, provider and clock fails together, in the ways that differ in what they leave behind.
 */
import { type FaultMode, faultModes } from '../../local/aws/injected-faults.ts';
import { type ProviderRow, providerRows } from '../../test-kit/provider-rows.ts';
import type { Cell, SecretFault, TableFault } from './cell.ts';

const profiles = ['observed', 'documented'] as const;
const tries = [1, 2] as const;
const clocks = [-120, 120] as const;
const workers = ['cold', 'stale'] as const;

const requestCalls = ['address', 'reserve', 'budget'] as const;
const releaseCalls = ['release', 'give back'] as const;
const verifyCalls = ['count', 'consume', 'remember', 'statistics'] as const;
const laneCalls = ['reserve', 'mark', 'budget'] as const;

/** What a fault can leave behind: undone at once, undone after a time, done with a lost answer, done too late. */
const telling: readonly FaultMode[] = ['error-500', 'hang', 'lose-answer', 'late'];

const secretsOf = {
  request: [
    ['IDENTITY_SECRET_ARN', 'AWSCURRENT'],
    ['CODE_SECRET_ARN', 'AWSCURRENT'],
    ['CODE_SECRET_ARN', 'AWSPREVIOUS'],
    ['SMS_SECRET_ARN', 'AWSCURRENT'],
    ['CONTROLS_SECRET_ARN', 'AWSCURRENT'],
  ],
  'right code': [
    ['IDENTITY_SECRET_ARN', 'AWSCURRENT'],
    ['CODE_SECRET_ARN', 'AWSCURRENT'],
    ['CODE_SECRET_ARN', 'AWSPREVIOUS'],
    ['SIGNING_SECRET_ARN', 'AWSCURRENT'],
  ],
} as const;
const flows = ['request', 'right code'] as const;

const rows = profiles.flatMap((profile) => providerRows(profile).map((row) => ({ profile, row })));
const observed = (...names: readonly string[]) =>
  rows.filter(({ profile, row }) => profile === 'observed' && names.includes(row.row));
const refusing = observed('fault 400-balance', 'fault 400-number-limit');
const tellingRows: readonly { profile: 'observed' | 'documented'; row: ProviderRow }[] = [
  ...refusing,
  ...observed('fault 401', 'fault 500', 'fault reset-after', 'fault hang-after'),
];

function tableFaults(calls: readonly TableFault['at'][], modes: readonly FaultMode[]): readonly TableFault[] {
  return calls.flatMap((at) => modes.flatMap((mode) => tries.map((count) => ({ at, mode, tries: count }))));
}

function secretFaults(
  flow: (typeof flows)[number],
  modes: readonly FaultMode[],
  of: readonly SecretFault['worker'][] = workers,
): readonly SecretFault[] {
  return secretsOf[flow].flatMap(([variable, versionStage]) =>
    modes.flatMap((mode) => of.map((worker) => ({ variable, versionStage, mode, worker }))),
  );
}

/** Every case. */
export function allCells(): readonly Cell[] {
  return [...singles(), ...pairs()];
}

function singles(): readonly Cell[] {
  return [
    ...tableFaults(requestCalls, faultModes).map((table): Cell => ({ flow: 'request', table })),
    ...tableFaults(laneCalls, faultModes).map(
      (table): Cell => ({ flow: 'request of a known device', table }),
    ),
    ...(['right code', 'wrong code'] as const).flatMap((flow) =>
      tableFaults(flow === 'right code' ? verifyCalls : ['count', 'statistics'], faultModes).map(
        (table): Cell => ({ flow, table }),
      ),
    ),
    ...flows.flatMap((flow) => secretFaults(flow, faultModes).map((secret): Cell => ({ flow, secret }))),
    ...rows.map((provider): Cell => ({ flow: 'request', provider })),
    ...clocks.flatMap((clockSeconds) =>
      (['request', 'right code', 'wrong code'] as const).map((flow): Cell => ({ flow, clockSeconds })),
    ),
  ];
}

function pairs(): readonly Cell[] {
  const tableOf = (flow: (typeof flows)[number]) =>
    tableFaults(flow === 'request' ? requestCalls : verifyCalls, telling);
  return [
    // Table and provider: what gives back is called only after a refusal.
    ...tellingRows.flatMap((provider) =>
      tableFaults(requestCalls, telling).map((table): Cell => ({ flow: 'request', table, provider })),
    ),
    ...refusing.flatMap((provider) =>
      tableFaults(releaseCalls, faultModes).flatMap((table): Cell[] => [
        { flow: 'request', table, provider },
        { flow: 'request of a known device', table, provider },
      ]),
    ),
    // Table and secrets, table and clock, secrets and clock.
    ...flows.flatMap((flow) => [
      ...secretFaults(flow, ['error-500', 'stall'], ['stale']).flatMap((secret) =>
        tableOf(flow)
          .filter((table) => table.tries === 1)
          .map((table): Cell => ({ flow, table, secret })),
      ),
      ...clocks.flatMap((clockSeconds) => [
        ...tableOf(flow).map((table): Cell => ({ flow, table, clockSeconds })),
        ...secretFaults(flow, ['refuse', 'hang'], ['cold']).map(
          (secret): Cell => ({ flow, secret, clockSeconds }),
        ),
      ]),
    ]),
    // Secrets and provider, provider and clock.
    ...tellingRows.flatMap((provider) => [
      ...secretFaults('request', ['error-500', 'hang']).map(
        (secret): Cell => ({ flow: 'request', secret, provider }),
      ),
      ...clocks.map((clockSeconds): Cell => ({ flow: 'request', provider, clockSeconds })),
    ]),
  ];
}
