/** The leak scan of a walk through everything, and the scanner itself: it must be able to find what it looks for. */
import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { leaks } from '../../prove/leaks/leaks.ts';
import { openLedger, type Place } from '../../prove/leaks/ledger.ts';
import { scan } from '../../prove/leaks/scan.ts';
import { smallRun } from './small-run.ts';

it('a walk through everything leaks nothing', { timeout: 300_000 }, async () => {
  const { seen, violations } = await leaks(smallRun(0.1));
  console.info(seen);
  expect(violations).toEqual([]);
});

const key = `sm_live_${randomBytes(20).toString('hex')}`;
const [number, code] = ['+919876543210', '407291'];

function hitsIn(text: string, place: Place = 'log') {
  const ledger = openLedger();
  ledger.protect('provider key', key);
  ledger.protect('number', number);
  ledger.protect('code', code);
  ledger.wrote(place, text);
  return scan(ledger);
}

const base64 = (text: string): string => Buffer.from(text).toString('base64');
const percent = (text: string): string =>
  [...Buffer.from(text)].map((byte) => `%${byte.toString(16)}`).join('');

describe('the scanner finds a planted secret', () => {
  it.each<[string, (secret: string) => string]>([
    ['as it is', (secret) => `{"reason":"${secret}"}`],
    ['reversed', (secret) => [...secret].reverse().join('')],
    ['in base64', (secret) => base64(`{"a":"${secret}"}`)],
    ['in base64, a byte further', (secret) => base64(`{"ab":"${secret}"}`)],
    ['in base64, two bytes further', (secret) => base64(`{"abc":"${secret}"}`)],
    ['in base64url', (secret) => Buffer.from(`{"a":"${secret}"}`).toString('base64url')],
    ['in hexadecimal', (secret) => Buffer.from(secret).toString('hex')],
    ['percent-encoded', percent],
    ['in a URL', (secret) => `/x?a=${encodeURIComponent(secret)}&b=1`],
  ])('%s', (_, write) => {
    expect(hitsIn(write(key)).map(({ kind }) => kind)).toContain('provider key');
    expect(hitsIn(write(number)).map(({ kind }) => kind)).toContain('number');
    expect(hitsIn(write(code)).map(({ kind }) => kind)).toContain('code');
  });

  it('without its country, and says where, and not what', () => {
    const [hit] = hitsIn('{"caller":"98765-43210","also":"9876543210"}', 'stored item');
    expect(hit).toMatchObject({ kind: 'number', place: 'stored item' });
    expect(JSON.stringify(hit)).not.toContain('9876543210');
  });

  it('and takes no time or count for a code', () => {
    expect(hitsIn('{"at":1740729140,"id":"a407291b","ms":0.4072}')).toEqual([]);
  });
});
