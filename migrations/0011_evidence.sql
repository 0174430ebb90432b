-- Batches and single outcomes that were recorded: a retry after a lost answer counts once. Kept for days.
create table rollout_batches (
  batch_id uuid primary key,
  recorded_at timestamptz not null default now()
);
create table rollout_outcome_ids (
  id text primary key check (length(id) between 1 and 200),
  recorded_at timestamptz not null default now()
);
create index rollout_batches_age on rollout_batches (recorded_at);
create index rollout_outcome_ids_age on rollout_outcome_ids (recorded_at);

-- What failed jobs said, by day.
create table rollout_errors (
  feature_name text not null,
  processor_type text not null,
  arm text not null,
  day date not null,
  message text not null,
  occurrences bigint not null default 0,
  last_at timestamptz not null,
  primary key (feature_name, day, processor_type, arm, message)
);

-- A job that timed out has failed once and for all; one that finished before its routing was flushed is not
-- opened again.
alter table rollout_jobs
  add column state text not null default 'open' check (state in ('open', 'finished', 'timed_out')),
  add column ended_at timestamptz;
create index rollout_jobs_open on rollout_jobs (feature_name, processor_type, routed_at) where state = 'open';

alter table rollout_health_checks add column paused boolean not null default false;

-- Sums of outcomes that one process gathered, in one statement for the windows and one for their roll-up.
-- False: this batch was recorded before. Windows in the future, from a clock that is ahead, count as now.
create function rollout_record_outcomes(
  batch uuid, features text[], subjects text[], processors text[], arms text[], epochs integer[],
  job_classes text[], categories text[], windows timestamptz[], jobs integer[], errors integer[],
  timed integer[], times_ms double precision[], messages text[], message_times timestamptz[]
) returns boolean
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  impossible record;
begin
  insert into rollout_batches (batch_id) values (batch) on conflict do nothing;
  if not found then
    return false;
  end if;
  select * into impossible from unnest(features, jobs, errors, timed, times_ms) o(feature, jobs, errors, timed, ms)
  where o.errors < 0 or o.errors > o.jobs or o.timed < 0 or o.timed > o.jobs or not o.ms >= 0 or o.ms = 'infinity'
  limit 1;
  if found then
    raise exception 'impossible counts for %: % jobs, % errors', quote_literal(impossible.feature), impossible.jobs, impossible.errors
      using errcode = 'check_violation';
  end if;
  insert into rollout_metrics as m
    (feature_name, subject_id, processor_type, arm, epoch, job_class, category, metrics_window_start,
     total_jobs, success_count, error_count, timed_jobs, processing_ms, last_error_message, last_error_at)
  select o.feature, o.subject, o.processor, o.arm, o.epoch, o.class, max(o.category), o.start,
    sum(o.jobs), sum(o.jobs - o.errors), sum(o.errors), sum(o.timed), sum(o.ms),
    (array_agg(o.message order by o.message_at desc nulls last))[1], max(o.message_at)
  from (
    select o.*, least(date_bin('5 minutes', o.at, 'epoch'), date_bin('5 minutes', now(), 'epoch')) as start
    from unnest(features, subjects, processors, arms, epochs, job_classes, categories, windows, jobs, errors,
      timed, times_ms, messages, message_times)
      o(feature, subject, processor, arm, epoch, class, category, at, jobs, errors, timed, ms, message, message_at)
  ) o
  group by o.feature, o.subject, o.processor, o.arm, o.epoch, o.class, o.start
  order by o.feature, o.subject, o.start, o.processor, o.arm, o.epoch, o.class
  on conflict (feature_name, subject_id, metrics_window_start, processor_type, arm, epoch, job_class) do update set
    total_jobs = m.total_jobs + excluded.total_jobs, success_count = m.success_count + excluded.success_count,
    error_count = m.error_count + excluded.error_count, timed_jobs = m.timed_jobs + excluded.timed_jobs,
    processing_ms = m.processing_ms + excluded.processing_ms,
    last_error_message = coalesce(excluded.last_error_message, m.last_error_message),
    last_error_at = greatest(excluded.last_error_at, m.last_error_at), updated_at = now();
  insert into rollout_evidence as e
    (feature_name, epoch, arm, processor_type, job_class, category, window_start, total_jobs, error_count,
     timed_jobs, processing_ms)
  select o.feature, o.epoch, o.arm, o.processor, o.class, o.category, o.start,
    sum(o.jobs), sum(o.errors), sum(o.timed), sum(o.ms)
  from (
    select o.*, least(date_bin('5 minutes', o.at, 'epoch'), date_bin('5 minutes', now(), 'epoch')) as start
    from unnest(features, processors, arms, epochs, job_classes, categories, windows, jobs, errors, timed, times_ms)
      o(feature, processor, arm, epoch, class, category, at, jobs, errors, timed, ms)
  ) o
  group by o.feature, o.epoch, o.arm, o.processor, o.class, o.category, o.start
  order by o.feature, o.epoch, o.start, o.arm, o.processor, o.category, o.class
  on conflict (feature_name, epoch, window_start, arm, processor_type, category, job_class) do update set
    total_jobs = e.total_jobs + excluded.total_jobs, error_count = e.error_count + excluded.error_count,
    timed_jobs = e.timed_jobs + excluded.timed_jobs, processing_ms = e.processing_ms + excluded.processing_ms;
  insert into rollout_errors as r (feature_name, processor_type, arm, day, message, occurrences, last_at)
  select o.feature, o.processor, o.arm, (o.message_at at time zone 'UTC')::date, left(o.message, 300),
    sum(o.errors), max(o.message_at)
  from unnest(features, processors, arms, errors, messages, message_times)
    o(feature, processor, arm, errors, message, message_at)
  where o.message is not null and o.message_at is not null and o.errors > 0
  group by 1, 2, 3, 4, 5
  order by 1, 4, 2, 3, 5
  on conflict (feature_name, day, processor_type, arm, message) do update set
    occurrences = r.occurrences + excluded.occurrences, last_at = greatest(r.last_at, excluded.last_at);
  return true;
