set local search_path = pg_catalog, pg_temp;

-- Foreign roles with rights from `rollout migrate --allow`, besides the controller's own three roles.
create table public.rollout_allowed (
  role text primary key,
  may text not null check (may in ('reader', 'recorder', 'evaluate')),
  allowed_at timestamptz not null default now()
);
comment on table public.rollout_allowed is 'Roles of others that get the rights of a kind: what migrate --allow recorded.';

-- The grant table: all rights of roles other than the owner. A table, view or function that is missing here belongs
-- to the owner alone; a table must be listed with a `select`, or it is not treated as the controller's.
create function public.rollout_grants() returns table (kind text, privilege text, object text, columns text[])
language sql immutable set search_path = pg_catalog, pg_temp as $$
  select k.kind, given.privilege, o.object, given.columns
  from (values
    (array['reader', 'recorder', 'controller'], 'select', null::text[], array[
      'rollout_state', 'rollout_configuration', 'rollout_refusals', 'rollout_history', 'rollout_incidents', 'rollout_quarantine', 'repository_categories',
      'rollout_customers', 'rollout_category_history', 'rollout_facts_history', 'rollout_registry_changes', 'rollout_counts', 'rollout_participation', 'rollout_metrics', 'rollout_named_subjects', 'rollout_evidence',
      'rollout_evidence_buckets', 'rollout_evidence_hours', 'rollout_evidence_times', 'rollout_time_limits', 'rollout_errors', 'rollout_error_classes', 'rollout_jobs', 'rollout_batches',
      'rollout_outcome_ids', 'rollout_observations', 'rollout_metric_reads', 'rollout_back_tests', 'rollout_increments', 'rollout_timelines', 'rollout_spans', 'rollout_slices',
      'rollout_levels', 'rollout_processes', 'rollout_routes', 'rollout_opened_jobs', 'rollout_score_windows', 'rollout_score_checkpoints', 'rollout_pasts', 'rollout_past_subjects', 'rollout_score_faults', 'rollout_health_checks', 'rollout_events', 'rollout_outbox', 'rollout_allowed',
      'rollout_migrations', 'rollout_subjects', 'feature_rollouts']),
    (array['reader', 'recorder', 'controller', 'evaluate'], 'execute', null, array[
      'rollout_evaluate', 'is_repository_eligible_for_rollout']),
    (array['reader', 'recorder', 'controller'], 'execute', null, array[
      'rollout_bucket', 'rollout_band', 'rollout_admits', 'rollout_reason', 'rollout_category', 'rollout_is_named',
      'rollout_exposure', 'rollout_is_exposure', 'rollout_is_audience', 'rollout_is_filter', 'rollout_filter', 'rollout_attributes', 'rollout_texts', 'rollout_facts_since', 'rollout_seal', 'rollout_sealed', 'rollout_window', 'rollout_subject_group', 'rollout_resolve_jobs', 'rollout_count_eligible', 'rollout_history_digest', 'rollout_history_seal',
      'rollout_count_features', 'rollout_count_audiences', 'rollout_audiences', 'rollout_audience_of',
      'rollout_count_participants', 'rollout_participants', 'rollout_lone_subjects', 'rollout_patience', 'rollout_wrong_arms', 'rollout_silent_hosts',
      'rollout_verify_history', 'rollout_grants', 'rollout_rights']),
    (array['recorder', 'controller'], 'execute', null, array[
      'rollout_record_outcomes', 'rollout_record_jobs', 'rollout_refused_jobs', 'rollout_open_jobs',
      'rollout_record_ends', 'rollout_record_routes', 'rollout_note_process', 'rollout_record_observations', 'rollout_record_step', 'rollout_refused_events', 'rollout_trip', 'rollout_record_event', 'rollout_record_override']),
    (array['controller'], 'execute', null, array[
      'rollout_add_history', 'rollout_open_incident', 'rollout_reopen_incident', 'rollout_quarantine_subjects', 'rollout_release_subjects', 'rollout_resolve_pending', 'rollout_emergency_stop',
      'rollout_lock_holders', 'rollout_soak_ends', 'rollout_restart_soaks',
      'rollout_lift_global_stop', 'rollout_lock_registry', 'rollout_keep_counts', 'rollout_keep_participation', 'rollout_merge_repositories',
      'rollout_set_test_repositories', 'categorize_repository', 'categorize_all_repositories',
      'rollout_create_partitions', 'rollout_time_out_jobs', 'rollout_measure_times', 'rollout_maintain', 'rollout_forget_ids', 'rollout_take_lease', 'rollout_begin_source', 'rollout_end_source',
      'rollout_count_customers', 'rollout_heard_customers', 'rollout_names_of', 'rollout_forget']),
    -- Every change of these leaves a row of history by trigger.
    (array['controller'], 'insert', array[
      'feature_name', 'subject_type', 'rollout_strategy', 'rollout_percentage', 'is_active', 'emergency_stop',
      'categories', 'target_repositories', 'excluded_repositories', 'salt', 'audience', 'max_error_rate',
      'monitoring_window_hours', 'auto_rollback_enabled', 'metadata', 'spec', 'spec_digest', 'resolved', 'revision',
      'seal', 'epoch', 'epoch_started_at', 'step_started_at', 'soak_exposed', 'soak_entered', 'archived_at', 'created_at', 'updated_at'],
      array['rollout_configuration']),
    (array['controller'], 'update', array[
      'subject_type', 'rollout_strategy', 'rollout_percentage', 'is_active', 'emergency_stop',
      'categories', 'target_repositories', 'excluded_repositories', 'salt', 'audience', 'max_error_rate',
      'monitoring_window_hours', 'auto_rollback_enabled', 'metadata', 'spec', 'spec_digest', 'resolved', 'revision',
      'seal', 'epoch', 'epoch_started_at', 'step_started_at', 'soak_exposed', 'soak_entered', 'archived_at', 'updated_at'],
      array['rollout_configuration']),
    (array['controller'], 'update', array[
      'state', 'permit', 'settled_at', 'settled_by', 'resumed_at', 'resumed_by', 'write_back',
      'write_back_commit', 'write_back_pull_request', 'write_back_attempts', 'write_back_error', 'write_back_url',
      'issue_number', 'issue_state', 'issue_digest', 'issue_closed', 'merged_digest'],
      array['rollout_incidents']),
    (array['controller'], 'update', array[
      'write_back', 'write_back_commit', 'write_back_pull_request', 'write_back_attempts', 'write_back_error',
      'write_back_url'],
      array['rollout_quarantine']),
    -- These decide nobody's exposure.
    (array['controller'], 'update', array[
      'environment', 'freezes', 'policy', 'outcomes', 'notify', 'notified_history', 'revision', 'reconciled_at', 'tick_holder', 'tick_expires_at', 'heartbeat_at',
      'deployments', 'plans_seen'],
      array['rollout_state']),
    (array['controller'], 'insert', array['feature_name', 'entry', 'policy'], array['rollout_refusals']),
    (array['controller'], 'update', array['entry', 'policy', 'refused_at', 'allowed', 'ended_at'],
      array['rollout_refusals']),
    (array['controller'], 'insert', array['customer_id', 'name', 'attributes'], array['rollout_customers']),
    (array['controller'], 'update', array['name', 'attributes', 'updated_at'], array['rollout_customers']),
    (array['controller'], 'insert', array[
      'feature_name', 'epoch', 'verdict', 'reason_code', 'reason', 'severity', 'scope', 'action', 'jobs', 'errors',
      'scores', 'evidence', 'paused', 'turned_from'],
      array['rollout_health_checks']),
    (array['controller'], 'update', array['action'], array['rollout_health_checks']),
    -- Sums of what was recorded, made again where they are missing.
    (array['controller'], 'insert', array[
      'feature_name', 'epoch', 'bucket_start', 'basis', 'jobs', 'errors', 'control_jobs', 'control_errors', 'opened', 'lines'],
      array['rollout_score_windows']),
    (array['controller'], 'update', array[
      'basis', 'jobs', 'errors', 'control_jobs', 'control_errors', 'opened', 'lines'],
      array['rollout_score_windows']),
    (array['controller'], 'insert', array[
      'feature_name', 'epoch', 'started_at', 'until', 'basis', 'jobs', 'errors', 'opened', 'state', 'digest'],
      array['rollout_score_checkpoints']),
    (array['controller'], 'update', array[
      'epoch', 'started_at', 'until', 'basis', 'jobs', 'errors', 'opened', 'state', 'digest'],
      array['rollout_score_checkpoints']),
    (array['controller'], 'insert', array['feature_name', 'epoch', 'mean'], array['rollout_pasts']),
    (array['controller'], 'insert', array['feature_name', 'epoch', 'subject_id', 'jobs', 'failed'],
      array['rollout_past_subjects']),
    (array['controller'], 'insert', array[
      'feature_name', 'metric', 'read_until', 'problem', 'failing_since', 'retry_at'], array['rollout_metric_reads']),
    (array['controller'], 'update', array['read_until', 'problem', 'failing_since', 'retry_at'],
      array['rollout_metric_reads']),
    (array['controller'], 'insert', array[
      'feature_name', 'metric', 'queries_digest', 'tested_limit', 'tested_correlation', 'measured_correlation', 'from_at',
      'until_at', 'days', 'events', 'bad', 'alarms', 'tested_by'], array['rollout_back_tests']),
    (array['controller'], 'update', array[
      'queries_digest', 'tested_limit', 'tested_correlation', 'measured_correlation', 'from_at', 'until_at', 'days',
      'events', 'bad', 'alarms', 'tested_at', 'tested_by'], array['rollout_back_tests']),
    (array['controller'], 'insert', array['dedupe_key', 'feature_name', 'severity', 'kind', 'message', 'details'],
      array['rollout_outbox']),
    (array['controller'], 'update', array['told_at', 'delivered_at', 'attempts', 'last_error', 'delivered_to'],
      array['rollout_outbox'])
  ) given(kinds, privilege, columns, objects),
  unnest(given.kinds) k(kind), unnest(given.objects) o(object)
