-- What a tick reads of all features at once, made light to read.

-- A row of the roll-up as the text it is sent as: a tick reads tens of thousands, and writing their numbers out anew
-- each time took longer than finding them.
alter table rollout_evidence_buckets add column line text generated always as (
  (extract(epoch from bucket_start at time zone 'UTC') / 60)::integer::text || ',' || jobs::text || ','
    || errors::text || ',' || control_jobs::text || ',' || control_errors::text || ','
    || translate(category, E'\n', ' ')) stored;
comment on column rollout_evidence_buckets.line is
  'minute since 1970, jobs, errors, control_jobs, control_errors, category; what judging reads';

-- Times by hour, without categories: what the comparison of speeds reads.
create table rollout_evidence_hours (
  feature_name text not null,
  epoch integer not null,
  hour_start timestamptz not null,
  arm text not null check (arm in ('treatment', 'control', 'fallback')),
  processor_type text not null,
  job_class text not null default '',
  timed_jobs integer not null default 0,
  processing_ms double precision not null default 0,
  primary key (feature_name, epoch, hour_start, arm, processor_type, job_class)
);
create index rollout_evidence_hours_age on rollout_evidence_hours (hour_start);
comment on table rollout_evidence_hours is
  'The times of rollout_evidence by hour; written in the same transaction.';
insert into rollout_evidence_hours
select feature_name, epoch, date_bin('1 hour', window_start, 'epoch'), arm, processor_type, job_class,
  sum(timed_jobs), sum(processing_ms)
from rollout_evidence where timed_jobs > 0 group by 1, 2, 3, 4, 5, 6;
alter table rollout_evidence_hours enable row level security;
create policy rollout_evidence_hours_read on rollout_evidence_hours for select to public using (true);

-- The window first: what is recorded now goes to one end of the index, and a few windows are found without a look
-- at the subjects of all others. Ids are compared as bytes, whatever the language of the database.
alter table rollout_metrics drop constraint rollout_metrics_pkey;
alter table rollout_metrics alter column subject_id type text collate "C";
alter table rollout_metrics add primary key
  (metrics_window_start, subject_id, feature_name, processor_type, arm, epoch, job_class);

-- Sums of outcomes that one process gathered, and what failed jobs of theirs said. One statement a table, rows in
-- the order of their keys, so that any number of processes can do it at once. False: this batch was recorded
-- before. A sum that is impossible or of no feature refuses them all.
create or replace function rollout_record_outcomes(
  batch uuid, features text[], subjects text[], processors text[], arms text[], epochs integer[],
  job_classes text[], categories text[], windows timestamptz[], jobs integer[], errors integer[],
  timed integer[], times_ms double precision[], last_errors text[], last_errors_at timestamptz[],
  error_features text[] default '{}', error_processors text[] default '{}', error_arms text[] default '{}',
  error_messages text[] default '{}', error_counts integer[] default '{}', error_times timestamptz[] default '{}'
) returns boolean
language plpgsql security definer set search_path = pg_catalog, public, pg_temp
-- Planned once: a plan of its own for each call would copy the arrays into it.
set plan_cache_mode = force_generic_plan as $$
declare
  sums rollout_evidence[];
  impossible text;
  unknown text;
