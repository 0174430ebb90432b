set local search_path = pg_catalog, pg_temp;

-- Processes that hold a lock on the controller's objects: those on the history lock and on the registry first, then
-- the oldest. Without processes that wait themselves. Values of other sessions that the owner may not see are null.
create function public.rollout_lock_holders()
returns table (pid integer, role text, application text, seconds double precision)
language sql volatile security definer set search_path = pg_catalog, pg_temp as $$
  with ours as (
    select l.pid, bool_or(l.locktype = 'advisory' or l.relation = 'public.rollout_state'::regclass) as first
    from pg_locks l
    where l.granted and l.pid <> pg_backend_pid()
      and l.database = (select d.oid from pg_database d where d.datname = current_database())
      and (
        (l.locktype = 'relation' and l.mode <> 'AccessShareLock' and l.relation in (
          select c.oid from pg_class c
          where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')
            and (starts_with(c.relname, 'rollout_') or c.relname = 'repository_categories')))
        or (l.locktype = 'advisory' and l.objsubid = 1 and exists (
          select from (values (hashtextextended('rollout registry', 0)), (hashtextextended('rollout maintain', 0))) k(key)
          where l.classid = ((k.key >> 32) & 4294967295)::oid and l.objid = (k.key & 4294967295)::oid)))
    group by l.pid
  )
  select a.pid, a.usename::text, coalesce(a.application_name, ''),
    extract(epoch from clock_timestamp() - a.xact_start)::double precision
  from ours o
  join pg_stat_activity a on a.pid = o.pid
  where not exists (select from pg_locks w where w.pid = o.pid and not w.granted)
  order by o.first desc, a.xact_start nulls last
$$;

-- Stops one feature, or with null every feature and those that are added later. Needs only this database. A repeated
-- stop changes nothing. Retries until it has the locks, and reports each second who holds them.
create function public.rollout_emergency_stop(feature text default null, reason text default null)
returns table (feature_name text, result text)
language plpgsql security definer set search_path = pg_catalog, pg_temp set lock_timeout = '1s' as $$
declare
  holders text;
begin
  loop
    begin
      return query select * from public.rollout_stop_now(feature, reason);
      return;
    exception when lock_not_available or deadlock_detected then
      select string_agg(format('process %s of role %s%s', h.pid, h.role,
        coalesce(format(', in a transaction for %s s', round(h.seconds)), '')), ' and ')
      into holders from (select * from public.rollout_lock_holders() limit 3) h;
      raise warning 'not stopped yet: waiting for a lock%', coalesce(', held by ' || holders, '');
    end;
  end loop;
end
$$;

-- The stop itself, all or nothing; only for rollout_emergency_stop.
create function public.rollout_stop_now(feature text, reason text)
returns table (feature_name text, result text)
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  why text := coalesce(nullif(trim(reason), ''), 'stopped by SQL');
  actor text := coalesce(nullif(current_setting('rollout.actor', true), ''), 'sql:' || session_user);
  c public.rollout_configuration;
  hold public.rollout_incidents;
