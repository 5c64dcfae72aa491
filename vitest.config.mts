import { basename } from 'node:path';
import { configDefaults, defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Tests that start package managers, policy engines, shells and whole programs: `npm run test:services`, which CI runs too. */
export const SERVICES = [
  'test/constructs-aws-valid.test.ts',
  'test/crossguard.test.ts',
  'test/crossguard-program.test.ts',
  'test/gather-pulumi-errors.test.ts',
  'test/package.test.ts',
  'test/review-docs.test.ts',
];

/** What takes longest starts first, so that no worker is left alone with it in the end. */
const LONGEST = ['review-corpus', 'review-properties', 'constructs-azure-weakening', 'stacks-azure', 'constructs-azure-claims'];

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification): number => {
      const place = LONGEST.indexOf(basename(moduleId, '.test.ts'));
      return place < 0 ? LONGEST.length : place;
    };
    return (await super.sort(files)).sort((one, other) => rank(one) - rank(other));
  }
}

export default defineConfig({
  test: {
    globalSetup: ['test/support/build.ts', 'test/support/temporary.ts'],
    setupFiles: ['test/support/seed.ts'],
    include: ['test/**/*.test.ts'],
    exclude: [...configDefaults.exclude, ...SERVICES],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    pool: 'forks',
    maxWorkers: 2,
    sequence: { sequencer: LongestFirst },
    // Syntheses make much that lives for a moment only: with room for it, the collector is asked less often.
    execArgv: ['--max-semi-space-size=128'],
    // Files share the modules that a worker has loaded: loading the CDK and the rules anew for each file took half of all time.
    isolate: false,
    // The CDK's own template validation costs ten times what a synthesis costs, and only warns. One test asks for it by name
    // (constructs-aws-valid.test.ts); all others synthesise without.
    env: { CDK_VALIDATION: 'false' },
  },
});