begin
  insert into rollout_batches (batch_id) values (batch) on conflict do nothing;
  if not found then
    return false;
  end if;
  -- What all subjects have together is a handful of rows: from here on only they are looked at again.
  select array_agg((e.feature, e.epoch, e.arm, e.processor, e.class, e.category, e.start, e.jobs, e.errors,
      e.timed, e.ms)::rollout_evidence), min(e.feature) filter (where e.impossible)
  into sums, impossible
  from (
    select o.feature, o.epoch, o.arm, o.processor, o.class, o.category, rollout_window(o.at) as start,
      sum(o.jobs) as jobs, sum(o.errors) as errors, sum(o.timed) as timed, sum(o.ms) as ms,
      not bool_and(coalesce(o.jobs >= 1 and o.errors between 0 and o.jobs and o.timed between 0 and o.jobs
        and o.ms >= 0 and o.ms < 'infinity' and (o.timed > 0 or o.ms = 0), false)) as impossible
    from unnest(features, processors, arms, epochs, job_classes, categories, windows, jobs, errors, timed, times_ms)
      o(feature, processor, arm, epoch, class, category, at, jobs, errors, timed, ms)
    group by 1, 2, 3, 4, 5, 6, 7
  ) e;
  if impossible is not null then
    raise exception 'impossible counts for %', quote_literal(left(impossible, 100))
      using errcode = 'check_violation';
  end if;
  select s.feature_name into unknown from unnest(sums) s
  where not exists (select from rollout_configuration c where c.feature_name = s.feature_name) limit 1;
  if found then
    raise exception 'there is no feature %', quote_literal(left(unknown, 100)) using errcode = 'no_data_found';
  end if;
  insert into rollout_metrics as m
    (feature_name, subject_id, processor_type, arm, epoch, job_class, category, metrics_window_start,
     total_jobs, success_count, error_count, timed_jobs, processing_ms, last_error_message, last_error_at)
  select o.feature, o.subject collate "C", o.processor, o.arm, o.epoch, o.class, max(o.category), rollout_window(o.at),
    sum(o.jobs), sum(o.jobs - o.errors), sum(o.errors), sum(o.timed), sum(o.ms),
    left(max(o.message), 300), least(max(o.message_at), now())
  from unnest(features, subjects, processors, arms, epochs, job_classes, categories, windows, jobs, errors,
    timed, times_ms, last_errors, last_errors_at)
    o(feature, subject, processor, arm, epoch, class, category, at, jobs, errors, timed, ms, message, message_at)
  group by rollout_window(o.at), o.subject collate "C", o.feature, o.processor, o.arm, o.epoch, o.class
  order by rollout_window(o.at), o.subject collate "C", o.feature, o.processor, o.arm, o.epoch, o.class
  on conflict (metrics_window_start, subject_id, feature_name, processor_type, arm, epoch, job_class) do update set
    total_jobs = m.total_jobs + excluded.total_jobs, success_count = m.success_count + excluded.success_count,
    error_count = m.error_count + excluded.error_count, timed_jobs = m.timed_jobs + excluded.timed_jobs,
    processing_ms = m.processing_ms + excluded.processing_ms,
    last_error_message = coalesce(excluded.last_error_message, m.last_error_message),
    last_error_at = greatest(excluded.last_error_at, m.last_error_at), updated_at = now();
  insert into rollout_evidence as e
  select s.* from unnest(sums) s
  order by s.feature_name, s.epoch, s.window_start, s.arm, s.processor_type, s.category, s.job_class
  on conflict (feature_name, epoch, window_start, arm, processor_type, category, job_class) do update set
    total_jobs = e.total_jobs + excluded.total_jobs, error_count = e.error_count + excluded.error_count,
    timed_jobs = e.timed_jobs + excluded.timed_jobs, processing_ms = e.processing_ms + excluded.processing_ms;
  insert into rollout_evidence_buckets as b
    (feature_name, epoch, bucket_start, category, jobs, errors, control_jobs, control_errors)
  select s.feature_name, s.epoch, date_bin('15 minutes', s.window_start, 'epoch'), s.category,
    coalesce(sum(s.total_jobs) filter (where s.arm = 'treatment'), 0),
    coalesce(sum(s.error_count) filter (where s.arm = 'treatment'), 0),
    coalesce(sum(s.total_jobs) filter (where s.arm = 'control'), 0),
    coalesce(sum(s.error_count) filter (where s.arm = 'control'), 0)
  from unnest(sums) s
  where s.arm in ('treatment', 'control')
  group by 1, 2, 3, 4
  order by 1, 2, 3, 4
  on conflict (feature_name, epoch, bucket_start, category) do update set
    jobs = b.jobs + excluded.jobs, errors = b.errors + excluded.errors,
    control_jobs = b.control_jobs + excluded.control_jobs,
    control_errors = b.control_errors + excluded.control_errors;
  insert into rollout_evidence_hours as h
    (feature_name, epoch, hour_start, arm, processor_type, job_class, timed_jobs, processing_ms)
  select s.feature_name, s.epoch, date_bin('1 hour', s.window_start, 'epoch'), s.arm, s.processor_type, s.job_class,
    sum(s.timed_jobs), sum(s.processing_ms)
  from unnest(sums) s
  where s.timed_jobs > 0
  group by 1, 2, 3, 4, 5, 6
  order by 1, 2, 3, 4, 5, 6
  on conflict (feature_name, epoch, hour_start, arm, processor_type, job_class) do update set
    timed_jobs = h.timed_jobs + excluded.timed_jobs, processing_ms = h.processing_ms + excluded.processing_ms;
  if cardinality(error_messages) > 0 then
    perform rollout_record_errors(
      error_features, error_processors, error_arms, error_messages, error_counts, error_times);
  end if;
  return true;
