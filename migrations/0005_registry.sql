set local search_path = pg_catalog, pg_temp;

-- The registry of repositories, with the counts that decide their size. A null count is unknown.
create table public.repository_categories (
  repository_id text primary key check (length(repository_id) between 1 and 512),
  full_name text,
  category text check (category in ('test', 'small', 'medium', 'large', 'enterprise')),
  priority_level integer generated always as (case category
    when 'test' then 100 when 'small' then 80 when 'medium' then 60 when 'large' then 40
    when 'enterprise' then 20 end) stored,
  is_test_repository boolean not null default false,
  star_count integer check (star_count >= 0),
  contributor_count integer check (contributor_count >= 0),
  pr_count integer check (pr_count >= 0),
  attributes jsonb not null default '{}' constraint attributes_are_texts check (
    jsonb_typeof(attributes) = 'object' and not attributes @? 'strict $.* ? (@.type() != "string")'),
  facts jsonb generated always as (attributes || case when position('/' in full_name) > 0
    then jsonb_object(array['owner', lower(split_part(full_name, '/', 1) collate "C")]) else '{}' end) stored,
  monthly_activity_score integer generated always as (least(100,
    coalesce(star_count, 0)::bigint + coalesce(contributor_count, 0) + coalesce(pr_count, 0) / 10)) stored,
  last_categorized_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
) with (fillfactor = 50); -- room for a new category beside the old row, so that no index must be written
create unique index repository_categories_name on public.repository_categories (lower(full_name collate "C"));
comment on column public.repository_categories.facts is 'What where, not and group_by of a feature go by: the attributes, and the owner in the name that the repository has now.';
comment on column public.repository_categories.is_test_repository is 'Named in test_repositories of rollout.yaml: category test whatever the size.';
comment on column public.repository_categories.last_categorized_at is 'When the category last changed.';

-- The attributes that are texts: earlier values of applications may have any type, but filters only use texts.
create function public.rollout_texts(attributes jsonb) returns jsonb
language sql immutable parallel safe
return case when jsonb_typeof(attributes) = 'object' then coalesce((
  select jsonb_object_agg(key, value) from jsonb_each(attributes) where jsonb_typeof(value) = 'string'), '{}')
  else '{}' end;

