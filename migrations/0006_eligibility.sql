set local search_path = pg_catalog, pg_temp;

-- A subject's fixed bucket 0-9999 for a salt.
create function public.rollout_bucket(salt text, subject_id text) returns integer
language sql immutable parallel safe
return (((hashtextextended(subject_id, hashtextextended(salt, 0)) & 4294967295) * 10000) >> 32)::integer;

-- The categories that the repository_size strategy admits.
create function public.rollout_band(percentage numeric) returns text[]
language sql immutable parallel safe
return case
    when percentage <= 0 then '{}'::text[]
    when percentage <= 10 then array['test']
    when percentage <= 25 then array['test', 'small']
    when percentage <= 50 then array['test', 'small', 'medium']
    when percentage <= 75 then array['test', 'small', 'medium', 'large']
    else array['test', 'small', 'medium', 'large', 'enterprise']
  end;

-- where, not and group_by of an audience as one predicate on a subject's facts; null if it has none of them. For an
-- absent attribute the predicate is neither true nor false. Computed once if the audience is a constant.
create function public.rollout_filter(audience jsonb) returns jsonpath
language sql immutable parallel safe
return (select ('strict ' || string_agg(part, ' && '))::jsonpath from (
    select '(' || string_agg(format('$.%s == %s', to_json(k.key), v.value), ' || ') || ')' as part
    from jsonb_each(audience -> 'where') k, jsonb_array_elements(k.value) v group by k.key
    union all
    -- In brackets, attribute by attribute: a chain of all their values would be deeper than PostgreSQL's stack.
    select '(' || string_agg(format('$.%s != %s', to_json(k.key), v.value), ' && ') || ')'
    from jsonb_each(audience -> 'not') k, jsonb_array_elements(k.value) v group by k.key
    union all
    select format('exists($.%s)', to_json(audience ->> 'group_by')) where audience ? 'group_by'
  ) parts);

-- The attributes that an audience asks for.
create function public.rollout_attributes(audience jsonb) returns text[]
language sql immutable parallel safe
return array(
    select jsonb_object_keys(audience -> 'where') union select jsonb_object_keys(audience -> 'not')
    union select audience ->> 'group_by' where audience ? 'group_by');

-- The set-based form: only built-in operators on its arguments, so that PostgreSQL inlines it into a scan.
-- rollout_reason is the same rule with its reason; a test compares both with the library. If a list is a constant,
-- the planner drops the look-up in an empty one and hashes a long one.
create function public.rollout_admits(
  active boolean, emergency_stop boolean, strategy text, percentage numeric, categories text[],
  whitelist text[], blacklist text[], salt text, audience jsonb, subject_id text, subject_name text, category text,
  facts jsonb
) returns boolean
language sql immutable parallel safe
return case
    when not active or emergency_stop then false
    when cardinality(blacklist) > 0 and subject_id = any (blacklist) then false
    when cardinality(blacklist) > 0
      and coalesce(lower(subject_name collate "C") = any (blacklist) and position('/' in subject_name) > 0, false) then false
    when audience is not null and coalesce(audience -> 'blacklist' ? (facts ->> 'owner' || '/*'), false) then false
    -- What is quick comes first: the bucket before a long whitelist, and before the filter.
    else
      case coalesce(audience ->> 'strategy', strategy)
        when 'percentage' then
          (categories is null or coalesce(category = any (categories), false))
          and case
            when percentage <= 0 then false
            when percentage >= 100 then true
            when audience is not null and audience ? 'group_by' then
              coalesce(public.rollout_bucket(salt, facts ->> (audience ->> 'group_by')) < (percentage * 100)::integer, false)
            else public.rollout_bucket(salt, subject_id) < (percentage * 100)::integer
          end
        when 'repository_size' then
          percentage >= 100 or coalesce(category = any (public.rollout_band(percentage)), false)
        else false
      end
      and (audience is null or public.rollout_filter(audience) is null
        or coalesce(facts @@ public.rollout_filter(audience), false))
      or (cardinality(whitelist) > 0 and subject_id = any (whitelist))
      or (audience is not null and coalesce(audience -> 'whitelist' ? (facts ->> 'owner' || '/*'), false))
  end;

