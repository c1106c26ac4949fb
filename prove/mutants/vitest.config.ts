import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: [
      'test/{flow,foreign-tokens,http,limits,otp,provider,rotation,runtime,secrets,sessions,settings,table,tokens}/**/*.test.ts',
    ],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    maxWorkers: 1,
  },
});
