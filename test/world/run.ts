import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';

/** `npm run world -- --minutes 60 [--seed N] [--length N] [--go-on]`: walks for so long, and stops at the first violation. */
const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '10' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    length: { type: 'string', default: '120' },
    'go-on': { type: 'boolean', default: false },
  },
});
const vitest = join(dirname(createRequire(import.meta.url).resolve('vitest/package.json')), 'vitest.mjs');
const env = {
  WORLD_SECONDS: String(Number(values.minutes) * 60),
  WORLD_WALKS: 'Infinity',
  WORLD_SEED: values.seed,
  WORLD_LENGTH: values.length,
  WORLD_GO_ON: values['go-on'] ? '1' : '0',
};
console.log(`seed ${values.seed}`);
const { status } = spawnSync(
  process.execPath,
  [vitest, 'run', 'test/world/world.test.ts', '--disable-console-intercept'],
  {
    stdio: 'inherit',
    env: { ...env, ...process.env },
  },
);
process.exit(status ?? 1);