$$;

-- Every right on the controller's objects that a role has, or should have by the grant table. `role` is PUBLIC for
-- everybody; the owner and superusers are left out.
create function public.rollout_rights()
returns table (object text, object_kind text, column_name text, privilege text, role text, held boolean, wanted boolean)
language sql stable set search_path = pg_catalog, pg_temp as $$
  with owner as (
    select c.relowner as oid from pg_class c where c.oid = 'public.rollout_state'::regclass
  ), grantees as (
    select k.kind, r.oid, r.rolname::text as role
    from (
      values ('reader', 'rollout_reader'), ('recorder', 'rollout_recorder'), ('controller', 'rollout_controller')
      union all
      select a.may, a.role from public.rollout_allowed a
    ) k(kind, role)
    join pg_roles r on r.rolname = k.role
  ), granted as (
    select g.privilege, g.object, g.columns, e.role from public.rollout_grants() g join grantees e on e.kind = g.kind
  ), named as (
    select c.oid from pg_class c
    where c.relnamespace = 'public'::regnamespace and c.relowner in (select oid from owner)
      and c.relname in (select g.object from public.rollout_grants() g where g.privilege = 'select')
  ), relations as (
    select n.oid from named n
    union
    select i.inhrelid from pg_inherits i join named n on n.oid = i.inhparent
    union
    select d.objid from pg_depend d join named n on n.oid = d.refobjid
    join pg_class s on s.oid = d.objid and s.relkind = 'S'
    where d.classid = 'pg_class'::regclass and d.refclassid = 'pg_class'::regclass and d.deptype in ('a', 'i')
  ), functions as (
    select p.oid, p.proname, p.proacl, p.proowner from pg_proc p
    where p.pronamespace = 'public'::regnamespace and p.proowner in (select oid from owner)
      and (starts_with(p.proname, 'rollout_') or p.proname in (
        'is_repository_eligible_for_rollout', 'categorize_repository', 'categorize_all_repositories'))
  ), acl as (
    select c.oid::regclass::text as object, case c.relkind when 'S' then 'sequence' else 'table' end as object_kind,
      null as column_name, a.privilege_type, a.grantee, c.relowner as owner
    from relations r join pg_class c on c.oid = r.oid, aclexplode(c.relacl) a
    union all
    select c.oid::regclass::text, 'table', t.attname, a.privilege_type, a.grantee, c.relowner
    from relations r join pg_class c on c.oid = r.oid
    join pg_attribute t on t.attrelid = r.oid and t.attnum > 0 and not t.attisdropped, aclexplode(t.attacl) a
    union all
    select f.oid::regprocedure::text, 'function', null, a.privilege_type, a.grantee, f.proowner
    from functions f, aclexplode(coalesce(f.proacl, acldefault('f', f.proowner))) a
  ), held as (
    select acl.object, acl.object_kind, acl.column_name::text, lower(acl.privilege_type) as privilege,
      coalesce(r.rolname::text, 'PUBLIC') as role
    from acl left join pg_roles r on r.oid = acl.grantee
    where acl.grantee <> acl.owner and not coalesce(r.rolsuper, false)
  ), wanted as (
    select c.oid::regclass::text as object, 'table' as object_kind, k.column_name, g.privilege, g.role
    from granted g
    join pg_class c on c.relnamespace = 'public'::regnamespace and c.relname = g.object
      and c.oid in (select n.oid from named n)
    cross join lateral (
      select unnest(g.columns) as column_name union all select null where g.columns is null
    ) k
    where g.privilege <> 'execute'
    union
    select f.oid::regprocedure::text, 'function', null, g.privilege, g.role
    from granted g join functions f on f.proname = g.object
    where g.privilege = 'execute'
  )
  select coalesce(h.object, w.object), coalesce(h.object_kind, w.object_kind), coalesce(h.column_name, w.column_name),
    coalesce(h.privilege, w.privilege), coalesce(h.role, w.role), h.object is not null, w.object is not null
  from (select distinct * from held) h
  full join wanted w on w.object = h.object and w.object_kind = h.object_kind and w.privilege = h.privilege
    and w.role = h.role and coalesce(w.column_name, '') = coalesce(h.column_name, '')
