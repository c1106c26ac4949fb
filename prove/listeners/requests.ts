/**
 * The requests of the fuzz, as bytes. A page of another origin sends what a browser lets it send: reads and forms by
 * the listener's own name, questions for permission, and by a name of its own that points here (DNS rebinding)
 * whatever it likes. Clients that are broken send anything, but nothing that a person at this machine may ask for.
 */
import type { Chance } from '../seeded.ts';
import type { Place } from './places.ts';

export interface Knock {
  /** What it is, for a violation. */
  readonly what: string;
  readonly bytes: string;
  /** Whether the browser shows the answer to a person, and not to the page. */
  readonly isLink: boolean;
  /** Whether the client says that nothing follows. */
  readonly isAll: boolean;
}

const origins = [
  'http://evil.example',
  'https://evil.example',
  'null',
  'http://localhost:3000',
  'http://127.0.0.1:9',
];
const simpleTypes = ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x'];
const rebindings = [
  'evil.example',
  'localhost.evil.example',
  '127.0.0.1.nip.example',
  '[::ffff:127.0.0.1]',
  '0.0.0.0',
];

/** A request of a page of another origin. */
export function pageKnock(place: Place, chance: Chance): Knock {
  const kind = chance.pick(['read', 'form', 'question', 'rebinding', 'link'] as const);
  const { host, port } = new URL(place.url);
  const origin = chance.pick(origins);
  const site = chance.pick(['cross-site', 'same-site']);
  const path = chance.pick([...place.paths, ...oddPaths]);
  const wish = chance.pick(place.wishes);
  switch (kind) {
    case 'read': {
      const hints = chance.pick([
        [`Origin: ${origin}`],
        [`Origin: ${origin}`, `Sec-Fetch-Site: ${site}`, 'Sec-Fetch-Mode: cors'],
        [`Sec-Fetch-Site: ${site}`, 'Sec-Fetch-Mode: no-cors', 'Sec-Fetch-Dest: image'],
        [`Sec-Fetch-Site: ${site}`, 'Sec-Fetch-Mode: navigate', 'Sec-Fetch-Dest: iframe'],
      ]);
      return knock(kind, requestOf(`${chance.pick(['GET', 'HEAD'])} ${path}`, [`Host: ${host}`, ...hints]));
    }
    case 'form': {
      const lines = [`Host: ${host}`, `Origin: ${origin}`, `Content-Type: ${chance.pick(simpleTypes)}`];
      return knock(kind, requestOf(`POST ${wish.path}`, lines, wish.body));
    }
    case 'question': {
      const asked = ['Access-Control-Request-Method: POST', 'Access-Control-Request-Headers: content-type'];
      return knock(kind, requestOf(`OPTIONS ${wish.path}`, [`Host: ${host}`, `Origin: ${origin}`, ...asked]));
    }
    case 'rebinding': {
      const name = `${chance.pick(rebindings)}:${port}`;
      const lines = [
        `Host: ${name}`,
        `Origin: http://${name}`,
        'Sec-Fetch-Site: same-origin',
        ...wish.headers,
      ];
      return chance.below(2) === 0
        ? knock(kind, requestOf(`GET ${path}`, lines))
        : knock(
            kind,
            requestOf(`POST ${wish.path}`, [...lines, 'Content-Type: application/json'], wish.body),
          );
    }
    case 'link': {
      const lines = [`Sec-Fetch-Site: ${site}`, 'Sec-Fetch-Mode: navigate', 'Sec-Fetch-Dest: document'];
      return { ...knock(kind, requestOf(`GET ${path}`, [`Host: ${host}`, ...lines])), isLink: true };
    }
  }
}

const oddPaths = [
  '//',
  '//evil.example/',
  '//[',
  '/\\evil.example',
  '/%E0',
  '/%',
  '/%00',
  '/..%2f..%2fetc',
  '/../../etc/passwd',
  '/?%E0=%',
  '/#',
  '/__proto__',
  '/constructor',
  '/2015-03-31/functions/%E0/invocations',
  '/2015-03-31/functions/nobody/invocations',
];

const oddTargets = [
  'http://[',
  'http://evil.example/',
  'https://evil.example',
  '*',
  'x',
  'evil.example:443',
  '@',
  '?',
];
const oddMethods = [
  'GET',
  'HEAD',
  'POST',
  'PUT',
  'PATCH',
  'DELETE',
  'OPTIONS',
  'TRACE',
  'CONNECT',
  'QUERY',
  'PROPFIND',
  'BREW',
  'get',
];
const oddBodies = ['', '{', '[', '"', '{"a":1e999}', '{"__proto__":{}}', 'null', '[]', '\u0000', '{}{}'];