end
$$;

-- Which check a verdict turned away from, so that nobody has to look for it through all those that said the same;
-- and how long a check is kept: every one for 90 days, then one an hour, and what turned or acted for ever.
alter table rollout_health_checks
  add column turned_from bigint,
  add column keeping text not null default 'all' check (keeping in ('all', 'hour', 'ever'));
comment on column rollout_health_checks.turned_from is
  'The last check before it, in the same epoch, that had another verdict.';
comment on column rollout_health_checks.keeping is
  'all: young; hour: the one of its hour that was kept; ever: it turned, or something was done about it.';
update rollout_health_checks c set turned_from = (
  select max(o.id) from rollout_health_checks o
  where o.feature_name = c.feature_name and o.epoch = c.epoch and o.id < c.id and o.verdict <> c.verdict);
create index rollout_health_checks_epoch on rollout_health_checks (feature_name, epoch, id);
create index rollout_health_checks_young on rollout_health_checks (checked_at) where keeping = 'all';
create index rollout_health_checks_hours on rollout_health_checks (checked_at) where keeping = 'hour';

-- Thins out old checks, a week at a time, and returns how many are gone. Of those older than 90 days stay: for ever
-- the first and the last of an epoch, both sides of every turn (verdict, why, of whom, how grave, paused) and what
-- was acted upon; for 400 days one an hour. A soak and a chart read the same before and after.
create function rollout_thin_checks() returns bigint
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  upto timestamptz := date_bin('1 hour', least(
    now() - interval '90 days',
    (select min(checked_at) from rollout_health_checks where keeping = 'all') + interval '7 days'), 'epoch');
  gone bigint;
  past bigint;
begin
  with old as materialized (
    select c.id, case
        when c.action in ('rolled_back', 'advanced', 'proposed') or p.id is null or n.id is null
          or (c.verdict, c.reason_code, c.scope, c.severity, c.paused) is distinct from
             (p.verdict, p.reason_code, p.scope, p.severity, p.paused)
          or (c.verdict, c.reason_code, c.scope, c.severity, c.paused) is distinct from
             (n.verdict, n.reason_code, n.scope, n.severity, n.paused) then 'ever'
        when row_number() over (
          partition by c.feature_name, c.epoch, date_bin('1 hour', c.checked_at, 'epoch') order by c.id) = 1
        then 'hour' end as keeping
    from rollout_health_checks c
    left join lateral (
      select * from rollout_health_checks o
      where o.feature_name = c.feature_name and o.epoch = c.epoch and o.id < c.id order by o.id desc limit 1
    ) p on true
    left join lateral (
      select * from rollout_health_checks o
      where o.feature_name = c.feature_name and o.epoch = c.epoch and o.id > c.id order by o.id limit 1
    ) n on true
    where c.keeping = 'all' and c.checked_at < upto
  ), marked as (
    update rollout_health_checks c set keeping = old.keeping from old where c.id = old.id and old.keeping is not null
  )
  delete from rollout_health_checks c using old where c.id = old.id and old.keeping is null;
  get diagnostics gone = row_count;
  delete from rollout_health_checks where keeping = 'hour' and checked_at < now() - interval '400 days';
  get diagnostics past = row_count;
  return gone + past;
