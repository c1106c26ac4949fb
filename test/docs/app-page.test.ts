/**
 * The app of docs/app.md, taken from the page as it stands: its own imports, bundled for a browser, sign a user in. In
 * place of a phone it gets React Native for the web, and stand-ins for the two native packages.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openBrowser } from '../../local/browser.ts';
import { type LocalStack, startLocalStack } from '../../local/local-stack.ts';
import { codeFor, freshNumber } from '../../test-kit/sign-in.ts';

const root = join(import.meta.dirname, '../..');
const page = readFileSync(join(root, 'docs/app.md'), 'utf8');
const app = /^```tsx\n(.*?)^```/ms.exec(page)?.[1] ?? '';

/** Modules that only a phone has, and the app itself. */
const modules: Readonly<Record<string, string>> = {
  'the-app': app,
  'expo-secure-store': `
    const kept = new Map();
    export const WHEN_UNLOCKED_THIS_DEVICE_ONLY = 1, AFTER_FIRST_UNLOCK_THIS_DEVICE_ONLY = 2;
    export const getItemAsync = async (key) => kept.get(key) ?? null;
    export const setItemAsync = async (key, value) => void kept.set(key, value);
    export const deleteItemAsync = async (key) => void kept.delete(key);`,
  '@eabdullazyanov/react-native-sms-user-consent': 'export function startSmsHandling() {}',
};

async function bundled(): Promise<string> {
  const { outputFiles } = await build({
    stdin: {
      contents: `import { createRoot } from 'react-dom/client'; import App from 'the-app';
        createRoot(document.getElementById('root')).render(<App />);`,
      loader: 'tsx',
      resolveDir: root,
    },
    bundle: true,
    write: false,
    format: 'esm',
    jsx: 'automatic',
    define: { 'process.env.NODE_ENV': '"production"', __DEV__: 'false' },
    resolveExtensions: ['.web.tsx', '.web.ts', '.web.js', '.tsx', '.ts', '.js'],
    alias: {
      'doorcode-client': join(root, 'clients/typescript/src/index.ts'),
      'doorcode-react-native': join(root, 'clients/react-native/src/index.ts'),
      'react-native': join(root, 'node_modules/react-native-web'),
      react: join(root, 'node_modules/react'),
      'react-dom': join(root, 'node_modules/react-dom'),
    },
    plugins: [
      {
        name: 'modules of a phone',
        setup({ onResolve, onLoad }) {
          onResolve({ filter: /./ }, ({ path }) =>
            path in modules ? { path, namespace: 'phone' } : undefined,
          );
          onLoad({ filter: /./, namespace: 'phone' }, ({ path }) => ({
            contents: modules[path] ?? '',
            loader: 'tsx',
            resolveDir: root,
          }));
        },
      },
    ],
  });
  return outputFiles.map(({ text }) => text).join('');
}

let stack: LocalStack;
beforeAll(async () => {
  stack = await startLocalStack({ workers: 1 });
}, 120_000);
afterAll(() => stack.stop());

it('the app of the page signs a user in, at the address that the page names', async () => {
  const script = await bundled();
  const html = '<!doctype html><div id="root" style="height:100vh;display:flex"></div>';
  const browser = await openBrowser();
  try {
    const tab = await browser.newPage();
    await tab.route('http://127.0.0.1:4010/**', async (route) => {
      const { pathname } = new URL(route.request().url());
      if (!pathname.startsWith('/auth/')) {
        return route.fulfill({
          contentType: 'text/html',
          body: `${html}<script type="module">${script.replaceAll('</script', '<\\/script')}</script>`,
        });
      }
      return route.fulfill({ response: await route.fetch({ url: stack.apiUrl + pathname }) });
    });
    await tab.goto('http://127.0.0.1:4010/');
    const number = freshNumber();
    await tab.getByLabel('Mobile number').fill(number.slice(3));
    await tab.getByRole('button', { name: 'Send code' }).click();
    await tab.getByLabel('6-digit code').waitFor();
    await tab.getByLabel('6-digit code').fill(codeFor(stack, number));
    await tab.getByText('Signed in', { exact: true }).waitFor();
    expect(await tab.getByText('Signed in', { exact: true }).count()).toBe(1);
  } finally {
    await browser.close();
  }
}, 60_000);