create function public.rollout_reason(
  active boolean, emergency_stop boolean, strategy text, percentage numeric, categories text[],
  whitelist text[], blacklist text[], salt text, audience jsonb, subject_id text, subject_name text, category text,
  facts jsonb
) returns text
language sql immutable parallel safe
return case
    when not active then 'inactive'
    when emergency_stop then 'emergency_stop'
    when subject_id = any (blacklist) then 'blacklist'
    when coalesce(lower(subject_name collate "C") = any (blacklist) and position('/' in subject_name) > 0, false) then 'blacklist'
    when coalesce(audience -> 'blacklist' ? (facts ->> 'owner' || '/*'), false) then 'blacklist'
    when subject_id = any (whitelist) then 'whitelist'
    when coalesce(audience -> 'whitelist' ? (facts ->> 'owner' || '/*'), false) then 'whitelist'
    when coalesce(audience ->> 'strategy', strategy) = 'whitelist' then 'not_whitelisted'
    when audience is not null and not coalesce(facts ?& public.rollout_attributes(audience), cardinality(public.rollout_attributes(audience)) = 0)
      then 'unknown_attribute'
    when audience is not null and not coalesce(facts @@ public.rollout_filter(audience), true) then 'attribute'
    when coalesce(audience ->> 'strategy', strategy) = 'percentage' then
      case when categories is not null and not coalesce(category = any (categories), false)
        then 'category' else 'percentage' end
    when category is null and percentage > 0 and percentage < 100 then 'uncategorized'
    else 'repository_size'
  end;

-- Evaluates one subject by its id; a subject that is not in the registry has no name and no category.
create function public.rollout_evaluate(feature text, subject text)
returns table (eligible boolean, reason text, bucket integer, percentage numeric, category text)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select
    coalesce(not s.global_stop and public.rollout_admits(
      c.is_active, c.emergency_stop, c.rollout_strategy, c.rollout_percentage, c.categories,
      c.target_repositories, c.denied, c.salt, c.audience, subject, r.name, r.category, r.facts), false),
    case
      when c.feature_name is null then 'unknown'
      when c.is_active and not c.emergency_stop and s.global_stop then 'global_stop'
      else public.rollout_reason(
        c.is_active, c.emergency_stop, c.rollout_strategy, c.rollout_percentage, c.categories,
        c.target_repositories, c.denied, c.salt, c.audience, subject, r.name, r.category, r.facts)
    end,
    public.rollout_bucket(c.salt, case when c.audience ? 'group_by' then r.facts ->> (c.audience ->> 'group_by') else subject end),
    c.rollout_percentage, r.category
  from public.rollout_state s
  left join public.rollout_configuration c on c.feature_name = feature
  left join public.rollout_subjects r on r.subject_type = c.subject_type and r.subject_id = subject
$$;

-- The original's function and its default feature.
create function public.is_repository_eligible_for_rollout(
  repo_id text, feature_name text default 'hybrid_progressive_capture'
) returns boolean
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select eligible from public.rollout_evaluate(is_repository_eligible_for_rollout.feature_name, repo_id)
$$;
create function public.is_repository_eligible_for_rollout(
  repo_id uuid, feature_name text default 'hybrid_progressive_capture'
) returns boolean
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select eligible from public.rollout_evaluate(is_repository_eligible_for_rollout.feature_name, repo_id::text)
$$;

-- Categorises every repository in one statement, writes only rows that change, and records for each live feature
-- which subjects enter and leave. `only_these` limits it to repositories with these ids or names in lower case;
-- `tests` replaces the stored test_repositories.
--
-- The order of locks, here and in an import: registry, its rows, history. A stop needs only the last one, so it does
-- not wait for the rows.
create function public.categorize_all_repositories(
  reason text default 'repositories categorised again', only_these text[] default null, tests text[] default null
)
returns table (changed bigint, feature_name text, entering bigint, leaving bigint)
language plpgsql security definer set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_custom_plan as $$
declare
  c public.rollout_configuration;
  moved record;
  movements jsonb := '[]';
  movement jsonb;