$$;

-- Enables row-level security on each of the controller's tables, with a policy for roles that may read it and one for
-- those that may write.
create function public.rollout_keep_policies() returns void
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  t record;
begin
  for t in
    select c.oid::regclass::text as name from pg_class c
    where c.relkind in ('r', 'p') and not c.relrowsecurity and c.oid::regclass::text in (
      select 'public.' || g.object from public.rollout_grants() g where g.privilege = 'select'
      union all
      select i.inhrelid::regclass::text from pg_inherits i join public.rollout_grants() g
        on g.privilege = 'select' and i.inhparent = to_regclass('public.' || g.object))
  loop
    execute format('alter table %s enable row level security', t.name);
  end loop;
  for t in
    select c.relname as name, u.policy, u.clauses, p.oid is not null as exists, w.roles,
      array(select r.rolname::text from unnest(p.polroles) o(oid) join pg_roles r using (oid) order by 1) as present
    from (select distinct g.object from public.rollout_grants() g where g.privilege = 'select') g
    join pg_class c on c.relnamespace = 'public'::regnamespace and c.relname = g.object and c.relkind in ('r', 'p')
    cross join (values
      ('read', '{select}'::text[], 'for select to %s using (true)'),
      ('write', '{insert,update}', 'to %s using (true) with check (true)')
    ) u(policy, privileges, clauses)
    cross join lateral (
      select coalesce(array_agg(distinct r.role order by r.role), '{}') as roles from public.rollout_rights() r
      where r.wanted and r.object = c.oid::regclass::text and r.privilege = any (u.privileges)
    ) w
    left join pg_policy p on p.polrelid = c.oid and p.polname = c.relname || '_' || u.policy
  loop
    if t.exists and t.present <> t.roles then
      execute format('drop policy %I on public.%I', t.name || '_' || t.policy, t.name);
    end if;
    if cardinality(t.roles) > 0 and (not t.exists or t.present <> t.roles) then
      execute format('create policy %I on public.%I ' || t.clauses, t.name || '_' || t.policy, t.name,
        (select string_agg(quote_ident(role), ', ') from unnest(t.roles) role));
    end if;
  end loop;