create table public.rollout_customers (
  customer_id text primary key check (length(customer_id) between 1 and 512),
  name text,
  attributes jsonb not null default '{}',
  facts jsonb generated always as (case
    when jsonb_typeof(attributes) = 'object' and not attributes @? 'strict $.* ? (@.type() != "string")' then attributes
    else public.rollout_texts(attributes) end) stored,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
comment on table public.rollout_customers is 'The registry of customers, for features whose subject is a customer.';
comment on column public.rollout_customers.facts is 'What where, not and group_by of a feature go by: the attributes that are texts.';

create view public.rollout_subjects as
  select 'repository' as subject_type, repository_id as subject_id, full_name as name, category, facts
  from public.repository_categories
  union all
  select 'customer', customer_id, name, null, facts from public.rollout_customers;

-- Readers use the view with their own rights. PostgreSQL 14 has no such views: there it is granted only to roles that
-- may read its tables.
do $$
begin
  if current_setting('server_version_num')::integer >= 150000 then
    execute 'alter view public.rollout_subjects set (security_invoker = true)';
  end if;
end
$$;

-- Former categories, with the time until which they were valid, to explain past decisions.
create table public.rollout_category_history (
  repository_id text not null,
  category text not null,
  since timestamptz,
  until timestamptz not null
);
create index rollout_category_history_subject on public.rollout_category_history (repository_id, until);

create function public.rollout_keep_category() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  if tg_relid <> 'public.repository_categories'::regclass then
    raise exception '% is not a trigger of %', tg_name, tg_relid::regclass using errcode = 'insufficient_privilege';
  end if;
  insert into public.rollout_category_history (repository_id, category, since, until)
  values (old.repository_id, old.category, old.last_categorized_at, now());
  return null;
end
$$;
create trigger rollout_keep_category after update of category on public.repository_categories
  for each row when (old.category is not null and old.category is distinct from new.category)
  execute function public.rollout_keep_category();

-- Former facts, with the time until which they were valid: for subjects that entered by a new fact, and to explain
-- past decisions.
create table public.rollout_facts_history (
  subject_type text not null check (subject_type in ('repository', 'customer')),
  subject_id text not null,
  facts jsonb not null,
  until timestamptz not null
);
create index rollout_facts_history_subject on public.rollout_facts_history (subject_type, subject_id, until);
create index rollout_facts_history_until on public.rollout_facts_history (subject_type, until);
comment on table public.rollout_facts_history is 'Facts of subjects before they changed; until is when they did.';

create function public.rollout_keep_facts() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  if tg_relid = 'public.repository_categories'::regclass then
    insert into public.rollout_facts_history (subject_type, subject_id, facts, until)
    values ('repository', old.repository_id, old.facts, now());
  elsif tg_relid = 'public.rollout_customers'::regclass then
    insert into public.rollout_facts_history (subject_type, subject_id, facts, until)
    values ('customer', old.customer_id, old.facts, now());
  else
    raise exception '% is not a trigger of %', tg_name, tg_relid::regclass using errcode = 'insufficient_privilege';
  end if;
  return null;
end
$$;
create trigger rollout_keep_facts after update on public.repository_categories
  for each row when (old.facts is distinct from new.facts) execute function public.rollout_keep_facts();
create trigger rollout_keep_facts after update on public.rollout_customers
  for each row when (old.facts is distinct from new.facts) execute function public.rollout_keep_facts();

-- Subjects whose facts changed after a moment, with their facts at that moment and the time of the last change.
create function public.rollout_facts_since(type text, moment timestamptz)
returns table (subject_id text, facts jsonb, came timestamptz)
language sql stable set search_path = pg_catalog, pg_temp as $$
  select h.subject_id, (array_agg(h.facts order by h.until))[1], max(h.until)
  from public.rollout_facts_history h
  where h.subject_type = type and h.until > moment
  group by h.subject_id
$$;

-- Taken first by every change of many registry rows, so that two of them cannot wait for each other.
create function public.rollout_lock_registry() returns void
language sql set search_path = pg_catalog, pg_temp as $$
  select pg_advisory_xact_lock(hashtextextended('rollout registry', 0))
$$;

-- The first category that fits; null if no count is known, because such a repository has no size. Next to a known
-- count an unknown one is 0. Without sub-select and settings, so that PostgreSQL can inline it.
create function public.rollout_category(stars integer, contributors integer, prs integer, is_test boolean) returns text
language sql immutable parallel safe
return case
    when is_test then 'test'
    when coalesce(stars, contributors, prs) is null then null
    when coalesce(stars, 0) <= 0 and coalesce(contributors, 0) <= 2 and coalesce(prs, 0) <= 10 then 'test'
    when coalesce(stars, 0) <= 50 and coalesce(contributors, 0) <= 10 and coalesce(prs, 0) <= 100 then 'small'
    when coalesce(stars, 0) <= 500 and coalesce(contributors, 0) <= 50 and coalesce(prs, 0) <= 1000 then 'medium'
    when coalesce(stars, 0) <= 5000 and coalesce(contributors, 0) <= 200 and coalesce(prs, 0) <= 10000 then 'large'
    else 'enterprise'
  end;

-- Resolves names of rollout.yaml that now have a subject. From then on an entry keeps its id, so a later owner of the
-- name inherits nothing.
create function public.rollout_resolve_names(ids text[]) returns integer
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  found record;
  previous_action text := current_setting('rollout.action', true);
  previous_reason text := current_setting('rollout.reason', true);
  resolved_count integer := 0;
begin
  for found in
    select c.feature_name, jsonb_object_agg(e.key, r.repository_id) as names
    from public.rollout_configuration c
    cross join lateral jsonb_each(c.resolved) e
    join public.repository_categories r
      on lower(r.full_name collate "C") = lower(e.key collate "C") and r.repository_id = any (ids)
    where c.resolved @? '$.* ? (@ == null)' and c.subject_type = 'repository' and e.value = 'null'
      -- What was edited by hand is put back first, by reconcile.
      and c.seal = public.rollout_seal(c.revision, c.resolved)
    group by c.feature_name
    order by c.feature_name
  loop
    perform set_config('rollout.action', 'population_changed', true);
    perform set_config('rollout.reason', 'now known: ' || (
      select string_agg(format('%s is %s', key, value), ', ' order by key) from jsonb_each_text(found.names)), true);
    update public.rollout_configuration c set
      resolved = c.resolved || found.names,
      seal = public.rollout_seal(c.revision, c.resolved || found.names),
      target_repositories = array(
        select distinct coalesce(found.names ->> entry, entry) from unnest(c.target_repositories) entry
        order by 1),
      excluded_repositories = array(
        select entry from unnest(c.excluded_repositories) entry
        where found.names ->> entry is null or entry = lower(entry collate "C")
        union
        select n.value from jsonb_each_text(found.names) n
        where lower(n.key collate "C") = any (c.excluded_repositories)
        order by 1),
      -- Whoever is new is counted as new; this is for those that were renamed.
      soak_entered = c.soak_entered + (
        select count(*) from jsonb_each_text(found.names) n
        join public.repository_categories r on r.repository_id = n.value and r.created_at <= c.step_started_at
        where n.key = any (c.target_repositories)),
      updated_at = now()
    where c.feature_name = found.feature_name;
    resolved_count := resolved_count + 1;
  end loop;
  perform set_config('rollout.action', coalesce(previous_action, ''), true);
  perform set_config('rollout.reason', coalesce(previous_reason, ''), true);
  return resolved_count;
end
$$;

-- Resolves all names in lists that now have a subject. Costs nothing if there are none.
create function public.rollout_resolve_pending() returns void
language sql security definer set search_path = pg_catalog, pg_temp as $$
  select public.rollout_resolve_names(array_agg(r.repository_id))
  from public.rollout_configuration c
  cross join lateral jsonb_each(c.resolved) e
  join public.repository_categories r on lower(r.full_name collate "C") = lower(e.key collate "C")
  where e.value = 'null'
  having count(*) > 0
$$;

create function public.rollout_resolve_subject() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  if tg_relid <> 'public.repository_categories'::regclass then
    raise exception '% is not a trigger of %', tg_name, tg_relid::regclass using errcode = 'insufficient_privilege';
  end if;
  perform public.rollout_resolve_names(array[new.repository_id]);
  return null;
end
$$;
-- An import resolves all its names at once, which the setting rollout.import announces.
create trigger rollout_resolve_new_subject after insert on public.repository_categories
  for each row when (new.full_name is not null
    and coalesce(current_setting('rollout.import', true), '') <> 'on')
  execute function public.rollout_resolve_subject();
create trigger rollout_resolve_renamed_subject after update of full_name on public.repository_categories
  for each row when (new.full_name is not null and new.full_name is distinct from old.full_name
    and coalesce(current_setting('rollout.import', true), '') <> 'on')
  execute function public.rollout_resolve_subject();

-- Is the repository named in test_repositories? If the list is empty, the planner drops the look-up.
create function public.rollout_is_named(id text, name text, entries text[]) returns boolean
language sql immutable parallel safe
return cardinality(entries) > 0
  and (id = any (entries) or coalesce(lower(name collate "C") = any (entries), false));
