import { join } from 'node:path';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  resolve: {
    alias: { 'doorcode-client': join(import.meta.dirname, 'clients/typescript/src/index.ts') },
  },
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/support/temporary-folder.ts'],
    testTimeout: 60_000,
    // A hook may start a stack and play all flows: seconds, but a minute where the machine is busy.
    hookTimeout: 180_000,
    maxWorkers: 2,
  },
});
