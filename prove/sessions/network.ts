/** A mobile network in virtual time: it loses requests and answers, delivers late and twice, and meets a server that fails. */
import type { Chance } from '../seeded.ts';
import type { World } from './world.ts';

export interface HttpAnswer {
  readonly status: number;
  readonly body: string;
}

/** Answers one request at this moment. It rejects for a connection that broke. */
export type Server = (path: string, body: string) => Promise<HttpAnswer>;

/** Shares of all requests. */
export interface Weather {
  /** The request does not arrive. */
  readonly requestLost: number;
  /** It arrives, and its answer does not. */
  readonly answerLost: number;
  /** It arrives after the client has given up. */
  readonly late: number;
  /** It arrives twice. */
  readonly doubled: number;
  /** It is answered with 503, and half of these have landed. */
  readonly unavailable: number;
}

export const badWeather: Weather = {
  requestLost: 0.05,
  answerLost: 0.1,
  late: 0.04,
  doubled: 0.03,
  unavailable: 0.02,
};

export const goodWeather: Weather = { requestLost: 0, answerLost: 0, late: 0, doubled: 0, unavailable: 0 };

const latestMs = 100_000;
/** The client's time limit for one try. */
const givesUpMs = 10_000;
const slowestWayMs = 1_500;

/** Sends through this weather; rejects where no answer comes. */
export function openNetwork(
  { world, chance, server }: { readonly world: World; readonly chance: Chance; readonly server: Server },
  weather: () => Weather,
): Server {
  const lost = new TypeError('no answer came');
  const unavailable: HttpAnswer = { status: 503, body: JSON.stringify({ type: 'urn:doorcode:unavailable' }) };
  return (path, body) =>
    new Promise((resolve, reject) => {
      const way = 20 + chance.below(slowestWayMs);
      const back = 20 + chance.below(slowestWayMs);
      const serve = (): Promise<HttpAnswer> => world.real(() => server(path, body));
      const arrive = (ms: number): void => world.after(ms, () => void serve().catch(() => undefined));
      const answerWith = (given: () => Promise<HttpAnswer>): void =>
        world.after(way, () => {
          given().then((answer) => world.after(back, () => resolve(answer)), reject);
        });
      const giveUp = (after: number): void =>
        world.after(after + chance.below(givesUpMs - after), () => reject(lost));
      switch (fateOf(weather(), chance.next())) {
        case 'requestLost':
          return giveUp(0);
        case 'answerLost':
          arrive(way);
          return giveUp(way);
        case 'late':
          arrive(chance.below(latestMs));
          return giveUp(0);
        case 'doubled':
          answerWith(serve);
          return arrive(way + chance.below(latestMs - way));
        case 'unavailable': {
          const hasLanded = chance.next() < 0.5;
          return answerWith(() => (hasLanded ? serve() : Promise.resolve()).then(() => unavailable));
        }
        case undefined:
          return answerWith(serve);
      }
    });
}

/** What befalls a request; `drawn` is from 0 up to 1. */
function fateOf(weather: Weather, drawn: number): keyof Weather | undefined {
  let below = 0;
  for (const fate of ['requestLost', 'answerLost', 'late', 'doubled', 'unavailable'] as const) {
    below += weather[fate];
    if (drawn < below) return fate;
  }
  return undefined;
}