begin
  perform 1 from public.rollout_state for update;
  if feature is not null and not exists (
    select 1 from public.rollout_configuration f where f.feature_name = feature and f.archived_at is null
  ) then
    raise exception 'there is no feature %', quote_literal(left(feature, 100))
      using errcode = 'no_data_found', hint = coalesce((
        select 'These can be stopped: ' || string_agg(f.feature_name, ', ' order by f.feature_name)
        from public.rollout_configuration f where f.archived_at is null), 'none is reconciled yet; run: rollout reconcile');
  end if;
  if feature is null then
    perform set_config('rollout.state', 'controlled', true);
    update public.rollout_state set global_stop = true, global_stop_reason = why, global_stop_by = actor,
      global_stop_at = clock_timestamp(), generation = generation + 1
    where not global_stop;
    perform set_config('rollout.state', '', true);
  end if;
  perform set_config('rollout.action', 'emergency_stop', true), set_config('rollout.reason', why, true),
    set_config('rollout.metadata', '', true), set_config('rollout.revision', '', true);
  for c in
    select * from public.rollout_configuration f
    where f.archived_at is null and (feature is null or f.feature_name = feature)
    order by f.feature_name for no key update
  loop
    select * into hold from public.rollout_incidents i where i.feature_name = c.feature_name and i.state = 'open';
    feature_name := c.feature_name;
    if c.emergency_stop and hold.kind = 'emergency_stop' then
      result := 'already_stopped';
      return next;
      continue;
    end if;
    perform public.rollout_open_incident(
      c.feature_name, 'emergency_stop', 'critical', why,
      coalesce(hold.held, public.rollout_exposure(c)) || '{"emergency_stop": true}',
      public.rollout_exposure(c) || jsonb_build_object(
        'emergency_stop', false,
        'percentage', least(c.rollout_percentage,
          case when c.spec @? 'strict $.percentage ? (@ >= 0 && @ <= 100)' then (c.spec ->> 'percentage')::numeric end)),
      '{}', actor);
    update public.rollout_configuration f set
      emergency_stop = true, epoch = f.epoch + 1, epoch_started_at = clock_timestamp(), updated_at = now()
    where f.feature_name = c.feature_name;
    result := 'stopped';
    return next;
  end loop;
end
$$;

-- Lifts the global stop, with a note in history; false: it was not set.
create function public.rollout_lift_global_stop(reason text, actor text default null) returns boolean
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  s public.rollout_state;
begin
  select * into s from public.rollout_state for update;
  if not s.global_stop then
    return false;
  end if;
  perform set_config('rollout.state', 'controlled', true);
  update public.rollout_state set global_stop = false, global_stop_reason = null, global_stop_by = null,
    global_stop_at = null, generation = generation + 1;
  perform set_config('rollout.state', '', true);
  perform public.rollout_append_history(null, 'note', 'the stop of everything is lifted: ' || reason,
    jsonb_build_object('global_stop', jsonb_build_object('why', s.global_stop_reason, 'by', s.global_stop_by)), actor);
  return true;
end
$$;

-- Records an effective environment override: once per value, host group and day, and at most a hundred a day, so that
-- nobody with recording rights can fill history. Null: the limit is reached.
create function public.rollout_record_override(
  feature text, variable text, value text, applied boolean, host_group text default ''
) returns bigint
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  details jsonb := jsonb_build_object('variable', left(variable, 100), 'value', left(value, 200),
    'applied', applied, 'host_group', left(host_group, 200));
  today constant timestamptz := date_trunc('day', now(), 'UTC');
  known bigint;
begin
  if feature is not null and not exists (
    select from public.rollout_configuration c where c.feature_name = feature
  ) then
    raise exception 'there is no feature %', quote_literal(left(feature, 100)) using errcode = 'no_data_found';
  end if;
  perform 1 from public.rollout_state for update;
  select min(h.id) filter (where h.feature_name is not distinct from feature and h.metadata @> details)
  into known
  from public.rollout_history h
  where h.action = 'env_override' and h.created_at >= today
  having count(*) >= 100 or bool_or(h.feature_name is not distinct from feature and h.metadata @> details);
  if found then
    return known;
  end if;
  return public.rollout_append_history(feature, 'env_override',
    format('%s=%s %s', left(variable, 100), left(value, 200), case when applied then 'is in force' else 'is refused' end),
    details);
end
$$;

-- The tick's lease: a row with holder and expiry, because session locks break behind transaction poolers. False:
-- another tick holds it.
create function public.rollout_take_lease(holder text, seconds integer) returns boolean
language sql security definer set search_path = pg_catalog, pg_temp as $$
  with taken as (
    update public.rollout_state set tick_holder = holder, tick_expires_at = clock_timestamp() + make_interval(secs => seconds)
    where tick_holder is null or tick_holder = holder or tick_expires_at < clock_timestamp()
    returning 1
  )
  select exists (select 1 from taken)
$$;

