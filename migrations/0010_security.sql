-- Everyone who may connect and was granted a table may read it; rows are written by the controller alone.
do $$
declare
  name text;
begin
  foreach name in array array['rollout_state', 'rollout_configuration', 'rollout_history', 'rollout_incidents',
    'repository_categories', 'rollout_customers', 'rollout_category_history', 'rollout_metrics',
    'rollout_metrics_default', 'rollout_evidence', 'rollout_evidence_default', 'rollout_jobs',
    'rollout_health_checks', 'rollout_events'] loop
    execute format('alter table public.%I enable row level security', name);
    execute format('create policy %I on public.%I for select to public using (true)', name || '_read', name);
  end loop;
end
$$;

-- Functions that write are for those who were granted them.
revoke execute on function rollout_append_history(text, text, text, jsonb, text, numeric, numeric, text, timestamptz) from public;
revoke execute on function rollout_open_incident(text, text, text, text, jsonb, jsonb, jsonb, text) from public;
revoke execute on function rollout_resolve_names(text[]) from public;
revoke execute on function rollout_emergency_stop(text, text) from public;
revoke execute on function rollout_record_override(text, text, text, boolean, text) from public;
revoke execute on function categorize_repository(text) from public;
revoke execute on function categorize_repository(uuid) from public;
revoke execute on function categorize_all_repositories(text, text[], text[]) from public;
revoke execute on function rollout_create_partitions(date, integer) from public;

-- Gives the three roles what they need, where they exist: an administrator who creates them later runs
-- `select rollout_grant_roles()` again. Returns the roles that are missing.
create function rollout_grant_roles() returns text[]
language plpgsql set search_path = pg_catalog, public, pg_temp as $$
declare
  readable constant text := 'rollout_state, rollout_configuration, rollout_history, rollout_incidents,
    repository_categories, rollout_customers, rollout_category_history, rollout_metrics, rollout_evidence,
    rollout_jobs, rollout_health_checks, rollout_events, rollout_subjects, feature_rollouts, rollout_migrations';
  written constant text[] := array['rollout_state', 'rollout_configuration', 'rollout_incidents',
    'repository_categories', 'rollout_customers', 'rollout_health_checks', 'rollout_jobs'];
  name text;
  role text;
  missing text[] := '{}';
begin
  foreach role in array array['rollout_reader', 'rollout_controller', 'rollout_recorder'] loop
    if not exists (select 1 from pg_roles where rolname = role) then
      missing := missing || role;
      continue;
    end if;
    execute format('grant usage on schema public to %I', role);
    execute format('grant select on %s to %I', readable, role);
  end loop;
  if not 'rollout_controller' = any (missing) then
    foreach name in array written loop
      execute format('grant insert, update on %I to rollout_controller', name);
      if not exists (select 1 from pg_policies where tablename = name and policyname = name || '_write') then
        execute format('create policy %I on %I to rollout_controller using (true) with check (true)',
          name || '_write', name);
      end if;
    end loop;
    grant execute on function
      rollout_append_history(text, text, text, jsonb, text, numeric, numeric, text, timestamptz),
      rollout_open_incident(text, text, text, text, jsonb, jsonb, jsonb, text), rollout_resolve_names(text[]),
      rollout_emergency_stop(text, text), rollout_record_override(text, text, text, boolean, text),
      categorize_repository(text), categorize_repository(uuid), categorize_all_repositories(text, text[], text[]),
      rollout_create_partitions(date, integer) to rollout_controller;
  end if;
  if not 'rollout_recorder' = any (missing) then
    grant execute on function rollout_record_override(text, text, text, boolean, text) to rollout_recorder;
  end if;
  return missing;
end
$$;

do $$
declare
  role text;
begin
  foreach role in array array['rollout_reader', 'rollout_controller', 'rollout_recorder'] loop
    if not exists (select 1 from pg_roles where rolname = role) then
      execute format('create role %I nologin', role);
    end if;
  end loop;
exception
  when insufficient_privilege then
    raise notice 'the roles rollout_reader, rollout_controller and rollout_recorder could not be created: ask an administrator to create them and to run: select rollout_grant_roles()';
  when duplicate_object or unique_violation then
    null; -- another database of this server is being migrated at this moment
end
$$;
select rollout_grant_roles();
