/**
 * Vegeta puts the load of `npm run load` on the local stack once more: 15 sends and 200 verifies a second, with the same
 * shares of right codes, wrong ones and forged ids. It judges answers and never times.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runLoad } from '../../bench/load.ts';
import { roomyProvider, roomySettings } from '../../bench/workbench.ts';
import { type LocalStack, startLocalStack } from '../../local/local-stack.ts';
import { codeFor, freshNumber, otherThan } from '../../test-kit/sign-in.ts';
import type { Verdict } from '../judge.ts';
import { type Mistake, withMistake } from '../mistaken-stack.ts';
import { attack, type Hit, pathOf, type Shot, wrongAnswers, wrongHits } from './attacks.ts';

const sendsPerSecond = 15;
const verifiesPerSecond = 200;
const seconds = 20;

function sends(count: number): readonly Shot[] {
  return Array.from({ length: count }, () => ({ kind: 'send', body: { phoneNumber: freshNumber() } }));
}

interface Asked {
  readonly requestId: string;
  readonly code: string;
}

/** The verifies for codes that came: three of four people type theirs in, the fourth is guessed at. */
function verifies(asked: readonly Asked[], count: number): readonly Shot[] {
  const live = asked.filter((_, at) => at % 4 !== 0);
  const victims = asked.filter((_, at) => at % 4 === 0);
  const every = Math.round(verifiesPerSecond / sendsPerSecond);
  return Array.from({ length: count }, (_, turn): Shot => {
    const owner = turn % every === 0 ? live[turn / every] : undefined;
    if (owner !== undefined) return { kind: 'right code', body: owner };
    const victim = turn % 3 === 0 ? victims[Math.floor((turn / count) * victims.length)] : undefined;
    if (victim !== undefined)
      return { kind: 'wrong code', body: { ...victim, code: otherThan(victim.code) } };
    return { kind: 'forged id', body: { requestId: 'A'.repeat(63), code: '000000' } };
  });
}

/** The load: sends alone at first, then both. */
async function shootAt(stack: LocalStack, apiUrl: string, forSeconds: number): Promise<readonly Hit[]> {
  const atSends = { perSecond: sendsPerSecond, name: 'sends' };
  const first = await attack(apiUrl, [{ ...atSends, shots: sends(sendsPerSecond * forSeconds) }]);
  const asked = first.flatMap(({ shot, json }) => {
    const { phoneNumber } = Object(shot.body);
    return typeof json['requestId'] === 'string'
      ? [{ requestId: json['requestId'], code: codeFor(stack, phoneNumber) }]
      : [];
  });
  const shots = verifies(asked, verifiesPerSecond * forSeconds);
  const second = await attack(apiUrl, [
    { ...atSends, shots: sends(sendsPerSecond * forSeconds) },
    { name: 'verifies', perSecond: verifiesPerSecond, shots },
  ]);
  return [...first, ...second];
}

/** Routes with their statuses, but for the 429: when a limit is met depends on the moment. */
function answersOf(statuses: Iterable<string>): string {
  return [...new Set(statuses)]
    .filter((status) => !status.endsWith(' 429'))
    .toSorted()
    .join(', ');
}

/** One in ten codes that were sent looks refused. */
function tenthRefused(): Mistake {
  let sent = 0;
  return ({ status, members }) => {
    sent += status === 202 ? 1 : 0;
    return { status: status === 202 && sent % 10 === 0 ? 503 : status, members };
  };
}

/** Judges what the stack answers under the load. */
export async function judgeLoad(): Promise<Verdict> {
  const stack = await startLocalStack({ settings: roomySettings, workers: 3, prestart: 3 });
  stack.provider.control(roomyProvider);
  try {
    const hits = await shootAt(stack, stack.apiUrl, seconds);
    const wrong = wrongAnswers(hits);
    const mistaken = await withMistake(stack.apiUrl, tenthRefused(), (url) => shootAt(stack, url, 2));
    const own = await runLoad({ seconds, sendsPerSecond, verifiesPerSecond });
    const theirs = answersOf(hits.map(({ shot, status }) => `${pathOf[shot.kind]} ${status}`));
    const ours = answersOf(Object.keys(own.statuses));
    const ownCalls = Object.entries(own.statuses);
    const ownWrong = ownCalls.filter(([status]) => !/ (200|202|422|429)$/.test(status));
    const shareOf = (calls: number, errors: number): string => `${errors} errors in ${calls} calls`;
    const countOf = (calls: typeof ownCalls): number => calls.reduce((sum, [, count]) => sum + count, 0);
    const good = hits.filter(({ shot, status }) => shot.kind === 'right code' && status === 200).length;
    const go = readFileSync(join(import.meta.dirname, '../lists/go-vegeta/go.mod'), 'utf8');
    return {
      tool: `vegeta ${/vegeta\/v12 v(\S+)/.exec(go)?.[1]}`,
      given: `${sendsPerSecond} sends a second for ${2 * seconds} s, and ${verifiesPerSecond} verifies a second beside them for ${seconds} s; ${good} right codes; ${shareOf(hits.length, wrongHits(hits).length)}, and by npm run load at the same rates ${shareOf(countOf(ownCalls), countOf(ownWrong))}; answers: ${theirs}`,
      cases: hits.length,
      findings: [
        ...wrong,
        ...(good === 0 ? ['no right code was taken'] : []),
        ...(theirs === ours ? [] : [`npm run load was answered ${ours}; vegeta ${theirs}`]),
      ],
      decisions: [],
      mistake: { what: 'a proxy that answers 503 in place of one 202 in ten', found: wrongAnswers(mistaken) },
    };
  } finally {
    await stack.stop();
  }
}