-- Notifications, one per transition; delivered at least once, identified by their key.
create table public.rollout_outbox (
  id bigint generated always as identity primary key,
  dedupe_key text not null unique,
  feature_name text,
  severity text not null check (severity in ('info', 'warning', 'critical')),
  kind text not null,
  message text not null,
  details jsonb not null default '{}',
  created_at timestamptz not null default clock_timestamp(),
  told_at timestamptz,
  delivered_at timestamptz,
  attempts integer not null default 0,
  last_error text,
  delivered_to text[] not null default '{}'
);
comment on column public.rollout_outbox.delivered_to is 'Receivers that took it, each by the names of its variables; they do not get it again.';
create index rollout_outbox_pending on public.rollout_outbox (id) where delivered_at is null;

-- Judgements. Each names the check before its verdict began, which saves a search through all equal ones, and how
-- long it is kept: every check for 90 days, then one per hour, and changes and actions for ever.
create table public.rollout_health_checks (
  id bigint generated always as identity primary key,
  feature_name text not null references public.rollout_configuration (feature_name),
  epoch integer not null,
  checked_at timestamptz not null default clock_timestamp(),
  verdict text not null check (verdict in
    ('healthy', 'warning', 'suspect', 'harmful', 'insufficient', 'no_data', 'error')),
  reason_code text not null,
  reason text not null,
  severity text not null,
  scope text not null,
  action text not null,
  jobs bigint not null,
  errors bigint not null,
  scores jsonb not null,
  evidence jsonb not null default '{}',
  paused boolean not null default false,
  turned_from bigint,
  keeping text not null default 'all' check (keeping in ('all', 'hour', 'ever'))
);
comment on column public.rollout_health_checks.turned_from is
  'The last check before it, in the same epoch, that had another verdict.';
comment on column public.rollout_health_checks.keeping is
  'all: young; hour: the one of its hour that was kept; ever: it turned, or something was done about it.';
create index rollout_health_checks_feature on public.rollout_health_checks (feature_name, checked_at);
create index rollout_health_checks_epoch on public.rollout_health_checks (feature_name, epoch, id);
create index rollout_health_checks_young on public.rollout_health_checks (checked_at) where keeping = 'all';
create index rollout_health_checks_hours on public.rollout_health_checks (checked_at) where keeping = 'hour';

-- Removes old checks, a week at a time, and returns how many. Of those older than 90 days, these stay: for ever the
-- first and the last of an epoch, both sides of every change (verdict, reason, scope, severity, paused) and those
-- that were acted upon; for 400 days one per hour. A soak and a chart read the same before and after.
create function public.rollout_thin_checks() returns bigint
language plpgsql security definer set search_path = pg_catalog, pg_temp
set timezone = 'UTC' as $$
declare
  upto timestamptz := date_bin('1 hour', least(
    now() - interval '90 days',
    (select min(checked_at) from public.rollout_health_checks where keeping = 'all') + interval '7 days'), 'epoch');
  gone bigint;
  past bigint;
begin
  with old as materialized (
    select c.id, case
        when c.action in ('rolled_back', 'quarantined', 'advanced', 'proposed') or p.id is null or n.id is null
          or (c.verdict, c.reason_code, c.scope, c.severity, c.paused) is distinct from
             (p.verdict, p.reason_code, p.scope, p.severity, p.paused)
          or (c.verdict, c.reason_code, c.scope, c.severity, c.paused) is distinct from
             (n.verdict, n.reason_code, n.scope, n.severity, n.paused) then 'ever'
        when row_number() over (
          partition by c.feature_name, c.epoch, date_bin('1 hour', c.checked_at, 'epoch') order by c.id) = 1
        then 'hour' end as keeping
    from public.rollout_health_checks c
    left join lateral (
      select * from public.rollout_health_checks o
      where o.feature_name = c.feature_name and o.epoch = c.epoch and o.id < c.id order by o.id desc limit 1
    ) p on true
    left join lateral (
      select * from public.rollout_health_checks o
      where o.feature_name = c.feature_name and o.epoch = c.epoch and o.id > c.id order by o.id limit 1
    ) n on true
    where c.keeping = 'all' and c.checked_at < upto
  ), marked as (
    update public.rollout_health_checks c set keeping = old.keeping from old where c.id = old.id and old.keeping is not null
  )
  delete from public.rollout_health_checks c using old where c.id = old.id and old.keeping is null;
  get diagnostics gone = row_count;
  delete from public.rollout_health_checks where keeping = 'hour' and checked_at < now() - interval '400 days';
  get diagnostics past = row_count;
  return gone + past;
