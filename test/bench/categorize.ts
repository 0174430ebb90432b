/**
 * Categorising 1,000,000 repositories: the original's way, a function per row in one SELECT, beside ours.
 *
 *   npx tsx test/bench/categorize.ts
 */
import { createStore } from '../../src/store/store.ts';
import { fillRegistry, withDatabase } from './database.ts';
import { once, print } from './table.ts';

const COUNT = 1_000_000;
const claim = { actor: 'bench', reason: 'bench' };

/** What the hand-written manager had: looks one row up, decides, writes it. */
const ORIGINAL = `create function pg_temp.categorize_one(repo_id text) returns text language plpgsql as $$
declare
  r repository_categories;
  size text;
begin
  select * into r from repository_categories where repository_id = repo_id;
  if r.star_count = 0 and r.contributor_count <= 2 and r.pr_count <= 10 then size := 'test';
  elsif r.star_count <= 50 and r.contributor_count <= 10 and r.pr_count <= 100 then size := 'small';
  elsif r.star_count <= 500 and r.contributor_count <= 50 and r.pr_count <= 1000 then size := 'medium';
  elsif r.star_count <= 5000 and r.contributor_count <= 200 and r.pr_count <= 10000 then size := 'large';
  else size := 'enterprise';
  end if;
  update repository_categories set category = size, last_categorized_at = now(), updated_at = now()
  where repository_id = repo_id;
  return size;
end
$$`;

await withDatabase(async (pool) => {
  const store = createStore(pool);
  await fillRegistry(pool, COUNT);
  const client = await pool.connect();
  await client.query(ORIGINAL);
  const each = await once(() =>
    client.query(`select count(pg_temp.categorize_one(repository_id)) from repository_categories`),
  );
  client.release();
  await pool.query(`truncate repository_categories, rollout_category_history`);
  await fillRegistry(pool, COUNT);
  const all = await once(() => store.categorizeAll(claim));
  const nothing = await once(() => store.categorizeAll(claim));
  print(`categorise ${COUNT.toLocaleString('en')}`, [
    { what: 'a function per row', milliseconds: each },
    { what: 'in one statement', milliseconds: all, reach: { times: 0.5 } },
    { what: 'nothing changed', milliseconds: nothing, reach: { milliseconds: 1000 } },
  ]);
});
