set local search_path = pg_catalog, pg_temp;

-- Copies every row of the hand-written managers' tables into the controller's. Their history is chained from a
-- marker. Their evidence counted queued jobs as successes, so it is stored under epochs below 1, which health never
-- reads; rows of the same window and subject get separate epochs, because none may be lost.
create function pg_temp.rollout_original(name text) returns boolean language sql as $$
  select to_regclass('rollout_original.' || name) is not null
$$;

-- The name, or the next free one if a feature already has it.
create function pg_temp.rollout_free_name(wanted text, suffix text) returns text language plpgsql as $$
declare
  free text := coalesce(nullif(wanted, ''), 'unnamed');
  place integer := 1;
begin
  while exists (select from public.rollout_configuration c where c.feature_name = free) loop
    place := place + 1;
    free := left(wanted, 80) || suffix || place;
  end loop;
  return free;
end
$$;

create function pg_temp.rollout_percent(n numeric) returns numeric language sql strict as $$
  select least(100, greatest(0, n))
$$;

-- The contents of the history row: the original table, and the whole original row.
create function pg_temp.rollout_claim(original_table text, original jsonb) returns void language sql as $$
  select set_config('rollout.actor', 'migration', true), set_config('rollout.action', 'note', true),
    set_config('rollout.reason', 'brought over from ' || original_table, true),
    set_config('rollout.metadata',
      jsonb_build_object('original_table', original_table, 'original', original)::text, true)
$$;

do $$
declare
  original text;
  counted bigint;
  found jsonb := '{}';
begin
  foreach original in array array['rollout_configuration', 'repository_categories', 'rollout_metrics',
    'rollout_history', 'feature_rollouts', 'rollout_events'] loop
    continue when not pg_temp.rollout_original(original);
    execute format('select count(*) from rollout_original.%I', original) into counted;
    found := found || jsonb_build_object(original, counted);
  end loop;
  if found <> '{}' then
    perform public.rollout_append_history(null, 'note',
      'from here on: what was brought over from the hand-written rollout managers, whose history was not chained',
      jsonb_build_object('rows', found), 'migration');
  end if;
end
$$;

do $$
declare
  o record;
begin
  if not pg_temp.rollout_original('rollout_configuration') then
    return;
  end if;
  -- The original let two rows have one name; the one changed last is the feature.
  for o in
    select *, to_jsonb(r) as whole,
      row_number() over (partition by feature_name order by updated_at desc nulls last, id) as place
    from rollout_original.rollout_configuration r
    order by place, feature_name, id
  loop
    perform pg_temp.rollout_claim('rollout_configuration', o.whole);
    insert into public.rollout_configuration
      (id, feature_name, rollout_strategy, rollout_percentage, is_active, emergency_stop, target_repositories,
       excluded_repositories, max_error_rate, monitoring_window_hours, auto_rollback_enabled, metadata,
       created_at, updated_at, archived_at)
    values
      (o.id, pg_temp.rollout_free_name(o.feature_name, '_duplicate_'),
       case when o.rollout_strategy is null then 'percentage'
         when o.rollout_strategy in ('percentage', 'repository_size') then o.rollout_strategy
         else 'whitelist' end,
       coalesce(pg_temp.rollout_percent(o.rollout_percentage), 0),
       coalesce(o.is_active, false) and o.place = 1, coalesce(o.emergency_stop, false),
       array_remove(coalesce(o.target_repositories, '{}'), null),
       array_remove(coalesce(o.excluded_repositories, '{}'), null),
       coalesce(o.max_error_rate, 5), coalesce(o.monitoring_window_hours, 24),
       coalesce(o.auto_rollback_enabled, true), coalesce(o.metadata, '{}'),
       coalesce(o.created_at, now()), coalesce(o.updated_at, now()),
       case when o.place > 1 then now() end);
  end loop;
end
$$;

do $$
declare
  o record;
begin
  if not pg_temp.rollout_original('rollout_history') then
    return;
  end if;
  for o in
    select h.*, c.feature_name, to_jsonb(h) as whole from rollout_original.rollout_history h
    left join public.rollout_configuration c on c.id = h.rollout_config_id
    order by h.created_at nulls first, h.id
  loop
    perform public.rollout_append_history(o.feature_name,
      case when o.action in ('created', 'updated', 'rollback', 'emergency_stop') then o.action else 'note' end,
      o.reason, jsonb_build_object('original_table', 'rollout_history', 'original', o.whole),
      coalesce(o.triggered_by, 'unknown'), pg_temp.rollout_percent(o.previous_percentage),
      pg_temp.rollout_percent(o.new_percentage), null, coalesce(o.created_at, now()));
  end loop;