begin
  perform public.rollout_lock_registry();
  tests := coalesce(tests, (select s.test_repositories from public.rollout_state s));
  for c in
    select * from public.rollout_configuration f
    where f.is_active and not f.emergency_stop and f.subject_type = 'repository' and f.rollout_percentage > 0
      and (coalesce(f.audience ->> 'strategy', f.rollout_strategy) = 'repository_size' or f.categories is not null)
    order by f.feature_name
  loop
    select
      count(*) filter (where after and not before) as entering,
      count(*) filter (where before and not after) as leaving
    into moved
    from (
      select
        public.rollout_admits(c.is_active, c.emergency_stop, c.rollout_strategy, c.rollout_percentage, c.categories,
          c.target_repositories, c.denied, c.salt, c.audience, r.repository_id, r.full_name, r.category, r.facts) as before,
        public.rollout_admits(c.is_active, c.emergency_stop, c.rollout_strategy, c.rollout_percentage, c.categories,
          c.target_repositories, c.denied, c.salt, c.audience, r.repository_id, r.full_name, r.next, r.facts) as after
      from (
        select r.repository_id, r.full_name, r.category, r.facts, public.rollout_category(
          r.star_count, r.contributor_count, r.pr_count,
          public.rollout_is_named(r.repository_id, r.full_name, tests)) as next
        from public.repository_categories r
        where only_these is null or public.rollout_is_named(r.repository_id, r.full_name, only_these)
      ) r
      where r.category is distinct from r.next
    ) each;
    if moved.entering > 0 or moved.leaving > 0 then
      movements := movements || jsonb_build_object(
        'feature', c.feature_name, 'entering', moved.entering, 'leaving', moved.leaving);
    end if;
  end loop;
  update public.repository_categories r set
    category = public.rollout_category(r.star_count, r.contributor_count, r.pr_count,
      public.rollout_is_named(r.repository_id, r.full_name, tests)),
    is_test_repository = public.rollout_is_named(r.repository_id, r.full_name, tests),
    last_categorized_at = case when r.category is not distinct from public.rollout_category(
        r.star_count, r.contributor_count, r.pr_count, public.rollout_is_named(r.repository_id, r.full_name, tests))
      then r.last_categorized_at else now() end,
    updated_at = now()
  where (only_these is null or public.rollout_is_named(r.repository_id, r.full_name, only_these))
    and (r.category is distinct from public.rollout_category(r.star_count, r.contributor_count, r.pr_count,
        public.rollout_is_named(r.repository_id, r.full_name, tests))
      or r.is_test_repository <> public.rollout_is_named(r.repository_id, r.full_name, tests));
  get diagnostics changed = row_count;
  for movement in select * from jsonb_array_elements(movements) loop
    perform public.rollout_append_history(movement ->> 'feature', 'population_changed',
      format('%s: %s enter, %s leave', reason, movement ->> 'entering', movement ->> 'leaving'), movement);
    feature_name := movement ->> 'feature';
    entering := (movement ->> 'entering')::bigint;
    leaving := (movement ->> 'leaving')::bigint;
    return next;
  end loop;
  if jsonb_array_length(movements) = 0 then
    return next;
  end if;
end
$$;

-- The original's function: categorises one repository and returns its category, null if unknown.
create function public.categorize_repository(repo_id text) returns text
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  perform public.categorize_all_repositories('repository categorised again', array[repo_id]);
  return (select r.category from public.repository_categories r where r.repository_id = repo_id);
end
$$;
create function public.categorize_repository(repo_id uuid) returns text
language sql security definer set search_path = pg_catalog, pg_temp as $$
  select public.categorize_repository(repo_id::text)
$$;

-- Stores `test_repositories` of the file and recategorises those that joined or left the list. Locks the registry
-- first and the state last: a stop, which needs only the state, does not wait for the rows.
create function public.rollout_set_test_repositories(entries text[], reason text default 'test_repositories changed')
returns table (changed bigint, feature_name text, entering bigint, leaving bigint)
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  before text[];
  moved text[];
  each record;
begin
  perform public.rollout_lock_registry();
  select s.test_repositories into before from public.rollout_state s;
  moved := array(
    (select unnest(before) except select unnest(entries)) union all
    (select unnest(entries) except select unnest(before)));
  if cardinality(moved) = 0 then
    return;
  end if;
  perform set_config('rollout.state', 'controlled', true);
  for each in select * from public.categorize_all_repositories(reason, moved, entries) loop
    -- One commit after the other, those who enter are added up until the soak begins anew.
    update public.rollout_configuration c set soak_entered = c.soak_entered + each.entering
    where c.feature_name = each.feature_name and each.entering > 0;
    changed := each.changed;
    feature_name := each.feature_name;
    entering := each.entering;
    leaving := each.leaving;
    return next;
  end loop;
  update public.rollout_state set test_repositories = entries, generation = generation + 1;
  perform set_config('rollout.state', '', true);
end
$$;

-- Merges an import into the registry: new or changed rows, with their categories. Resolves names in lists, and
-- records in the history of each live feature which subjects enter and leave. A row of `displaced` is not from the
-- import: another repository has its name now.
create function public.rollout_merge_repositories(
  reason text, ids text[], names text[], stars integer[], contributors integer[], prs integer[], attributes jsonb[],
  displaced boolean[]
) returns table (added bigint, changed bigint, movements jsonb)
language plpgsql security definer set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_custom_plan as $$
declare
  c public.rollout_configuration;
  whitelist text[];
  moved record;
  movement jsonb;
  importing constant text := current_setting('rollout.import', true);