end
$$;

-- Aligns all rights with the grant table, for the roles that exist: an administrator who creates the controller's
-- roles later runs `select rollout_grant_roles()` again. Other rights of PUBLIC or of a hosted database's public
-- roles (anon, authenticated) are revoked: they come from default privileges, or were not revoked after a restore
-- without privileges. Other rights of further roles are revoked if `others` says so. Returns the controller's roles
-- that are missing.
create function public.rollout_grant_roles(others boolean default false) returns text[]
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  ours constant text[] := array['rollout_reader', 'rollout_controller', 'rollout_recorder'];
  managed text[] := ours || array['PUBLIC', 'anon', 'authenticated'] || array(select a.role from public.rollout_allowed a);
  r record;
begin
  perform pg_advisory_xact_lock(hashtextextended('rollout grants', 0));
  for r in select rolname from pg_roles where rolname = any (managed) and rolname not in ('anon', 'authenticated') loop
    if not has_schema_privilege(r.rolname, 'public', 'usage') then
      execute format('grant usage on schema public to %I', r.rolname);
    end if;
  end loop;
  for r in
    select g.held, g.object_kind, g.object, case g.role when 'PUBLIC' then 'public' else quote_ident(g.role) end as role,
      g.privilege || case when g.column_name is null then '' else format('(%I)', g.column_name) end as privilege
    from public.rollout_rights() g
    where (g.wanted and not g.held) or (g.held and not g.wanted and (others or g.role = any (managed)))
  loop
    execute case when r.held then format('revoke %s on %s %s from %s cascade', r.privilege, r.object_kind, r.object, r.role)
      else format('grant %s on %s %s to %s', r.privilege, r.object_kind, r.object, r.role) end;
  end loop;
  perform public.rollout_keep_policies();
  return array(
    select name from unnest(ours) with ordinality o(name, place)
    where not exists (select from pg_roles where rolname = name) order by place);
end
$$;

-- Records the rights of a foreign role; null removes them.
create function public.rollout_allow(other text, kind text) returns void
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  r record;
begin
  if not exists (select from pg_roles where rolname = other) then
    raise exception 'no role named %', quote_literal(other)
      using errcode = 'undefined_object', hint = format('Create it first: create role %I', other);
  end if;
  if kind is not null then
    insert into public.rollout_allowed as a (role, may) values (other, kind)
    on conflict (role) do update set may = excluded.may, allowed_at = now() where a.may <> excluded.may;
  else
    delete from public.rollout_allowed where role = other;
    for r in select * from public.rollout_rights() g where g.held and g.role = other loop
      execute format('revoke all on %s %s from %I cascade', r.object_kind, r.object, other);
    end loop;
  end if;
  perform public.rollout_grant_roles();
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
    raise notice 'the roles rollout_reader, rollout_controller and rollout_recorder could not be created: ask an administrator to create them and to run: select rollout_grant_roles()'
      using errcode = 'RC001';
  when duplicate_object or unique_violation then
    null; -- another database of this server is being migrated at this moment
end
$$;
select public.rollout_grant_roles();
