set local search_path = pg_catalog, pg_temp;

-- Who may do what. The table of grants: everything of ours that a role may use stands here and nowhere else.
create function public.rollout_grants() returns table (role text, privilege text, object text)
language sql immutable set search_path = pg_catalog, pg_temp as $$
  select r.role, g.privilege, g.object
  from (values
    ('select', array['rollout_reader', 'rollout_recorder', 'rollout_controller'], array[
      'rollout_state', 'rollout_configuration', 'rollout_history', 'rollout_incidents', 'repository_categories',
      'rollout_customers', 'rollout_category_history', 'rollout_metrics', 'rollout_evidence',
      'rollout_evidence_buckets', 'rollout_evidence_hours', 'rollout_errors', 'rollout_jobs', 'rollout_batches',
      'rollout_outcome_ids', 'rollout_health_checks', 'rollout_events', 'rollout_outbox', 'rollout_subjects',
      'feature_rollouts', 'rollout_migrations']),
    ('execute', array['rollout_recorder', 'rollout_controller'], array[
      'rollout_record_outcomes', 'rollout_record_jobs', 'rollout_refused_jobs', 'rollout_open_jobs',
      'rollout_record_ends', 'rollout_record_event', 'rollout_record_override']),
    ('execute', array['rollout_controller'], array[
      'rollout_append_history', 'rollout_open_incident', 'rollout_resolve_names', 'rollout_emergency_stop', 'rollout_lock_holders', 'rollout_lock_holders',
      'categorize_repository', 'categorize_all_repositories', 'rollout_create_partitions', 'rollout_time_out_jobs',
      'rollout_maintain', 'rollout_take_lease', 'rollout_count_customers', 'rollout_heard_customers']),
    ('insert, update', array['rollout_controller'], array[
      'rollout_state', 'rollout_configuration', 'rollout_incidents', 'repository_categories', 'rollout_customers',
      'rollout_health_checks', 'rollout_jobs', 'rollout_outbox'])
  ) held(privilege, roles, objects),
  lateral unnest(held.roles) r(role),
  lateral (select held.privilege, o.object from unnest(held.objects) o(object)) g
$$;

-- Gives the three roles what the table of grants says, where they exist: an administrator who creates them later runs
-- `select rollout_grant_roles()` again. Returns the roles that are missing.
create function public.rollout_grant_roles() returns text[]
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  missing text[];
  held record;
  target text;
begin
  select coalesce(array_agg(name), '{}') into missing
  from unnest(array['rollout_reader', 'rollout_controller', 'rollout_recorder']) name
  where not exists (select from pg_roles where rolname = name);
  for held in
    select distinct role from public.rollout_grants() where role <> all (missing)
  loop
    execute format('grant usage on schema public to %I', held.role);
  end loop;
  for held in
    select * from public.rollout_grants() where role <> all (missing)
  loop
    if held.privilege = 'execute' then
      for target in
        select p.oid::regprocedure::text from pg_proc p
        where p.pronamespace = 'public'::regnamespace and p.proname = held.object
      loop
        execute format('grant execute on function %s to %I', target, held.role);
      end loop;
    else
      execute format('grant %s on public.%I to %I', held.privilege, held.object, held.role);
    end if;
    if held.privilege = 'insert, update' and not exists (
      select from pg_policies where schemaname = 'public' and tablename = held.object
        and policyname = held.object || '_write'
    ) then
      execute format('create policy %I on public.%I to %I using (true) with check (true)',
        held.object || '_write', held.object, held.role);
    end if;
  end loop;
  return missing;
end
$$;

-- Everyone who may connect and was granted a table may read it; rows are written by the controller alone.
do $$
declare
  name text;
begin
  for name in
    select c.relname from pg_class c
    where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
      and c.relname in (select object from public.rollout_grants()) and c.relname <> 'rollout_migrations'
    union all values ('rollout_metrics_default'), ('rollout_evidence_default')
  loop
    execute format('alter table public.%I enable row level security', name);
    execute format('create policy %I on public.%I for select to public using (true)', name || '_read', name);
  end loop;
end
$$;

-- Functions that write are for those who were granted them.
do $$
declare
  signature text;
begin
  for signature in
    select p.oid::regprocedure::text from pg_proc p
    where p.pronamespace = 'public'::regnamespace
      and p.proname in (select object from public.rollout_grants()
        union all values ('rollout_record_errors'), ('rollout_resolve_jobs'), ('rollout_thin_checks'))
  loop
    execute format('revoke execute on function %s from public', signature);
  end loop;
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
select public.rollout_grant_roles();