end
$$;

-- Creates partitions by day, from yesterday on; rows of other days go to the default partition.
create function public.rollout_create_partitions(day date, days integer) returns integer
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  kind record;
  parent text;
  from_day date;
  name text;
  stranger text;
  begins bigint;
  ends bigint;
  created integer := 0;
begin
  if days not between 1 and 400 then
    raise exception 'no partitions for % days', days
      using errcode = 'invalid_parameter_value', hint = 'Make them for 1 to 400 days.';
  end if;
  for kind in
    select * from (values
      ('rollout_metrics', 'metrics_window_start', 'to_timestamp(%s)'),
      ('rollout_evidence', 'window_start', 'to_timestamp(%s)'),
      ('rollout_jobs', 'day', 'date ''1970-01-01'' + (%s / 86400)::integer')) k(parent, key, bound)
  loop
    parent := kind.parent;
    for from_day in select day + n from generate_series(0, days - 1) n loop
      name := format('%s_%s', parent, to_char(from_day, 'YYYYMMDD'));
      continue when to_regclass(format('public.%I', name)) is not null;
      begins := (from_day - date 'epoch') * 86400;
      ends := (from_day + 1 - date 'epoch') * 86400;
      -- Rows of that day that came before the partition would make the default refuse it. Bounds are numbers: a text
      -- of a moment is read as DateStyle says.
      execute format(
        'create table public.%I (like public.%I including defaults including constraints)', name, parent);
      execute format('alter table public.%I enable row level security', name);
      execute format(
        'with moved as (
           delete from public.%2$s_default where %3$I >= %4$s and %3$I < %5$s returning *)
         insert into public.%1$I select * from moved',
        name, parent, kind.key, format(kind.bound, begins), format(kind.bound, ends));
      execute format(
        'alter table public.%2$I attach partition public.%1$I for values from (%3$s) to (%4$s)',
        name, parent, format(kind.bound, begins), format(kind.bound, ends));
      -- What default privileges gave; rows are reached by way of the parent.
      for stranger in
        select distinct case a.grantee when 0 then 'public' else quote_ident(pg_get_userbyid(a.grantee)) end
        from pg_class c, aclexplode(c.relacl) a
        where c.oid = to_regclass(format('public.%I', name)) and a.grantee <> c.relowner
      loop
        execute format('revoke all on public.%I from %s', name, stranger);
      end loop;
      created := created + 1;
    end loop;
  end loop;
  return created;
end
$$;
select public.rollout_create_partitions((now() at time zone 'UTC')::date - 1, 9);

-- Merges slices that began more than a day ago into one per quarter of an hour: their contents, and their starts as
-- one start at its beginning. Only permanently folded slices without remaining spans are merged; the slice in which a
-- run began stays the first of its slice. A feature that is being folded is left to the next time. Returns how many
-- slices were removed.
create function public.rollout_thin_slices() returns bigint
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  feature text;
  removed bigint;
  total bigint := 0;
