/** The files of the page: its own, the bundled example, the API's document and the library that shows it. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { bundlePage } from './bundle-page.ts';

export interface PageFile {
  readonly headers: Readonly<Record<string, string>>;
  readonly content: Buffer | string;
}

const here = join(import.meta.dirname, 'browser');
const root = join(import.meta.dirname, '../..');
const library = dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'));

const types = {
  html: 'text/html; charset=utf-8',
  css: 'text/css; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
};

const plain: Readonly<Record<string, { readonly path: string; readonly type: string }>> = {
  '/': { path: join(here, 'page.html'), type: types.html },
  '/page.css': { path: join(here, 'page.css'), type: types.css },
  '/docs': { path: join(here, 'docs.html'), type: types.html },
  '/docs.js': { path: join(here, 'docs.js'), type: types.js },
  '/docs.css': { path: join(here, 'docs.css'), type: types.css },
  '/swagger-ui.css': { path: join(library, 'swagger-ui.css'), type: types.css },
  '/swagger-ui.js': { path: join(library, 'swagger-ui-bundle.js'), type: types.js },
};

/** react-native-web and the library write their styles themselves; scripts still come from here alone. */
const styledGuards = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; connect-src 'self'; img-src 'self' data:; base-uri 'none'; frame-ancestors 'none'; form-action 'none'",
};

/** Gives the file at a path. It bundles the example once, at the first request. */
export function pageFiles(): (pathname: string) => Promise<PageFile | undefined> {
  let bundle: Promise<string> | undefined;
  return async (pathname) => {
    if (pathname === '/page.js') {
      bundle ??= bundlePage();
      return { headers: { 'content-type': types.js }, content: await bundle };
    }
    if (pathname === '/openapi.json')
      return { headers: { 'content-type': 'application/json' }, content: localDocument() };
    const file = Object.hasOwn(plain, pathname) ? plain[pathname] : undefined;
    if (file === undefined) return undefined;
    const guards = file.type === types.html ? styledGuards : {};
    return { headers: { 'content-type': file.type, ...guards }, content: readFileSync(file.path) };
  };
}

/** The document, with this server in place of the adopter's: "Try it out" works. */
function localDocument(): string {
  const document = JSON.parse(readFileSync(join(root, 'openapi.json'), 'utf8'));
  return JSON.stringify({ ...document, servers: [{ url: '/', description: 'The local stack' }] });
}