end
$$;

do $$
declare
  named text;
begin
  if not pg_temp.rollout_original('repository_categories') then
    return;
  end if;
  insert into public.repository_categories
    (repository_id, category, is_test_repository, star_count, contributor_count, pr_count,
     last_categorized_at, created_at, updated_at)
  select coalesce(o.repository_id, o.id)::text,
    case when o.category in ('test', 'small', 'medium', 'large', 'enterprise') then o.category end,
    coalesce(o.is_test_repository, false)
      and public.rollout_category(o.star_count, o.contributor_count, o.pr_count, false) is distinct from 'test',
    case when o.star_count >= 0 then o.star_count end, case when o.contributor_count >= 0 then o.contributor_count end,
    case when o.pr_count >= 0 then o.pr_count end, o.last_categorized_at,
    coalesce(o.created_at, now()), coalesce(o.updated_at, now())
  from (
    select id, repository_id, category, is_test_repository, last_categorized_at, created_at, updated_at,
      star_count, contributor_count, pr_count
    from rollout_original.repository_categories
  ) o;
  -- Marked as test by hand, against their size: from now on the file names them.
  perform set_config('rollout.state', 'controlled', true);
  update public.rollout_state set test_repositories = coalesce((
    select array_agg(r.repository_id order by r.repository_id collate "C") from public.repository_categories r
    where r.is_test_repository), '{}');
  perform set_config('rollout.state', '', true);
  -- The application's own table knows the names, where it has them.
  select string_agg('s.' || attname, ' || ''/'' || ' order by attname desc) into named from pg_attribute
  where attrelid = to_regclass('public.repositories') and attname in ('owner', 'name') and not attisdropped;
  if exists (select 1 from pg_attribute where attrelid = to_regclass('public.repositories')
    and attname = 'full_name' and not attisdropped) then
    named := 's.full_name';
  elsif named not like '%||%' then
    named := null;
  end if;
  if named is not null then
    execute format(
      'update public.repository_categories c set full_name = n.full_name
       from (
         select distinct on (lower((%1$s) collate "C")) r.repository_id, %1$s as full_name
         from public.repositories s join public.repository_categories r on r.repository_id = s.id::text
         where (%1$s) like ''%%_/_%%''
         order by lower((%1$s) collate "C"), r.repository_id
       ) n
       where n.repository_id = c.repository_id', named);
  end if;
end
$$;

do $$
begin
  if not pg_temp.rollout_original('rollout_metrics') then
    return;
  end if;
  insert into public.rollout_metrics
    (feature_name, subject_id, processor_type, arm, epoch, category, metrics_window_start, total_jobs,
     success_count, error_count, timed_jobs, processing_ms, last_error_message, last_error_at,
     created_at, updated_at)
  select o.feature_name, o.subject_id, o.processor_type, 'treatment',
    1 - row_number() over (
      partition by o.feature_name, o.subject_id, o.processor_type, o.window_start order by o.id)::integer,
    o.category, o.window_start, o.total_jobs, o.success_count, o.error_count,
    case when o.average_processing_time is null then 0 else o.total_jobs end,
    coalesce(o.average_processing_time * 1000 * o.total_jobs, 0), o.last_error_message, o.last_error_at,
    o.created_at, o.updated_at
  from (
    select m.id, coalesce(c.feature_name, 'unknown') as feature_name,
      coalesce(m.repository_id::text, 'unknown') as subject_id,
      coalesce(m.processor_type, 'unknown') as processor_type, coalesce(r.category, '') as category,
      coalesce(m.metrics_window_start, m.created_at, now()) as window_start,
      coalesce(m.total_jobs, m.success_count + m.error_count, 0) as total_jobs,
      coalesce(m.success_count, 0) as success_count, coalesce(m.error_count, 0) as error_count,
      m.average_processing_time, m.last_error_message, m.last_error_at,
      coalesce(m.created_at, now()) as created_at, coalesce(m.updated_at, now()) as updated_at
    from rollout_original.rollout_metrics m
    left join public.rollout_configuration c on c.id = m.rollout_config_id
    left join public.repository_categories r on r.repository_id = m.repository_id::text
  ) o;
end
$$;

-- The pilot's tables: one feature per row, with customers as subjects. Its status `rolled_back` becomes an epoch that
-- is over.
do $$
declare
  o record;
begin
  if pg_temp.rollout_original('feature_rollouts') then
    for o in select *, to_jsonb(r) as whole from rollout_original.feature_rollouts r order by feature_name, id loop
      perform pg_temp.rollout_claim('feature_rollouts', o.whole);
      insert into public.rollout_configuration
        (id, feature_name, subject_type, rollout_percentage, is_active, target_repositories,
         excluded_repositories, max_error_rate, monitoring_window_hours, epoch, epoch_started_at,
         step_started_at, metadata, created_at, updated_at)
      values
        (o.id, pg_temp.rollout_free_name(o.feature_name, '_customers_'), 'customer',
         coalesce(pg_temp.rollout_percent(o.percentage), 0),
         -- While a pilot was paused, nobody had it: not its whitelist either.
         coalesce(o.status, 'planned') in ('in_progress', 'completed'),
         array_remove(coalesce(o.whitelisted_customers, '{}')::text[], null),
         array_remove(coalesce(o.blacklisted_customers, '{}')::text[], null),
         least(100, coalesce((o.rollback_threshold ->> 'errorRate')::numeric * 100, 5)),
         coalesce((o.rollback_threshold ->> 'timeWindow')::numeric / 3600000, 1),
         case when o.status = 'rolled_back' then 2 else 1 end, coalesce(o.started_at, now()),
         coalesce(o.completed_at, o.started_at, now()),
         -- What the file has to say of it: `rollout init --from-database` writes it from here.
         jsonb_build_object('pilot', jsonb_strip_nulls(jsonb_build_object('status', o.status,
           'current_tier', o.current_tier, 'target_tier', o.target_tier))),
         coalesce((o.whole ->> 'created_at')::timestamptz, now()),
         coalesce((o.whole ->> 'updated_at')::timestamptz, now()));
    end loop;
  end if;
  if pg_temp.rollout_original('rollout_events') then
    -- Columns that only some of the originals had (event_type, reason) are kept beside what was said.
    insert into public.rollout_events (id, feature_name, customer_id, event, "timestamp", metadata)
    select e.id, coalesce(e.feature_name, 'unknown'), coalesce(e.customer_id::text, 'unknown'), e.event,
      coalesce(e."timestamp", now()),
      case when more.fields = '{}' or jsonb_typeof(coalesce(e.metadata, '{}')) <> 'object'
        then coalesce(e.metadata, '{}')
        else jsonb_build_object('original', more.fields) || coalesce(e.metadata, '{}') end
    from rollout_original.rollout_events e
    cross join lateral (
      select jsonb_strip_nulls(to_jsonb(e) - array['id', 'feature_name', 'customer_id', 'event', 'timestamp', 'metadata'])
        as fields
    ) more;
  end if;
end
$$;

-- Every row is counted before anything is dropped.
do $$
declare
  original text;
  before bigint;
  after bigint;
begin
  foreach original in array array['rollout_metrics', 'rollout_history', 'repository_categories',
    'rollout_configuration', 'rollout_events', 'feature_rollouts'] loop
    continue when not pg_temp.rollout_original(original);
    execute format('select count(*) from rollout_original.%I', original) into before;
    if original = 'feature_rollouts' then
      select count(*) into after from public.rollout_configuration where subject_type = 'customer';
    elsif original = 'rollout_configuration' then
      select count(*) into after from public.rollout_configuration where subject_type = 'repository';
    elsif original = 'rollout_history' then
      select count(*) into after from public.rollout_history where metadata ->> 'original_table' = 'rollout_history';
    else
      execute format('select count(*) from public.%I', original) into after;
    end if;
    if before <> after then
      raise exception '% of % rows of % were brought over', after, before, original
        using hint = 'Nothing was changed. Look for rows that the new table cannot hold.';
    end if;
    execute format('drop table rollout_original.%I', original);
  end loop;
  drop schema if exists rollout_original;
end
$$;
drop function pg_temp.rollout_original(text);
drop function pg_temp.rollout_free_name(text, text);
drop function pg_temp.rollout_percent(numeric);
drop function pg_temp.rollout_claim(text, jsonb);