begin
  for feature in select distinct l.feature_name from public.rollout_levels l order by 1 loop
    continue when not pg_try_advisory_xact_lock(hashtextextended('rollout fold ' || feature, 0));
    with folded as (
      select v.epoch, v.scope, array_agg(distinct r.run) as runs, least(min(v.settled_slice), (
          select min(case when public.rollout_category_of(v.scope) is null then s.slice else s.category_slice end) - 1
          from public.rollout_spans s
          where s.feature_name = feature and s.epoch = v.epoch and v.scope = any (public.rollout_scopes(s.measure, s.category))
        )) as upto
      from public.rollout_levels v
      cross join lateral unnest(v.run_slices || v.settled_run_slices) r(run)
      where v.feature_name = feature
      group by v.epoch, v.scope
    ), old as (
      select l.*, min(l.slice) over quarter as first, count(*) over quarter as beside
      from public.rollout_slices l join folded f on f.epoch = l.epoch and f.scope = l.scope
      cross join lateral (select count(*) as begun from unnest(f.runs) r(run) where r.run <= l.slice) b
      where l.feature_name = feature and l.slice <= f.upto and l.started_at < now() - interval '1 day'
      window quarter as (partition by l.epoch, l.scope, date_bin('15 minutes', l.started_at, 'epoch'), b.begun)
    ), sums as (
      select o.epoch, o.scope, o.first, least(1, sum(o.weight)) as weight, sum(o.spans) as spans, sum(o.jobs) as jobs,
        sum(o.opened) as opened, sum(o.finished) as finished, sum(o.failed) as failed, sum(o.failed_spans) as failed_spans,
        sum(o.control_jobs) as control_jobs, sum(o.control_failed) as control_failed, max(o.peak) as peak,
        array[sum(o.gain[1]), sum(o.gain[2]), sum(o.gain[3]), sum(o.gain[4]), sum(o.gain[5])] as gain
      from old o where o.beside > 1 group by 1, 2, 3
    ), gone as (
      delete from public.rollout_slices l using old o
      where l.feature_name = feature and l.epoch = o.epoch and l.scope = o.scope and l.slice = o.slice and o.slice <> o.first
      returning 1
    ), kept as (
      update public.rollout_slices l set weight = s.weight, spans = s.spans, jobs = s.jobs, opened = s.opened,
        finished = s.finished, failed = s.failed, failed_spans = s.failed_spans, control_jobs = s.control_jobs,
        control_failed = s.control_failed, peak = s.peak, gain = s.gain
      from sums s
      where l.feature_name = feature and l.epoch = s.epoch and l.scope = s.scope and l.slice = s.first
    )
    select count(*) into removed from gone;
    total := total + removed;
  end loop;
  return total;
end
$$;

-- Days of stamps that are no longer needed: nearly every job that was routed then ended at least a week ago.
create function public.rollout_past_jobs(today date) returns text[]
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
declare
  most constant integer := 100000;
  name text;
  remain integer;
  past text[] := '{}';
begin
  for name in
    select c.relname from pg_inherits i join pg_class c on c.oid = i.inhrelid
    where i.inhparent = 'public.rollout_jobs'::regclass and c.relname ~ '_\d{8}$'
      and right(c.relname, 8) < to_char(today - 7, 'YYYYMMDD')
    order by c.relname
  loop
    execute format('select count(*) from (
      (select from public.%1$I where state = ''open'' limit %2$s)
      union all (select from public.%1$I where state <> ''open'' and ended_at >= $1 limit %2$s)) r', name, most)
    into remain using now() - interval '7 days';
    if remain < most then
      past := past || name;
    end if;
  end loop;
  return past;
end
$$;

