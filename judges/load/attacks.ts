/** The calls of the load, as Vegeta's targets, and what each may be answered: the same as in `bench/load.ts`. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';
import { runGo } from '../install/go.ts';

/** What a call is. */
export type Kind = 'send' | 'right code' | 'wrong code' | 'forged id';

export const pathOf: Readonly<Record<Kind, string>> = {
  send: '/auth/request-otp',
  'right code': '/auth/verify-otp',
  'wrong code': '/auth/verify-otp',
  'forged id': '/auth/verify-otp',
};

/** A 429 is a limit that works, but not for the right code of somebody who did not guess. */
const expected: Readonly<Record<Kind, readonly number[]>> = {
  send: [202, 429],
  'right code': [200],
  'wrong code': [422, 429],
  'forged id': [422, 429],
};

export interface Shot {
  readonly kind: Kind;
  readonly body: object;
}

/** Shots at an even rate. */
export interface Attack {
  readonly name: string;
  readonly perSecond: number;
  readonly shots: readonly Shot[];
}

export interface Hit {
  readonly shot: Shot;
  /** 0 where no answer came. */
  readonly status: number;
  readonly json: Readonly<Record<string, unknown>>;
}

const resultSchema = v.object({
  attack: v.string(),
  code: v.number(),
  url: v.string(),
  body: v.nullable(v.string()),
});

/** Runs the attacks at once. The number of a shot is in its query, which no route reads, because a result has no body of its call. */
export async function attack(apiUrl: string, attacks: readonly Attack[]): Promise<readonly Hit[]> {
  const input = attacks.map(({ name, perSecond, shots }) => ({
    Name: name,
    PerSecond: perSecond,
    Seconds: Math.ceil(shots.length / perSecond),
    Targets: shots.map(({ kind, body }, at) => ({
      method: 'POST',
      url: `${apiUrl}${pathOf[kind]}?shot=${at}`,
      header: { 'Content-Type': ['application/json'] },
      body: Buffer.from(JSON.stringify(body)).toString('base64'),
    })),
  }));
  const program = readFileSync(join(import.meta.dirname, 'attack.go'), 'utf8');
  const printed = await runGo('go-vegeta', program, { input: JSON.stringify(input) });
  return printed
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const { attack: name, code, url, body } = v.parse(resultSchema, JSON.parse(line));
      const at = Number(new URL(url).searchParams.get('shot'));
      const shot = attacks.find((each) => each.name === name)?.shots[at];
      if (shot === undefined) throw new Error(`nobody shot ${name} ${at}`);
      return { shot, status: code, json: membersOf(Buffer.from(body ?? '', 'base64').toString()) };
    });
}

function membersOf(text: string): Readonly<Record<string, unknown>> {
  try {
    return Object(JSON.parse(text));
  } catch {
    return {};
  }
}

/** The hits with an answer that a call of their kind may not get. */
export function wrongHits(hits: readonly Hit[]): readonly Hit[] {
  return hits.filter(({ shot, status }) => !expected[shot.kind].includes(status));
}

/** Those answers, with their number. */
export function wrongAnswers(hits: readonly Hit[]): readonly string[] {
  const counts = new Map<string, number>();
  for (const { shot, status, json } of wrongHits(hits)) {
    const what = `${shot.kind}: ${status === 0 ? 'no answer' : status} ${json['type'] ?? ''}`.trim();
    counts.set(what, (counts.get(what) ?? 0) + 1);
  }
  return [...counts].map(([what, count]) => `${count} times, ${what}`);
}
