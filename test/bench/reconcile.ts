/**
 * A reconcile of a file of 10,000 features that changes nothing, and one that changes one, beside parsing and
 * validating the same file.
 *
 *   npx tsx test/bench/reconcile.ts
 */

import type { ConfigurationRepository } from '../../src/app/ports/configuration-repository.ts';
import { loadFile } from '../../src/app/reconcile/file/desired.ts';
import { reconcile } from '../../src/app/reconcile/reconcile.ts';
import { words } from '../../src/report/kept.ts';
import { createStore } from '../../src/store/store.ts';
import { withDatabase } from './database.ts';
import { interleaved, print } from './table.ts';

const COUNT = 10_000;
const RUNS = 5;

/** The file; `last` is the percentage of its last feature. */
function fileOf(last: number): Uint8Array {
  const lines = ['version: 1', 'features:'];
  for (let n = 0; n < COUNT; n++) {
    lines.push(
      `  feature_${n}:`,
      `    description: Feature number ${n}`,
      `    owner: "@acme/team-${n % 20}"`,
      `    percentage: ${n === COUNT - 1 ? last : n % 100}`,
      `    whitelist: [acme/app-${n}, r${n}]`,
    );
  }
  return Buffer.from(`${lines.join('\n')}\n`);
}

/** Outside a repository: the file itself is the truth. */
function repositoryOf(content: Uint8Array): ConfigurationRepository {
  return {
    committed: false,
    readTip: async () => ({ path: 'rollout.yaml', content, revision: null }),
    read: async () => ({ path: 'rollout.yaml', content, revision: null }),
    settlement: async () => 'uncommitted',
    change: async () => ({ state: 'edited' }),
    withdraw: async () => {},
  };
}

await withDatabase(async (pool) => {
  const store = createStore(pool);
  const apply = async (content: Uint8Array) => {
    const deps = { store, repository: repositoryOf(content), words };
    const { changes, problems } = await reconcile(deps, {
      actor: 'bench',
      allowRewind: false,
      revision: null,
    });
    const errors = problems.filter(({ severity }) => severity === 'error');
    if (errors.length > 0) throw new Error(errors[0]?.message);
    return changes.length;
  };
  const content = fileOf(1);
  if ((await apply(content)) !== COUNT) throw new Error('the first reconcile did not create every feature');
  await pool.query('vacuum analyze');
  let last = 1;
  const [parse = 0, nothing = 0, one = 0] = await interleaved(RUNS, [
    async () => loadFile({ path: 'rollout.yaml', content: fileOf(last), revision: null }),
    () => apply(fileOf(last)),
    async () => {
      last += 1;
      if ((await apply(fileOf(last))) !== 1) throw new Error('not one change');
    },
  ]);
  print(`reconcile ${COUNT.toLocaleString('en')} features`, [
    { what: 'parse and validate the file', milliseconds: parse },
    { what: 'reconcile, nothing changed', milliseconds: nothing, reach: { times: 2 } },
    { what: 'reconcile, one changed', milliseconds: one, reach: { times: 2 } },
  ]);
});