end
$$;

drop function rollout_maintain(integer, integer);
-- Drops partitions, remembered ids and checks that are past their keeping, and makes the partitions of the next days.
-- Both need the tables for themselves for a moment: it gives up after two seconds rather than let everybody who
-- records wait behind somebody who reads for long.
create function rollout_maintain(keep_days integer default 90, ahead_days integer default 7)
returns table (created integer, dropped integer, forgotten bigint, thinned bigint)
language plpgsql security definer set search_path = pg_catalog, public, pg_temp set lock_timeout = '2s' as $$
declare
  today date := (now() at time zone 'UTC')::date;
  oldest timestamptz := (today - keep_days)::timestamp at time zone 'UTC';
  old text[];
  removed bigint;
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
      and c.relname ~ '_\d{8}$' and right(c.relname, 8) < to_char(today - keep_days, 'YYYYMMDD')
    order by c.relname);
  created := 0;
  dropped := cardinality(old);
  if dropped > 0 or exists (
    select from generate_series(today - 1, today + ahead_days, interval '1 day') day,
      unnest(array['rollout_metrics', 'rollout_evidence']) parent
    where to_regclass(format('public.%I', parent || to_char(day, '_YYYYMMDD'))) is null
  ) then
    -- In the order in which a recording takes them.
    lock table rollout_metrics, rollout_evidence in access exclusive mode;
    created := rollout_create_partitions(today - 1, ahead_days + 2);
    for i in 1 .. dropped loop
      execute format('drop table public.%I', old[i]);
    end loop;
  end if;
  delete from rollout_metrics_default where metrics_window_start < oldest;
  delete from rollout_evidence_default where window_start < oldest;
  delete from rollout_evidence_buckets where bucket_start < oldest;
  delete from rollout_evidence_hours where hour_start < oldest;
  delete from rollout_errors where day < today - keep_days;
  delete from rollout_jobs where state = 'open' and routed_at < oldest;
  delete from rollout_outbox where delivered_at < oldest;
  delete from rollout_batches where recorded_at < now() - interval '7 days';
  get diagnostics forgotten = row_count;
  delete from rollout_outcome_ids where recorded_at < now() - interval '30 days';
  get diagnostics removed = row_count;
  forgotten := forgotten + removed;
  delete from rollout_jobs where state <> 'open' and ended_at < now() - interval '30 days';
  get diagnostics removed = row_count;
  forgotten := forgotten + removed;
  thinned := rollout_thin_checks();
  return next;
end
$$;
do $$
declare
  signature text;
begin
  for signature in
    select p.oid::regprocedure::text from pg_proc p
    where p.pronamespace = 'public'::regnamespace and p.proname in ('rollout_maintain', 'rollout_thin_checks')
  loop
    execute format('revoke execute on function %s from public', signature);
  end loop;
end
$$;

-- The three roles once more, with what came since.
alter function rollout_grant_roles() rename to rollout_grant_recording;
create function rollout_grant_roles() returns text[]
language plpgsql set search_path = pg_catalog, public, pg_temp as $$
declare
  missing text[] := rollout_grant_recording();
  role text;
begin
  foreach role in array array['rollout_reader', 'rollout_controller', 'rollout_recorder'] loop
    continue when role = any (missing);
    execute format('grant select on rollout_evidence_hours to %I', role);
  end loop;
  return missing;
end
$$;
select rollout_grant_roles();