end
$$;

-- Jobs that were routed and never finished count as failures, once, in the arm and epoch of their routing.
-- `timeouts` maps processors to seconds; others never time out. Returns how many timed out.
create function rollout_time_out_jobs(feature text, timeouts jsonb) returns integer
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  late rollout_jobs[];
begin
  with ended as (
    update rollout_jobs j set state = 'timed_out', ended_at = now()
    where j.feature_name = feature and j.state = 'open' and timeouts ? j.processor_type
      and j.routed_at < now() - make_interval(secs => (timeouts ->> j.processor_type)::double precision)
    returning j.*
  )
  select array_agg(e::rollout_jobs) into late from ended e;
  if late is null then
    return 0;
  end if;
  perform rollout_record_outcomes(gen_random_uuid(),
    array_agg(j.feature_name), array_agg(j.subject_id), array_agg(j.processor_type), array_agg(j.arm),
    array_agg(j.epoch), array_agg(j.job_class), array_agg(j.category), array_agg(now()),
    array_agg(1), array_agg(1), array_agg(0), array_agg(0::double precision),
    array_agg('timed out'::text), array_agg(now()))
  from unnest(late) j;
  return cardinality(late);
end
$$;

-- What people are told, once per transition; delivered at least once, recognised by its key.
create table rollout_outbox (
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
  last_error text
);
create index rollout_outbox_pending on rollout_outbox (id) where delivered_at is null;

-- Drops partitions and remembered ids that are past their keeping, and makes the partitions of the next days.
create function rollout_maintain(keep_days integer default 90, ahead_days integer default 7)
returns table (created integer, dropped integer, forgotten bigint)
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  today date := (now() at time zone 'UTC')::date;
  old record;
  removed bigint;
begin
  created := rollout_create_partitions(today - 1, ahead_days + 2);
  dropped := 0;
  forgotten := 0;
  for old in
    select c.relname from pg_inherits i
    join pg_class c on c.oid = i.inhrelid
    join pg_class p on p.oid = i.inhparent
    where p.relname in ('rollout_metrics', 'rollout_evidence') and p.relnamespace = 'public'::regnamespace
      and c.relname ~ '_\d{8}$' and right(c.relname, 8) < to_char(today - keep_days, 'YYYYMMDD')
  loop
    execute format('drop table public.%I', old.relname);
    dropped := dropped + 1;
  end loop;
  delete from rollout_metrics_default where metrics_window_start < today - keep_days;
  delete from rollout_evidence_default where window_start < today - keep_days;
  delete from rollout_errors where day < today - keep_days;
  delete from rollout_batches where recorded_at < now() - interval '7 days';
  get diagnostics forgotten = row_count;
  delete from rollout_outcome_ids where recorded_at < now() - interval '30 days';
  get diagnostics removed = row_count;
  forgotten := forgotten + removed;
  delete from rollout_jobs where state <> 'open' and ended_at < now() - interval '30 days';
  get diagnostics removed = row_count;
  forgotten := forgotten + removed;
  delete from rollout_outbox where delivered_at < now() - make_interval(days => keep_days);
  return next;
end
$$;

-- The tick's lease: a row with holder and expiry, because session locks break behind transaction poolers.
-- False: another tick holds it.
create function rollout_take_lease(holder text, seconds integer) returns boolean
language sql security definer set search_path = pg_catalog, public, pg_temp as $$
  with taken as (
    update rollout_state set tick_holder = holder, tick_expires_at = clock_timestamp() + make_interval(secs => seconds)
    where tick_holder is null or tick_holder = holder or tick_expires_at < clock_timestamp()
    returning 1
  )
  select exists (select 1 from taken)
$$;

do $$
declare
  name text;
begin
  foreach name in array array['rollout_batches', 'rollout_outcome_ids', 'rollout_errors', 'rollout_outbox'] loop
    execute format('alter table public.%I enable row level security', name);
    execute format('create policy %I on public.%I for select to public using (true)', name || '_read', name);
  end loop;
end
$$;
revoke execute on function rollout_record_outcomes(uuid, text[], text[], text[], text[], integer[], text[], text[], timestamptz[], integer[], integer[], integer[], double precision[], text[], timestamptz[]) from public;
revoke execute on function rollout_time_out_jobs(text, jsonb) from public;
revoke execute on function rollout_maintain(integer, integer) from public;
revoke execute on function rollout_take_lease(text, integer) from public;
