import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';
import { LongestFirst } from './test/helpers/run/longest-first.ts';
import { patience } from './test/helpers/run/pace.ts';

/** Rooms whose tests need no database and no process: `npm run test:unit`. */
const unit = 'test/{domain,config,lib,report}/**/*.test.ts';
/** Rooms whose files need a database or a process, and leave nothing behind in the process they run in. */
const shared = [
  'test/{compose,github,helpers,managers,notify,worktree}/**/*.test.ts',
  'test/app/{health,incidents,operate,outcomes,registry,setup,views}/**/*.test.ts',
  'test/runtime/openfeature/**/*.test.ts',
  'test/store/{configuration,guardrails,health,incidents,registry,score}/**/*.test.ts',
];
const others = ['test/*.test.ts', 'test/!(domain|config|lib|report)/**/*.test.ts'];
const globalSetup = ['test/helpers/run/global-setup.ts'];
/** Tests of those rooms that need one all the same, or that alone take as long as the others together. */
const apart = [
  'test/domain/originals/pilot.test.ts',
  'test/report/page/page-*.test.ts',
  'test/config/edit/edit.property.test.ts',
  'test/config/hostile.property.test.ts',
];

export default defineConfig({
  test: {
    pool: 'forks',
    // One more than there are cores: a test often waits for a server or a process.
    maxWorkers: Math.min(availableParallelism() + 1, 6),
    // Real databases, real processes: limits that only a hang reaches, longer where the machine is slow or busy.
    testTimeout: patience(180_000),
    hookTimeout: patience(180_000),
    teardownTimeout: patience(30_000),
    expect: { poll: { timeout: patience(45_000) } },
    sequence: { sequencer: LongestFirst },
    setupFiles: ['test/helpers/run/each-file.ts'],
    projects: [
      // Decisions without state: the files of a worker share its modules, which are read once.
      { extends: true, test: { name: 'unit', include: [unit], exclude: apart, isolate: false } },
      // What a file opened ends with it by `atEnd`.
      { extends: true, test: { name: 'shared', include: shared, globalSetup, isolate: false } },
      // A process for each file.
      {
        extends: true,
        test: {
          ...{ name: 'whole', include: [...others, ...apart], globalSetup },
          exclude: ['**/node_modules/**', ...shared],
        },
      },
    ],
  },
});
