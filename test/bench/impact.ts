/**
 * Who enters and leaves by a change of one feature, over 1,000,000 subjects, beside a plain count of them.
 *
 *   npx tsx test/bench/impact.ts
 */
import type { Exposure, ResolvedExposure } from '../../src/domain/spec/spec.ts';
import { createStore } from '../../src/store/store.ts';
import { audience, exposure } from '../helpers/data/specs.ts';
import { fillRegistry, withDatabase } from './database.ts';
import { interleaved, print, type Row } from './table.ts';

const COUNT = 1_000_000;
const RUNS = 7;

const at = (percentage: number, more: Partial<Exposure> = {}): ResolvedExposure =>
  exposure({ percentage, salt: 'capture', ...more });
const ids = (count: number) => Array.from({ length: count }, (_, n) => `listed-${n}`);

const CHANGES: [what: string, before: ResolvedExposure | null, after: ResolvedExposure][] = [
  ['10% to 25%', at(10), at(25)],
  ['new at 10%', null, at(10)],
  ['10% to 100%', at(10), at(100)],
  ['10% to 25% of small ones', at(10, { categories: ['small'] }), at(25, { categories: ['small'] })],
  ['20 in the whitelist more', at(10), at(10, { whitelist: ids(20) })],
  ['10,000 in the whitelist', at(10, { whitelist: ids(10_000) }), at(25, { whitelist: ids(10_000) })],
  ['a name in the blacklist more', at(25), at(25, { blacklist: ['evil/corp'] })],
  ['by size, 10% to 25%', at(10, { strategy: 'repository_size' }), at(25, { strategy: 'repository_size' })],
  ['switched off', at(25), at(25, { active: false })],
  [
    '10% to 25% of those with an attribute',
    at(10, { where: { plan: ['pro'] } }),
    at(25, { where: { plan: ['pro'] } }),
  ],
  ['a value more', at(25, { where: { plan: ['pro'] } }), at(25, { where: { plan: ['pro', 'free'] } })],
  ['10% to 25% by owner', at(10, { group_by: 'owner' }), at(25, { group_by: 'owner' })],
  ['an owner in the whitelist more', at(10), at(10, { whitelist: ['owner-7/*'] })],
  ['another salt', at(25), at(25, { salt: 'other' })],
];

await withDatabase(async (pool) => {
  const store = createStore(pool);
  await fillRegistry(pool, COUNT);
  await store.registry.categorizeAll({ actor: 'bench' });
  await pool.query(
    `update repository_categories set attributes = jsonb_build_object('plan', (array['free', 'pro', 'max'])[1 + abs(hashtext(repository_id)) % 3])`,
  );
  await pool.query(`vacuum full analyze repository_categories`);
  const scan = () => pool.query(`select count(*) from repository_categories`);
  const works = CHANGES.map(
    ([, before, after]) =>
      () =>
        store.reading((read) => read.features.impact(audience(before, after))),
  );
  const [anchor = 0, ...times] = await interleaved(RUNS, [scan, ...works]);
  const rows: Row[] = [{ what: 'select count(*)', milliseconds: anchor }];
  for (const [index, [what]] of CHANGES.entries()) {
    rows.push({ what, milliseconds: times[index] ?? Number.NaN, reach: { times: 2.5 } });
  }
  print(`impact over ${COUNT.toLocaleString('en')}`, rows);
});