-- Drops a day of stamps; open and recently ended ones move to the default partition, under the same key.
create function public.rollout_drop_jobs(name text) returns void
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  execute format('alter table public.rollout_jobs detach partition public.%I', name);
  execute format('insert into public.rollout_jobs_default select * from public.%I
    where state = ''open'' or ended_at >= $1', name) using now() - interval '7 days';
  execute format('drop table public.%I', name);
end
$$;

-- Removes ids of outcomes after 30 days, and stamps without a day after seven, at most this many of each, so that
-- transactions stay short. Returns how many were removed.
create function public.rollout_forget_ids(most integer) returns bigint
language plpgsql security definer set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_custom_plan as $$
declare
  removed bigint;
  forgotten bigint;
begin
  delete from public.rollout_outcome_ids where ctid = any (array(
    select i.ctid from public.rollout_outcome_ids i where i.recorded_at < now() - interval '30 days'
    order by i.recorded_at limit most for update skip locked));
  get diagnostics forgotten = row_count;
  delete from public.rollout_jobs_dateless where ctid = any (array(
    select j.ctid from public.rollout_jobs_dateless j where j.state <> 'open' and j.ended_at < now() - interval '7 days'
    order by j.ended_at limit most for update skip locked));
  get diagnostics removed = row_count;
  forgotten := forgotten + removed;
  delete from public.rollout_jobs_default where ctid = any (array(
    select j.ctid from public.rollout_jobs_default j where j.state <> 'open' and j.ended_at < now() - interval '7 days'
    order by j.ended_at limit most for update skip locked));
  get diagnostics removed = row_count;
  return forgotten + removed;
end
$$;

-- Drops expired partitions, remembered ids and checks, merges old slices, and creates the partitions of the next
-- days. Partitions need an exclusive lock for a moment: it gives up after two seconds, because every recording
-- process would wait behind a long-running reader.
create function public.rollout_maintain(keep_days integer default 90, ahead_days integer default 7)
returns table (created integer, dropped integer, forgotten bigint, thinned bigint)
language plpgsql security definer set search_path = pg_catalog, pg_temp
set timezone = 'UTC' set lock_timeout = '2s' as $$
declare
  today date := (now() at time zone 'UTC')::date;
  oldest timestamptz := (today - keep_days)::timestamp at time zone 'UTC';
  -- What is kept by subject may have days of its own.
  subject_days integer := least(keep_days, coalesce((select (s.outcomes ->> 'keep_days')::integer from public.rollout_state s), keep_days));
  old text[];
  jobs text[];
begin
  if keep_days not between 1 and 3650 or ahead_days not between 0 and 366 then
    raise exception 'nothing is kept for % days with partitions for % days ahead', keep_days, ahead_days
      using errcode = 'invalid_parameter_value', hint = 'Days to keep: 1 to 3650; days ahead: 0 to 366.';
  end if;
  perform pg_advisory_xact_lock(hashtextextended('rollout maintain', 0));
  old := array(
    select c.relname from pg_inherits i
    join pg_class c on c.oid = i.inhrelid
    join pg_class p on p.oid = i.inhparent
    where p.relname in ('rollout_metrics', 'rollout_evidence') and p.relnamespace = 'public'::regnamespace
      and c.relname ~ '_\d{8}$' and right(c.relname, 8) <
        to_char(today - case p.relname when 'rollout_metrics' then subject_days else keep_days end, 'YYYYMMDD')
    order by c.relname);
  jobs := public.rollout_past_jobs(today);
  created := 0;
  dropped := cardinality(old) + cardinality(jobs);
  if dropped > 0 or exists (
    select from generate_series(-1, ahead_days) day, unnest(array['rollout_metrics', 'rollout_evidence', 'rollout_jobs']) parent
    where to_regclass(format('public.%I', parent || to_char(today + day, '_YYYYMMDD'))) is null
  ) then
    -- In the order in which a recording takes them.
    lock table public.rollout_jobs, public.rollout_metrics, public.rollout_evidence in access exclusive mode;
    created := public.rollout_create_partitions(today - 1, ahead_days + 2);
    for i in 1 .. cardinality(old) loop
      execute format('drop table public.%I', old[i]);
    end loop;
    for i in 1 .. cardinality(jobs) loop
      perform public.rollout_drop_jobs(jobs[i]);
    end loop;
  end if;
  delete from public.rollout_metrics_default where metrics_window_start < (today - subject_days)::timestamp at time zone 'UTC';
  delete from public.rollout_named_subjects where failed_at < now() - interval '2 days';
  delete from public.rollout_evidence_default where window_start < oldest;
  delete from public.rollout_evidence_buckets where bucket_start < oldest;
  delete from public.rollout_processes where seen_at < now() - interval '1 day';
  delete from public.rollout_score_windows where bucket_start < oldest;
  delete from public.rollout_score_checkpoints where until < oldest;
  delete from public.rollout_opened_jobs where bucket_start < oldest;
  -- Whoever is compared with the past of an epoch asks while it lasts.
  delete from public.rollout_past_subjects p where not exists (
    select from public.rollout_configuration c where c.feature_name = p.feature_name and c.epoch = p.epoch);
  delete from public.rollout_pasts p where not exists (
    select from public.rollout_configuration c where c.feature_name = p.feature_name and c.epoch = p.epoch);
  delete from public.rollout_evidence_hours where hour_start < oldest;
  delete from public.rollout_evidence_times where hour_start < oldest;
  delete from public.rollout_time_limits where measured_at < oldest;
  delete from public.rollout_errors where day < today - keep_days;
  delete from public.rollout_routes r where r.day < today - keep_days and not exists (
    select from public.rollout_configuration c where c.feature_name = r.feature_name and c.epoch = r.epoch);
  delete from public.rollout_error_classes where day < today - keep_days;
  delete from public.rollout_observations where window_start < oldest;
  -- Of the epoch that is live nothing is forgotten but slices, which its levels hold.
  delete from public.rollout_increments where heard_at < oldest;
  delete from public.rollout_slices where started_at < oldest;
  -- Who failed before a rollback is shown until somebody resumes it.
  delete from public.rollout_spans s where s.touched_at < case when s.open > 0 or s.failed > 0 and exists (
      select from public.rollout_configuration c
      join public.rollout_incidents i on i.feature_name = c.feature_name and i.kind = 'rollback' and i.state in ('open', 'settled')
      where c.feature_name = s.feature_name and c.epoch = s.epoch + 1)
    then oldest else now() - interval '1 day' end;
  with gone as (
    delete from public.rollout_timelines t
    where t.last_start_at < oldest
      and not exists (select from public.rollout_configuration c where c.feature_name = t.feature_name and c.epoch = t.epoch)
    returning t.feature_name, t.epoch, t.scope
  )
  delete from public.rollout_levels l using gone g
  where l.feature_name = g.feature_name and l.epoch = g.epoch and l.scope = g.scope;
  delete from public.rollout_jobs where state = 'open' and routed_at < oldest;
  -- A missed cutoff is told once, however long it lasts.
  delete from public.rollout_outbox where delivered_at < oldest and kind <> 'cutoff_missed';
  -- The last event of a customer that is not an error says whether the feature is on for them.
  delete from public.rollout_events e
  where e."timestamp" < oldest and (e.event = 'error' or exists (
    select from public.rollout_events l
    where l.feature_name = e.feature_name and l.customer_id = e.customer_id and l.event <> 'error'
      and l."timestamp" > e."timestamp"));
  delete from public.rollout_batches where recorded_at < now() - interval '7 days';
  get diagnostics forgotten = row_count;
  thinned := public.rollout_thin_checks();
  perform public.rollout_thin_slices();
  return next;
end
$$;

-- Do so many entering subjects restart the soak? At most five of them, or one in a hundred of those who were in, may
-- enter meanwhile: newly exposed subjects have not soaked.
create function public.rollout_soak_ends(entered bigint, exposed bigint) returns boolean
language sql immutable parallel safe set search_path = pg_catalog, pg_temp as $$
  select entered > greatest(5, coalesce(exposed, 0) * 0.01)
$$;

-- Restarts the soak of each ramping feature in which too many of the present subjects were not in when it began: by
-- the sum of the file, its lists and test repositories; by one import or categorisation, which is one transaction and
-- so one time in the registry; or one by one, if all of them are more than a fifth. Counts the initial subjects if
-- they are not counted yet. Returns the features whose soak restarts, each with a row of history.
create function public.rollout_restart_soaks() returns table (feature_name text, entered bigint, exposed bigint)
language plpgsql security definer set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_custom_plan as $$
#variable_conflict use_column
declare
  c public.rollout_configuration;
  appeared bigint;
  at_once bigint;
  why text;
  newest constant timestamptz := greatest(
    (select max(greatest(r.created_at, r.last_categorized_at)) from public.repository_categories r),
    (select max(r.created_at) from public.rollout_customers r),
    (select max(h.until) from public.rollout_facts_history h));
begin
  for c in
    select f.* from public.rollout_configuration f
    where f.is_active and not f.emergency_stop and f.archived_at is null
      and not (select s.global_stop from public.rollout_state s)
      and exists (
        select from jsonb_array_elements(case jsonb_typeof(f.spec -> 'steps') when 'array' then f.spec -> 'steps' end) s(step)
        where (s.step ->> 'percentage')::numeric > f.rollout_percentage)
    order by f.feature_name
  loop
    select coalesce(sum(each.n), 0), coalesce(max(each.n), 0) into appeared, at_once
    from (
      select count(*) as n
      from (
        select r.created_at as came from public.rollout_customers r
        where c.subject_type = 'customer' and newest > c.step_started_at and r.created_at > c.step_started_at
          and public.rollout_admits(c.is_active, c.emergency_stop, c.rollout_strategy, c.rollout_percentage, c.categories,
            c.target_repositories, c.denied, c.salt, c.audience, r.customer_id, r.name, null, r.facts)
        union all
        select f.came from public.rollout_facts_since(c.subject_type, c.step_started_at) f
        join public.rollout_customers r on r.customer_id = f.subject_id
        where c.subject_type = 'customer' and newest > c.step_started_at and c.audience is not null
          and r.created_at <= c.step_started_at
          and public.rollout_admits(c.is_active, c.emergency_stop, c.rollout_strategy, c.rollout_percentage, c.categories,
            c.target_repositories, c.denied, c.salt, c.audience, r.customer_id, r.name, null, r.facts)
          and not public.rollout_admits(c.is_active, c.emergency_stop, c.rollout_strategy, c.rollout_percentage, c.categories,
            c.target_repositories, c.denied, c.salt, c.audience, r.customer_id, r.name, null, f.facts)
        union all
        select case when r.created_at > c.step_started_at then r.created_at
          else greatest(f.came, case when r.last_categorized_at > c.step_started_at then r.last_categorized_at end) end
        from public.repository_categories r
        left join public.rollout_facts_since(c.subject_type, c.step_started_at) f
          on c.audience is not null and f.subject_id = r.repository_id
        where c.subject_type = 'repository' and newest > c.step_started_at
          and (r.created_at > c.step_started_at or r.last_categorized_at > c.step_started_at or f.subject_id is not null)
          and public.rollout_admits(c.is_active, c.emergency_stop, c.rollout_strategy, c.rollout_percentage, c.categories,
            c.target_repositories, c.denied, c.salt, c.audience, r.repository_id, r.full_name, r.category, r.facts)
          and (r.created_at > c.step_started_at or not public.rollout_admits(
            c.is_active, c.emergency_stop, c.rollout_strategy, c.rollout_percentage, c.categories,
            c.target_repositories, c.denied, c.salt, c.audience, r.repository_id, r.full_name,
            case when r.last_categorized_at > c.step_started_at then (
              select h.category from public.rollout_category_history h
              where h.repository_id = r.repository_id and h.until > c.step_started_at
              order by h.until limit 1) else r.category end,
            coalesce(f.facts, r.facts)))
      ) entrant
      group by entrant.came
    ) each;
    entered := c.soak_entered + appeared;
    exposed := coalesce(c.soak_exposed, greatest(0, (
      select sum(n.eligible) from public.rollout_count_eligible(c.feature_name) n) - entered));
    why := case
      when public.rollout_soak_ends(c.soak_entered, exposed) then format('%s entered by the file', c.soak_entered)
      when public.rollout_soak_ends(at_once, exposed) then format('%s entered at once', at_once)
      when appeared > exposed * 0.2 then format('%s appeared', appeared)
    end;
    if why is not null then
      perform set_config('rollout.action', 'population_changed', true), set_config('rollout.metadata', '', true),
        set_config('rollout.reason', format('the soak begins anew: %s since it began with %s', why, exposed), true);
      update public.rollout_configuration f set
        step_started_at = clock_timestamp(), soak_entered = 0, updated_at = now(),
        soak_exposed = (select sum(n.eligible) from public.rollout_count_eligible(c.feature_name) n)
      where f.feature_name = c.feature_name and f.step_started_at = c.step_started_at;
      feature_name := c.feature_name;
      return next;
    elsif c.soak_exposed is null then
      perform set_config('rollout.state', 'controlled', true);
      update public.rollout_configuration f set soak_exposed = exposed where f.feature_name = c.feature_name;
      perform set_config('rollout.state', '', true);
    end if;
  end loop;
end
$$;
