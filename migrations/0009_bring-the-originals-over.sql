-- Every row of the hand-written managers' tables, in the controller's. Their history is chained from a marker.
-- Evidence of theirs counted queued jobs as successes, so it is kept under epochs below 1, which health never
-- reads; rows of one window and subject get an epoch each, because none may be lost.
create function pg_temp.rollout_original(name text) returns boolean language sql as $$
  select to_regclass('rollout_original.' || name) is not null
$$;

do $$
declare
  old record;
  named text;
begin
  if not pg_temp.rollout_original('rollout_configuration') then
    return;
  end if;
  perform set_config('rollout.actor', 'migration', true), set_config('rollout.action', 'note', true),
    set_config('rollout.reason', 'brought over from the hand-written rollout manager', true);
  -- The original let two rows have one name; the one changed last is the feature.
  insert into rollout_configuration
    (id, feature_name, rollout_strategy, rollout_percentage, is_active, emergency_stop, target_repositories,
     excluded_repositories, max_error_rate, monitoring_window_hours, auto_rollback_enabled, metadata,
     created_at, updated_at, archived_at)
  select o.id,
    case when o.place = 1 then o.feature_name else left(o.feature_name, 80) || '_duplicate_' || o.place end,
    coalesce(o.rollout_strategy, 'percentage'), coalesce(o.rollout_percentage, 0),
    coalesce(o.is_active, false) and o.place = 1, coalesce(o.emergency_stop, false),
    coalesce(o.target_repositories, '{}'), coalesce(o.excluded_repositories, '{}'),
    coalesce(o.max_error_rate, 5), coalesce(o.monitoring_window_hours, 24),
    coalesce(o.auto_rollback_enabled, true), coalesce(o.metadata, '{}'),
    coalesce(o.created_at, now()), coalesce(o.updated_at, now()),
    case when o.place > 1 then now() end
  from (
    select *, row_number() over (partition by feature_name order by updated_at desc nulls last, id) as place
    from rollout_original.rollout_configuration
  ) o;

  if pg_temp.rollout_original('rollout_history') then
    for old in
      select h.*, c.feature_name from rollout_original.rollout_history h
      left join rollout_configuration c on c.id = h.rollout_config_id
      order by h.created_at nulls first, h.id
    loop
      perform rollout_append_history(old.feature_name,
        case when old.action in ('created', 'updated', 'rollback', 'emergency_stop') then old.action else 'note' end,
        old.reason,
        coalesce(old.metadata, '{}') || jsonb_build_object('original_id', old.id, 'original_action', old.action),
        coalesce(old.triggered_by, 'unknown'), old.previous_percentage, old.new_percentage, null,
        coalesce(old.created_at, now()));
    end loop;
  end if;

  if pg_temp.rollout_original('repository_categories') then
    insert into repository_categories
      (repository_id, category, is_test_repository, star_count, contributor_count, pr_count,
       last_categorized_at, created_at, updated_at)
    select coalesce(o.repository_id, o.id)::text, o.category,
      coalesce(o.is_test_repository, false)
        and rollout_category(o.star_count, o.contributor_count, o.pr_count, false) <> 'test',
      o.star_count, o.contributor_count, o.pr_count, o.last_categorized_at,
      coalesce(o.created_at, now()), coalesce(o.updated_at, now())
    from rollout_original.repository_categories o;
    -- Marked as test by hand, against their size: from now on the file names them.
    update rollout_state set test_repositories = coalesce((
      select array_agg(r.repository_id order by r.repository_id) from repository_categories r
      where r.is_test_repository), '{}');
    -- The application's own table knows the names, where it has them.
    select string_agg(attname, ' || ''/'' || ' order by attname desc) into named from pg_attribute
    where attrelid = to_regclass('public.repositories') and attname in ('owner', 'name') and not attisdropped;
    if exists (select 1 from pg_attribute where attrelid = to_regclass('public.repositories')
      and attname = 'full_name' and not attisdropped) then
      named := 'full_name';
    elsif named not like '%||%' then
      named := null;
    end if;
    if named is not null then
      execute format(
        'update public.repository_categories c set full_name = s.full_name
         from (select distinct on (lower((%1$s) collate "C")) id::text as id, %1$s as full_name
           from public.repositories order by lower((%1$s) collate "C"), id) s
         where s.id = c.repository_id and s.full_name is not null', named);
    end if;
  end if;

  if pg_temp.rollout_original('rollout_metrics') then
    insert into rollout_metrics
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
        coalesce(m.repository_id::text, 'unknown') as subject_id, m.processor_type,
        coalesce(r.category, '') as category,
        date_bin('5 minutes', coalesce(m.metrics_window_start, m.created_at, now()), 'epoch') as window_start,
        coalesce(m.total_jobs, 0) as total_jobs, coalesce(m.success_count, 0) as success_count,
        coalesce(m.error_count, 0) as error_count, m.average_processing_time, m.last_error_message,
        m.last_error_at, coalesce(m.created_at, now()) as created_at, coalesce(m.updated_at, now()) as updated_at
      from rollout_original.rollout_metrics m
      left join rollout_configuration c on c.id = m.rollout_config_id
      left join repository_categories r on r.repository_id = m.repository_id::text
    ) o;
  end if;
