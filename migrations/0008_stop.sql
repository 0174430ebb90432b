-- Stops one feature, or with null every feature and those that are added later. Needs nothing but this
-- database, and waits for nothing but a change that is being committed. A repeated stop changes nothing.
create function rollout_emergency_stop(feature text default null, reason text default null)
returns table (feature_name text, result text)
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  why text := coalesce(nullif(trim(reason), ''), 'stopped by SQL');
  actor text := coalesce(nullif(current_setting('rollout.actor', true), ''), 'sql:' || session_user);
  c rollout_configuration;
  hold rollout_incidents;
begin
  perform 1 from rollout_state for update;
  if feature is not null and not exists (
    select 1 from rollout_configuration f where f.feature_name = feature and f.archived_at is null
  ) then
    raise exception 'there is no feature %', quote_literal(left(feature, 100))
      using errcode = 'no_data_found', hint = 'These can be stopped: ' || coalesce((
        select string_agg(f.feature_name, ', ' order by f.feature_name) from rollout_configuration f
        where f.archived_at is null), 'none');
  end if;
  if feature is null then
    update rollout_state set global_stop = true, global_stop_reason = why, global_stop_by = actor,
      global_stop_at = clock_timestamp(), generation = generation + 1
    where not global_stop;
  end if;
  perform set_config('rollout.action', 'emergency_stop', true), set_config('rollout.reason', why, true),
    set_config('rollout.metadata', '', true), set_config('rollout.revision', '', true);
  for c in
    select * from rollout_configuration f
    where f.archived_at is null and (feature is null or f.feature_name = feature)
    order by f.feature_name for no key update
  loop
    select * into hold from rollout_incidents i where i.feature_name = c.feature_name and i.state = 'open';
    feature_name := c.feature_name;
    if c.emergency_stop and hold.kind = 'emergency_stop' then
      result := 'already_stopped';
      return next;
      continue;
    end if;
    perform rollout_open_incident(
      c.feature_name, 'emergency_stop', 'critical', why,
      coalesce(hold.held, rollout_exposure(c)) || '{"emergency_stop": true}',
      rollout_exposure(c) || jsonb_build_object(
        'emergency_stop', false,
        'percentage', least(c.rollout_percentage, (c.spec ->> 'percentage')::numeric)),
      '{}', actor);
    update rollout_configuration f set
      emergency_stop = true, epoch = f.epoch + 1, epoch_started_at = clock_timestamp(), updated_at = now()
    where f.feature_name = c.feature_name;
    result := 'stopped';
    return next;
  end loop;
end
$$;

-- An environment override that is in force somewhere: once per value, host group and day.
create function rollout_record_override(
  feature text, variable text, value text, applied boolean, host_group text default ''
) returns bigint
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  details jsonb := jsonb_build_object('variable', left(variable, 100), 'value', left(value, 200),
    'applied', applied, 'host_group', left(host_group, 200));
  known bigint;
begin
  perform 1 from rollout_state for update;
  select h.id into known from rollout_history h
  where h.action = 'env_override' and h.feature_name is not distinct from feature and h.metadata @> details
    and h.created_at >= date_trunc('day', now());
  if known is not null then
    return known;
  end if;
  return rollout_append_history(feature, 'env_override',
    format('%s=%s %s', left(variable, 100), left(value, 200), case when applied then 'is in force' else 'is refused' end),
    details);
end
$$;