begin
  perform public.rollout_lock_registry();
  -- `offset 0`: worked out once a row, because PostgreSQL inlines no function with a costly argument.
  create temp table rollout_merging on commit drop as
  select i.*, public.rollout_category(i.stars, i.contributors, i.prs, i.is_test) as category
  from (
    select u.*, n.is_test
    from unnest(ids, names, stars, contributors, prs, attributes, displaced)
      u(id, name, stars, contributors, prs, attributes, displaced)
    cross join lateral (
      select public.rollout_is_named(u.id, u.name, (select s.test_repositories from public.rollout_state s)) as is_test
      offset 0
    ) n
  ) i;
  analyze pg_temp.rollout_merging;
  -- Those that are new or have another name, category or attribute, once for all features: of most imports they are few.
  create temp table rollout_moving on commit drop as
  select i.id, i.name, i.category, r.repository_id is not null as known, r.full_name as known_name,
    r.category as known_category, r.facts as known_facts,
    i.attributes || case when position('/' in i.name) > 0
      then jsonb_object(array['owner', lower(split_part(i.name, '/', 1) collate "C")]) else '{}' end as facts
  from pg_temp.rollout_merging i
  left join public.repository_categories r on r.repository_id = i.id
  where r.repository_id is null or (r.full_name, r.category, r.attributes) is distinct from (i.name, i.category, i.attributes);
  analyze pg_temp.rollout_moving;
  movements := '[]';
  for c in
    select * from public.rollout_configuration f
    where f.is_active and not f.emergency_stop and f.subject_type = 'repository'
    order by f.feature_name
  loop
    -- Names in its whitelist that become known by this import.
    select c.target_repositories || coalesce(array_agg(i.id), '{}') into whitelist
    from jsonb_each((select s.resolved from public.rollout_sealed(c) s)) e
    join pg_temp.rollout_moving i on lower(i.name collate "C") = lower(e.key collate "C")
    where e.value = 'null' and e.key = any (c.target_repositories);
    select count(*) filter (where is_in and not was_in) as entering,
      count(*) filter (where was_in and not is_in) as leaving
    into moved
    from (
      select
        public.rollout_admits(c.is_active, c.emergency_stop, c.rollout_strategy, c.rollout_percentage, c.categories,
          whitelist, c.denied, c.salt, c.audience, m.id, m.name, m.category, m.facts) as is_in,
        m.known and public.rollout_admits(c.is_active, c.emergency_stop, c.rollout_strategy, c.rollout_percentage,
          c.categories, c.target_repositories, c.denied, c.salt, c.audience, m.id,
          m.known_name, m.known_category, m.known_facts) as was_in
      from pg_temp.rollout_moving m
    ) each;
    if moved.entering > 0 or moved.leaving > 0 then
      movements := movements || jsonb_build_object(
        'feature', c.feature_name, 'entering', moved.entering, 'leaving', moved.leaving);
    end if;
  end loop;
  perform set_config('rollout.import', 'on', true);
  -- Whoever has a name that now is another's loses it first: two repositories may swap names in one file.
  update public.repository_categories r set full_name = null, updated_at = now()
  from pg_temp.rollout_merging i
  where lower(r.full_name collate "C") = lower(i.name collate "C") and r.repository_id <> i.id;
  with merged as (
    insert into public.repository_categories as r
      (repository_id, full_name, star_count, contributor_count, pr_count, attributes, category,
       is_test_repository, last_categorized_at)
    select i.id, i.name, i.stars, i.contributors, i.prs, i.attributes, i.category, i.is_test, now()
    from pg_temp.rollout_merging i
    left join public.repository_categories k on k.repository_id = i.id
    where (k.full_name, k.star_count, k.contributor_count, k.pr_count, k.attributes, k.category, k.is_test_repository)
      is distinct from (i.name, i.stars, i.contributors, i.prs, i.attributes, i.category, i.is_test)
    on conflict (repository_id) do update set
      full_name = excluded.full_name, star_count = excluded.star_count,
      contributor_count = excluded.contributor_count, pr_count = excluded.pr_count,
      attributes = excluded.attributes, category = excluded.category, is_test_repository = excluded.is_test_repository,
      last_categorized_at = case when r.category is distinct from excluded.category
        then now() else r.last_categorized_at end,
      updated_at = now()
    returning xmax = 0 as is_new, repository_id
  )
  select count(*) filter (where m.is_new), count(*) filter (where not m.is_new and not i.displaced)
  into added, rollout_merge_repositories.changed
  from merged m join pg_temp.rollout_merging i on i.id = m.repository_id;
  perform set_config('rollout.import', coalesce(importing, ''), true);
  perform public.rollout_resolve_pending();
  for movement in select * from jsonb_array_elements(movements) loop
    perform public.rollout_append_history(movement ->> 'feature', 'population_changed',
      format('%s: %s enter, %s leave', reason, movement ->> 'entering', movement ->> 'leaving'), movement);
  end loop;
  drop table pg_temp.rollout_merging, pg_temp.rollout_moving;
  return next;
end
$$;
