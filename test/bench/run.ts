/**
 * Every bench, one after the other, each in a process of its own.
 *
 *   npx tsx test/bench/run.ts [name ...]
 */
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** What they share, and what needs another checkout beside this one. */
const HELPERS = [
  'beside.ts',
  'run.ts',
  'fuse-process.ts',
  'shared-outage-process.ts',
  'relay-process.ts',
  'relay-outcomes-process.ts',
  'built-relay.ts',
  'database.ts',
  'table.ts',
  'processor-time.ts',
  'peers.ts',
  'first-stage.ts',
  'healthy-fleets.ts',
];
const wanted = process.argv.slice(2);
const names = readdirSync(import.meta.dirname)
  .filter((file) => file.endsWith('.ts') && !HELPERS.includes(file))
  .filter((file) => wanted.length === 0 || wanted.includes(file.replace('.ts', '')))
  .sort();

const tsx = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;
for (const name of names) {
  console.log(`${name}\n`);
  const { status } = spawnSync(process.execPath, ['--import', tsx, join(import.meta.dirname, name)], {
    stdio: 'inherit',
  });
  if (status !== 0) process.exitCode = 1;
}
