import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const src = join(import.meta.dirname, '../src');

/** Where this machine's clock is right: nothing of it meets a time of the database. */
const OWN_CLOCK: Record<string, string> = {
  'actions/commands/plan.ts': 'a plan of file against file, without a database',
  'cli/commands/plan.ts': 'a plan of file against file, without a database',
  'cli/commands/record.ts': 'set right by what it is off from the database before anything is compared',
  'cli/commands/serve.ts': 'how long answers are kept and requests limited',
  'cli/demo/health.ts': 'the demo writes its own past',
  'compose/environment/github.ts': 'how long GitHub asks to wait',
  'runtime/follow/database-clock.ts': 'believed only until the database is heard of',
  'runtime/follow/keeping.ts': 'how old a snapshot on disk is, where nobody answers',
  'runtime/testing/test-rollout.ts': 'a rollout without a database',
  'store/embedded/embedded.ts': 'patience with a server that starts',
  'store/embedded/lock.ts': 'patience with a server that starts',
  'store/embedded/server.ts': 'patience with a server that starts',
};

test('src reads the machine’s clock only in listed places, where it never meets a time of the database', () => {
  const files = readdirSync(src, { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith('.ts'),
  );
  const asking = files.filter((file) =>
    /Date\.now\b|new Date\(\)/.test(readFileSync(join(src, file), 'utf8')),
  );
  expect(asking.sort()).toEqual(Object.keys(OWN_CLOCK).sort());
});