/** A request of a broken client or of an attacker. */
export function brokenKnock(place: Place, chance: Chance): Knock {
  const { host } = new URL(place.url);
  const own = `Host: ${host}`;
  const path = chance.pick([...place.paths, ...oddPaths]);
  const method = chance.pick(oddMethods);
  const kind = chance.pick([
    'path',
    'target',
    'body',
    'host',
    'old',
    'upgrade',
    'long',
    'length',
    'chunks',
    'signature',
    'bytes',
  ] as const);
  switch (kind) {
    case 'path':
      return knock(kind, requestOf(`${method === 'CONNECT' ? 'GET' : method} ${path}`, [own]));
    case 'target':
      return knock(kind, requestOf(`${method} ${chance.pick(oddTargets)}`, [own]));
    case 'body': {
      const type = chance.pick(['application/json', 'application/x-amz-json-1.0', ...simpleTypes]);
      return knock(kind, requestOf(`POST ${path}`, [own, `Content-Type: ${type}`], chance.pick(oddBodies)));
    }
    case 'host':
      return knock(
        kind,
        requestOf(
          `GET ${path}`,
          chance.pick([[], [own, own], [own, 'Host: evil.example'], ['Host: '], ['Host: ['], ['Host: a b']]),
        ),
      );
    case 'old':
      return knock(kind, `GET ${path} HTTP/1.0\r\n${chance.pick(['', `${own}\r\n`])}\r\n`);
    case 'upgrade':
      return knock(
        kind,
        requestOf(
          `GET ${path}`,
          [own, 'Upgrade: websocket', 'Sec-WebSocket-Key: eA==', 'Sec-WebSocket-Version: 13'],
          '',
          'Upgrade',
        ),
      );
    case 'long':
      return knock(
        kind,
        chance.pick([
          requestOf(`GET ${path}`, [own, `X-Long: ${'x'.repeat(20_000)}`]),
          requestOf(`GET /${'x'.repeat(20_000)}`, [own]),
          requestOf(`GET ${path}`, [own, ...Array.from({ length: 2_500 }, (_, i) => `X-${i}: 1`)]),
        ]),
      );
    case 'length':
      return knock(
        kind,
        `POST ${path} HTTP/1.1\r\n${own}\r\nContent-Length: ${chance.pick(['-1', 'x', '1\r\nContent-Length: 2', '99999999999999999999'])}\r\n\r\n`,
      );
    case 'chunks':
      return knock(
        kind,
        `POST ${path} HTTP/1.1\r\n${own}\r\nTransfer-Encoding: ${chance.pick(['chunked', 'gzip, chunked', 'x'])}\r\n\r\n${chance.pick(['zz\r\n', '-1\r\n', 'ffffffffffffffffff\r\n'])}`,
      );
    case 'signature': {
      const wish = chance.pick(place.wishes);
      const authorization = chance.pick([
        'Authorization: x',
        'Authorization: AWS4-HMAC-SHA256 Credential=//',
        ...wish.headers,
      ]);
      return place.isPublic || !wish.headers.some((line) => line.startsWith('X-Amz-'))
        ? knock(kind, requestOf(`GET ${path}`, [own, authorization]))
        : knock(kind, requestOf(`POST ${wish.path}`, [own, ...wish.headers], wish.body));
    }
    case 'bytes':
      return knock(
        kind,
        `${Array.from({ length: 1 + chance.below(40) }, () => String.fromCharCode(chance.below(256))).join('')}\r\n\r\n`,
      );
  }
}

function knock(kind: string, bytes: string): Knock {
  const isAll = kind === 'length' || kind === 'chunks' || kind === 'bytes';
  return { what: `${kind}: ${JSON.stringify(bytes.slice(0, 160))}`, bytes, isLink: false, isAll };
}

function requestOf(line: string, lines: readonly string[], body = '', connection = 'close'): string {
  const length = body === '' ? [] : [`Content-Length: ${Buffer.byteLength(body)}`];
  return [`${line} HTTP/1.1`, ...lines, `Connection: ${connection}`, ...length, '', body].join('\r\n');
}
