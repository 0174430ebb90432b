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

/** The table and the function of the hand-written manager: looks one row up, decides, writes it. */
const ORIGINAL = `
  create schema original;
  create table original.repository_categories (
    id uuid primary key default gen_random_uuid(), repository_id uuid unique, category varchar(20),
    priority_level integer default 0, is_test_repository boolean default false, star_count integer,
    contributor_count integer, pr_count integer, monthly_activity_score integer default 0,
    last_categorized_at timestamptz, created_at timestamptz default now(), updated_at timestamptz default now());
  create index on original.repository_categories (category);
  insert into original.repository_categories (repository_id, star_count, contributor_count, pr_count)
    select repository_id::uuid, star_count, contributor_count, pr_count from repository_categories;
  create function original.categorize_repository(repo_id uuid) returns varchar language plpgsql as $$
  declare
    r original.repository_categories;
    size varchar;
  begin
    select * into r from original.repository_categories where repository_id = repo_id;
    if r.star_count = 0 and r.contributor_count <= 2 and r.pr_count <= 10 then size := 'test';
    elsif r.star_count <= 50 and r.contributor_count <= 10 and r.pr_count <= 100 then size := 'small';
    elsif r.star_count <= 500 and r.contributor_count <= 50 and r.pr_count <= 1000 then size := 'medium';
    elsif r.star_count <= 5000 and r.contributor_count <= 200 and r.pr_count <= 10000 then size := 'large';
    else size := 'enterprise';
    end if;
    update original.repository_categories set category = size, last_categorized_at = now(), updated_at = now()
    where repository_id = repo_id;
    return size;
  end
  $$`;

await withDatabase(async (pool) => {
  const store = createStore(pool);
  await fillRegistry(pool, COUNT);
  await pool.query(ORIGINAL);
  await pool.query(`vacuum analyze original.repository_categories`);
  const each = await once(() =>
    pool.query(
      `select count(original.categorize_repository(repository_id)) from original.repository_categories`,
    ),
  );
  await pool.query(`drop schema original cascade`);
  const all = await once(() => store.registry.categorizeAll(claim));
  const nothing = await once(() => store.registry.categorizeAll(claim));
  print(`categorise ${COUNT.toLocaleString('en')}`, [
    { what: 'a function per row', milliseconds: each },
    { what: 'in one statement', milliseconds: all, reach: { times: 0.5 } },
    { what: 'nothing changed', milliseconds: nothing, reach: { milliseconds: 1000 } },
  ]);
});
