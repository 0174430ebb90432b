import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';
import { applyFeature } from '../helpers/data/features.ts';
import { type TestDatabase, testDatabase } from '../helpers/database/database.ts';
import { CLIENT, relayOver, WRITER } from '../helpers/http/relays.ts';
import { temporaryFolder } from '../helpers/projects/git.ts';
import { patience } from '../helpers/run/pace.ts';
import { type Installed, installPacked } from './installed.ts';

const execute = promisify(execFile);

/** Other runtimes, by the npm package that carries a binary for Linux on x64, and how each runs a file. */
const RUNTIMES = [
  { name: 'Deno', npm: '@deno/linux-x64-glibc', binary: 'deno', args: ['run', '--allow-all', '--no-lock'] },
  { name: 'Bun', npm: '@oven/bun-linux-x64', binary: 'bin/bun', args: ['run'] },
];

/** Each is some 100 MB, so none is a dependency: fetched for this test, which is skipped where it cannot be had. */
async function fetched(npm: string, binary: string): Promise<string | null> {
  if (process.platform !== 'linux' || process.arch !== 'x64') return null;
  const folder = await temporaryFolder();
  await writeFile(join(folder, 'package.json'), '{ "private": true }');
  const install = ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--prefer-offline', npm];
  await execute('npm', install, { cwd: folder, timeout: patience(60_000) }).catch(() => {});
  const path = join(folder, 'node_modules', npm, binary);
  return existsSync(path) ? path : null;
}

/** The same program in each: it follows a relay, decides, records, and opens the database itself. */
const program = (url: string, connectionString: string) => `
  import { createRollout } from 'rollout-controller';
  import { createRollout as createRelayed } from 'rollout-controller/http';
  import { testRollout } from 'rollout-controller/testing';
  const found = [testRollout({ a: true }).isEligible('a', 'x')];
  const relayed = await createRelayed({ url: ${JSON.stringify(url)}, token: '${CLIENT}', writeToken: '${WRITER}', env: {} });
  found.push(relayed.state().status, relayed.isEligible('checkout', 'x'), relayed.isEligible('missing', 'x'));
  relayed.record({ feature: 'checkout', subject: 'x', processor: 'elsewhere', ok: true });
  found.push(await relayed.flush());
  await relayed.close();
  const direct = await createRollout({ connectionString: ${JSON.stringify(connectionString)}, env: {} });
  found.push(direct.state().status, direct.isEligible('checkout', 'x'));
  await direct.close();
  console.log(JSON.stringify(found));`;

const binaries = await Promise.all(RUNTIMES.map(({ npm, binary }) => fetched(npm, binary)));

describe.skipIf(binaries.every((one) => one === null))('the packed package', () => {
  let installed: Installed;
  let db: TestDatabase;
  let url: string;
  beforeAll(async () => {
    installed = await installPacked();
    db = await testDatabase();
    await applyFeature(db.pool, 'checkout', { percentage: 100 });
    url = (await relayOver(db.connectionString)).url;
    await installed.write('program.mjs', program(url, db.connectionString));
  }, patience(180_000));

  for (const [nth, { name, args }] of RUNTIMES.entries()) {
    const binary = binaries[nth] ?? null;
    it.skipIf(binary === null)(
      `the packed package decides and records in ${name}, over a relay and over PostgreSQL`,
      async () => {
        const { stdout } = await installed.run(binary ?? '', [...args, 'program.mjs']);
        expect(JSON.parse(stdout.trim())).toEqual([true, 'ready', true, false, true, 'ready', true]);
        const rows = await db.rows(
          `select sum(total_jobs)::int as jobs from rollout_metrics where processor_type = 'elsewhere'`,
        );
        expect(rows[0]?.jobs).toBeGreaterThan(0);
        await db.rows('truncate rollout_metrics');
      },
      patience(60_000),
    );
  }
});
