import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/{adapters,flow,http,otp,tokens}/**/*.test.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    maxWorkers: 1,
  },
});
