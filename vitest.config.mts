import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    globalSetup: ['test/support/build.ts'],
    include: ['test/**/*.test.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    pool: 'forks',
    maxWorkers: 2,
    // Syntheses make much that lives for a moment only: with room for it, the collector is asked less often.
    execArgv: ['--max-semi-space-size=128'],
    // Files share the modules that a worker has loaded: loading the CDK and the rules anew for each file took half of all time.
    isolate: false,
    // The CDK's own template validation costs ten times what a synthesis costs, and only warns. One test asks for it by name
    // (constructs-aws-valid.test.ts); all others synthesise without.
    env: { CDK_VALIDATION: 'false' },
  },
});
