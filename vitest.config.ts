import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/{unit,recorded,integration,contract,migrations,e2e}/**/*.test.ts'],
    setupFiles: ['test/support/properties.ts'],
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 20_000,
    hookTimeout: 30_000,
  },
});
