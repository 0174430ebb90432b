set local search_path = pg_catalog, pg_temp;

-- Features whose subjects are customers, in the form of the pilot's table.
create view public.feature_rollouts as
select c.id, c.feature_name,
  case
    when (not c.is_active or c.emergency_stop) and not p.paused or c.rollout_percentage <= 0 then 'tier_0_disabled'
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
    when last_incident.state = 'open' or p.paused then 'paused'
    when not c.is_active and c.epoch = 1 then 'planned'
    when not c.is_active then 'rolled_back'
    when c.rollout_percentage >= 100 then 'completed'
    when c.rollout_percentage <= 0 and c.epoch = 1 then 'planned'
    else 'in_progress'
  end as status,
  c.target_repositories as whitelisted_customers, c.excluded_repositories as blacklisted_customers,
  jsonb_build_object('errorRate', c.max_error_rate / 100, 'timeWindow', c.monitoring_window_hours * 3600000)
    as rollback_threshold,
  case when c.epoch > 1 or c.is_active and c.rollout_percentage > 0 or p.paused then c.epoch_started_at end as started_at,
  case when c.rollout_percentage >= 100 then c.step_started_at end as completed_at
from public.rollout_configuration c
left join lateral (
  select i.kind, i.state from public.rollout_incidents i where i.feature_name = c.feature_name order by i.id desc limit 1
) last_incident on true
-- A migrated pilot is paused by its old status until the file sets its state.
cross join lateral (
  select c.rollout_percentage > 0 and case
    when c.spec is null then coalesce(c.metadata #>> '{pilot,status}', '') = 'paused'
    else c.spec @> '{"paused": true}'
  end as paused
) p
where c.subject_type = 'customer' and c.archived_at is null;

-- Readers use the view with their own rights. PostgreSQL 14 has no such views: there it is granted only to roles that
-- may read its tables.
do $$
begin
  if current_setting('server_version_num')::integer >= 150000 then
    execute 'alter view public.feature_rollouts set (security_invoker = true)';
  end if;
end
$$;