end
$$;

-- The pilot's tables: one feature a row, its subjects are customers.
do $$
begin
  perform set_config('rollout.actor', 'migration', true), set_config('rollout.action', 'note', true),
    set_config('rollout.reason', 'brought over from the hand-written pilot manager', true);
  if pg_temp.rollout_original('feature_rollouts') then
    insert into rollout_configuration
      (feature_name, subject_type, rollout_percentage, is_active, target_repositories, excluded_repositories,
       max_error_rate, monitoring_window_hours, metadata)
    select o.feature_name, 'customer', coalesce(o.percentage, 0),
      coalesce(o.status, 'planned') in ('in_progress', 'paused', 'completed'),
      coalesce(o.whitelisted_customers, '{}')::text[], coalesce(o.blacklisted_customers, '{}')::text[],
      least(100, coalesce((o.rollback_threshold ->> 'errorRate')::numeric * 100, 5)),
      coalesce((o.rollback_threshold ->> 'timeWindow')::numeric / 3600000, 1),
      jsonb_build_object('original', to_jsonb(o))
    from rollout_original.feature_rollouts o;
  end if;
  if pg_temp.rollout_original('rollout_events') then
    insert into rollout_events (id, feature_name, customer_id, event, "timestamp", metadata)
    select o.id, o.feature_name, coalesce(o.customer_id::text, 'unknown'), o.event,
      coalesce(o."timestamp", now()), coalesce(o.metadata, '{}')
    from rollout_original.rollout_events o;
  end if;
end
$$;

-- Nothing is dropped before it is counted.
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
      select count(*) into after from rollout_configuration where subject_type = 'customer';
    elsif original = 'rollout_configuration' then
      select count(*) into after from rollout_configuration where subject_type = 'repository';
    elsif original = 'rollout_history' then
      select count(*) into after from rollout_history where metadata ? 'original_id';
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

-- The pilot's shape of the features whose subjects are customers.
create view feature_rollouts as
select c.id, c.feature_name,
  case
    when not c.is_active or c.emergency_stop or c.rollout_percentage <= 0 then 'tier_0_disabled'
    when c.rollout_percentage <= 1 then 'tier_1_internal'
    when c.rollout_percentage <= 10 then 'tier_2_early_adopters'
    when c.rollout_percentage <= 50 then 'tier_3_general'
    else 'tier_4_full'
  end as current_tier,
  case
    when c.rollout_percentage < 1 then 'tier_1_internal'
    when c.rollout_percentage < 10 then 'tier_2_early_adopters'
    when c.rollout_percentage < 50 then 'tier_3_general'
    else 'tier_4_full'
  end as target_tier,
  c.rollout_percentage as percentage,
  case
    when last_incident.kind = 'rollback' and last_incident.state in ('open', 'settled') then 'rolled_back'
    when last_incident.state = 'open' then 'paused'
    when not c.is_active and c.epoch = 1 then 'planned'
    when not c.is_active then 'rolled_back'
    when c.spec @> '{"paused": true}' then 'paused'
    when c.rollout_percentage >= 100 then 'completed'
    when c.rollout_percentage <= 0 and c.epoch = 1 then 'planned'
    else 'in_progress'
  end as status,
  c.target_repositories as whitelisted_customers, c.excluded_repositories as blacklisted_customers,
  jsonb_build_object('errorRate', c.max_error_rate / 100, 'timeWindow', c.monitoring_window_hours * 3600000)
    as rollback_threshold,
  c.epoch_started_at as started_at,
  case when c.rollout_percentage >= 100 then c.step_started_at end as completed_at
from rollout_configuration c
left join lateral (
  select i.kind, i.state from rollout_incidents i where i.feature_name = c.feature_name order by i.id desc limit 1
) last_incident on true
where c.subject_type = 'customer' and c.archived_at is null;
