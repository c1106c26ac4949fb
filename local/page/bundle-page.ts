/** The page's script: the React Native example, rendered for the web from the same files that an app uses. */
import { join } from 'node:path';

const root = join(import.meta.dirname, '../..');

/** Bundles the script in less than a second. It loads the bundler at the first request, not at the start of the stack. */
export async function bundlePage(): Promise<string> {
  const { build } = await import('esbuild');
  const { outputFiles } = await build({
    entryPoints: [join(import.meta.dirname, 'browser/main.tsx')],
    bundle: true,
    minify: true,
    write: false,
    format: 'esm',
    target: 'es2022',
    jsx: 'automatic',
    define: { 'process.env.NODE_ENV': '"production"', __DEV__: 'false' },
    resolveExtensions: ['.web.tsx', '.web.ts', '.web.js', '.tsx', '.ts', '.js'],
    legalComments: 'none',
    alias: {
      'doorcode-client': join(root, 'clients/typescript/src/index.ts'),
      'doorcode-react-native': join(root, 'clients/react-native/src/index.ts'),
      'doorcode-example': join(root, 'clients/react-native/example/example-app.tsx'),
      // React Native for the web, with the text size of a phone's settings.
      'react-native': join(import.meta.dirname, 'browser/scaled-native.js'),
      'react-native-web': join(root, 'node_modules/react-native-web'),
      // Only one copy of React, even where the clients have installed their own for its types.
      react: join(root, 'node_modules/react'),
      'react-dom': join(root, 'node_modules/react-dom'),
    },
  });
  return outputFiles.map(({ text }) => text).join('');
}
