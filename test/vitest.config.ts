import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    root: new URL('..', import.meta.url).pathname,
    include: ['test/**/*.test.ts'],
    environment: 'node',
    globalSetup: ['test/support/built.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // Files share the modules that a worker has loaded: loading them anew for each file took a third of the whole run. What a test
    // leaves behind in a module or in the environment would be seen by others, so none may.
    pool: 'threads',
    isolate: false,
    // Left alone, a machine with two processors gets one worker. Tests that start processes wait for them most of the time.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    coverage: {
      provider: 'v8',
      include: ['shared/**/*.ts', 'functions/**/*.ts'],
      reporter: ['text-summary'],
    },
  },
});
