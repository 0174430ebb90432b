-- Batches and single outcomes that were recorded: a retry after a lost answer counts once, and gets the answer
-- that was lost. Kept for days.
create table rollout_batches (
  batch_id uuid primary key,
  recorded_at timestamptz not null default now(),
  answer jsonb
);
create table rollout_outcome_ids (
  feature_name text not null,
  id text not null check (length(id) between 1 and 200),
  recorded_at timestamptz not null default now(),
  primary key (feature_name, id)
);
create index rollout_batches_age on rollout_batches (recorded_at);
create index rollout_outcome_ids_age on rollout_outcome_ids (recorded_at);

-- rollout_evidence once more, as coarse as health reads it: both arms of a category in 15 minutes of clock time.
create table rollout_evidence_buckets (
  feature_name text not null,
  epoch integer not null,
  bucket_start timestamptz not null,
  category text not null default '',
  jobs integer not null default 0,
  errors integer not null default 0,
  control_jobs integer not null default 0,
  control_errors integer not null default 0,
  primary key (feature_name, epoch, bucket_start, category),
  check (errors between 0 and jobs),
  check (control_errors between 0 and control_jobs)
);
create index rollout_evidence_buckets_age on rollout_evidence_buckets (bucket_start);
comment on table rollout_evidence_buckets is 'The sums of rollout_evidence that a judgement rests on; written in the same transaction.';

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
create index rollout_jobs_ended on rollout_jobs (ended_at) where state <> 'open';

alter table rollout_health_checks add column paused boolean not null default false;

-- The window a moment falls into; a clock that is ahead counts as now.
create function rollout_window(moment timestamptz) returns timestamptz
language sql stable parallel safe as $$
  select date_bin('5 minutes', least(moment, now()), 'epoch')
$$;

-- Sums of outcomes that one process gathered, and what failed jobs of theirs said. One statement a table, rows in
-- the order of their keys, so that any number of processes can do it at once. False: this batch was recorded
-- before. A sum that is impossible or of no feature refuses them all.
create function rollout_record_outcomes(
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
  select o.feature, o.subject, o.processor, o.arm, o.epoch, o.class, max(o.category), rollout_window(o.at),
    sum(o.jobs), sum(o.jobs - o.errors), sum(o.errors), sum(o.timed), sum(o.ms),
    left(max(o.message), 300), least(max(o.message_at), now())
  from unnest(features, subjects, processors, arms, epochs, job_classes, categories, windows, jobs, errors,
    timed, times_ms, last_errors, last_errors_at)
    o(feature, subject, processor, arm, epoch, class, category, at, jobs, errors, timed, ms, message, message_at)
  group by o.subject, o.feature, rollout_window(o.at), o.processor, o.arm, o.epoch, o.class
  order by o.subject, o.feature, rollout_window(o.at), o.processor, o.arm, o.epoch, o.class
  on conflict (feature_name, subject_id, metrics_window_start, processor_type, arm, epoch, job_class) do update set
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
  if cardinality(error_messages) > 0 then
    perform rollout_record_errors(
      error_features, error_processors, error_arms, error_messages, error_counts, error_times);
  end if;
  return true;
end
$$;

-- At most 100 texts of a feature, processor, arm and day: a text that holds a number of its own in every job
-- would be a row a job. The rest is counted as one.
create function rollout_record_errors(
  features text[], processors text[], arms text[], messages text[], counts integer[], times timestamptz[]
) returns void
language plpgsql set search_path = pg_catalog, public, pg_temp set plan_cache_mode = force_generic_plan as $$
begin
  with given as (
    select o.feature, (least(o.at, now()) at time zone 'UTC')::date as day, o.processor, o.arm,
      left(o.message, 300) as message, sum(o.count) as count, least(max(o.at), now()) as at
    from unnest(features, processors, arms, messages, counts, times) o(feature, processor, arm, message, count, at)
    where o.message is not null and o.count > 0
    group by 1, 2, 3, 4, 5
  ), numbered as (
    select g.*, r.message is not null as known,
      count(*) filter (where r.message is null)
        over (partition by g.feature, g.day, g.processor, g.arm order by g.count desc, g.message) as place
    from given g
    left join rollout_errors r on r.feature_name = g.feature and r.day = g.day and r.processor_type = g.processor
      and r.arm = g.arm and r.message = g.message
  ), bounded as (
    select n.feature, n.day, n.processor, n.arm, n.count, n.at,
      case when n.known or n.place <= 100 - (
        select count(*) from rollout_errors r where r.feature_name = n.feature and r.day = n.day
          and r.processor_type = n.processor and r.arm = n.arm)
      then n.message else '(other errors)' end as message
    from numbered n
  )
  insert into rollout_errors as r (feature_name, day, processor_type, arm, message, occurrences, last_at)
  select b.feature, b.day, b.processor, b.arm, b.message, sum(b.count), max(b.at)
  from bounded b
  group by 1, 2, 3, 4, 5
  order by 1, 2, 3, 4, 5
  on conflict (feature_name, day, processor_type, arm, message) do update set
    occurrences = r.occurrences + excluded.occurrences, last_at = greatest(r.last_at, excluded.last_at);
end
$$;

-- What reported jobs are of: the feature with its subject type and epoch, and the subject, by its id or a
-- repository's current name, with what it is now. One row for each different pair.
create function rollout_resolve_jobs(features text[], subjects text[])
returns table (
  feature text, subject text, type text, epoch integer, epoch_started_at timestamptz,
  id text, category text, arm text, other_type boolean
)
language sql stable set search_path = pg_catalog, public, pg_temp as $$
  select o.feature, o.subject, c.subject_type, c.epoch, c.epoch_started_at, r.id, r.category,
    case when not s.global_stop and rollout_admits(
      c.is_active, c.emergency_stop, c.rollout_strategy, c.rollout_percentage, c.categories,
      c.target_repositories, c.excluded_repositories, c.salt, coalesce(r.id, o.subject), r.name, r.category)
    then 'treatment' else 'control' end,
    r.id is null and exists (
      select from rollout_subjects x where x.subject_id = o.subject and x.subject_type <> c.subject_type)
  from (select distinct f, s from unnest(features, subjects) u(f, s)) o(feature, subject)
  cross join rollout_state s
  left join rollout_configuration c on c.feature_name = o.feature
  left join lateral (
    select x.subject_id as id, x.name, x.category from rollout_subjects x
    where x.subject_type = c.subject_type and x.subject_id = o.subject
    union all
    select n.repository_id, n.full_name, n.category from repository_categories n
    where c.subject_type = 'repository' and lower(n.full_name collate "C") = lower(o.subject collate "C")
    limit 1
  ) r on true
$$;

-- Which reported jobs are of no feature, or of no subject of its registry, by their place.
create function rollout_refused_jobs(features text[], subjects text[], any_subject boolean) returns jsonb
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
  select coalesce(jsonb_agg(jsonb_build_object('place', o.place, 'subject_type', p.type, 'problem', case
      when p.type is null then 'unknown_feature'
      when p.other_type then 'other_subject_type'
      else 'unknown_subject' end) order by o.place), '[]')
  from unnest(features, subjects) with ordinality o(feature, subject, place)
  join rollout_resolve_jobs(features, subjects) p on p.feature = o.feature and p.subject = o.subject
  where p.type is null or (p.id is null and not any_subject)
$$;

-- Finished jobs as programs report them, without a stamp: the arm, where none is given, is what the subject is
-- now, category and epoch are those of now. What finished before this epoch began counts in the one before.
-- Of each id only the first counts. Jobs of no feature, or of no subject of its registry, are refused with their
-- place, and nothing is recorded unless told to skip them.
create function rollout_record_jobs(
  batch uuid, features text[], subjects text[], processors text[], oks boolean[], arms text[],
  times_ms double precision[], messages text[], finished timestamptz[], ids text[],
  skip_invalid boolean default false, any_subject boolean default false
) returns jsonb
language plpgsql security definer set search_path = pg_catalog, public, pg_temp
set plan_cache_mode = force_custom_plan as $$
declare
  result jsonb;
  fresh boolean;
  unknown_places jsonb;
begin
  select b.answer into result from rollout_batches b where b.batch_id = batch;
  if result is not null then
    return result;
  end if;
  unknown_places := rollout_refused_jobs(features, subjects, any_subject);
  if unknown_places <> '[]' and not skip_invalid then
    return jsonb_build_object('recorded', 0, 'repeated', 0, 'refused', unknown_places);
  end if;
  with given as materialized (
    select o.*, coalesce(p.id, o.subject) as subject_id, coalesce(p.category, '') as category,
      coalesce(o.given_arm, p.arm) as arm,
      greatest(1, p.epoch - (least(coalesce(o.finished_at, now()), now()) < p.epoch_started_at)::int) as epoch,
      row_number() over (partition by o.feature, o.id order by o.place) as occurrence
    from unnest(features, subjects, processors, oks, arms, times_ms, messages, finished, ids) with ordinality
      o(feature, subject, processor, ok, given_arm, ms, message, finished_at, id, place)
    join rollout_resolve_jobs(features, subjects) p on p.feature = o.feature and p.subject = o.subject
    where p.type is not null and (p.id is not null or any_subject)
  ), first_seen as (
    insert into rollout_outcome_ids (feature_name, id)
    select g.feature, g.id from given g where g.id is not null and g.occurrence = 1 order by g.feature, g.id
    on conflict do nothing
    returning feature_name, id
  ), counted as materialized (
    select g.* from given g
    where g.id is null or (g.occurrence = 1
      and exists (select from first_seen s where s.feature_name = g.feature and s.id = g.id))
  ), said as (
    select c.feature, c.processor, c.arm, c.message, count(*)::int as count, max(coalesce(c.finished_at, now())) as at
    from counted c where not c.ok and c.message is not null group by 1, 2, 3, 4
  )
  select rollout_record_outcomes(batch, array_agg(c.feature), array_agg(c.subject_id), array_agg(c.processor),
      array_agg(c.arm), array_agg(c.epoch), array_agg(''::text), array_agg(c.category),
      array_agg(coalesce(c.finished_at, now())), array_agg(1), array_agg((not c.ok)::int),
      array_agg((c.ms is not null)::int), array_agg(coalesce(c.ms, 0)),
      array_agg(case when not c.ok then c.message end),
      array_agg(case when not c.ok and c.message is not null then coalesce(c.finished_at, now()) end),
      (select array_agg(s.feature order by s) from said s), (select array_agg(s.processor order by s) from said s),
      (select array_agg(s.arm order by s) from said s), (select array_agg(s.message order by s) from said s),
      (select array_agg(s.count order by s) from said s), (select array_agg(s.at order by s) from said s)),
    jsonb_build_object('recorded', count(*), 'repeated', (select count(*) from given) - count(*),
      'refused', unknown_places)
  into fresh, result
  from counted c;
  if not fresh then
    return (select b.answer from rollout_batches b where b.batch_id = batch);
  end if;
  update rollout_batches b set answer = result where b.batch_id = batch;
  return result;
end
$$;

-- Stamps of routed jobs that are still open at a flush. Returns how many are new: one that finished or timed out
-- meanwhile stays so.
create function rollout_open_jobs(
  ids text[], features text[], subjects text[], epochs integer[], arms text[], categories text[],
  processors text[], job_classes text[], routed timestamptz[]
) returns integer
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  opened integer;
begin
  insert into rollout_jobs
    (id, feature_name, subject_id, epoch, arm, category, processor_type, job_class, routed_at)
  select distinct on (o.id) o.id, o.feature, o.subject, o.epoch, o.arm, o.category, o.processor, o.class,
    least(o.routed_at, now())
  from unnest(ids, features, subjects, epochs, arms, categories, processors, job_classes, routed)
    o(id, feature, subject, epoch, arm, category, processor, class, routed_at)
  order by o.id
  on conflict (id) do nothing;
  get diagnostics opened = row_count;
  return opened;
end
$$;

-- Closes stamps by id and returns those whose end counts: the first end of a job that has not timed out. A job
-- whose opening is not here yet leaves its tombstone, so that the opening does not bring it back.
create function rollout_finish_jobs(
  ids text[], features text[], subjects text[], epochs integer[], arms text[], categories text[],
  processors text[], job_classes text[], routed timestamptz[]
) returns setof text
language sql security definer set search_path = pg_catalog, public, pg_temp as $$
  insert into rollout_jobs as j
    (id, feature_name, subject_id, epoch, arm, category, processor_type, job_class, routed_at, state, ended_at)
  select distinct on (o.id) o.id, o.feature, o.subject, o.epoch, o.arm, o.category, o.processor, o.class,
    least(o.routed_at, now()), 'finished', now()
  from unnest(ids, features, subjects, epochs, arms, categories, processors, job_classes, routed)
    o(id, feature, subject, epoch, arm, category, processor, class, routed_at)
  order by o.id
  on conflict (id) do update set state = 'finished', ended_at = now() where j.state = 'open'
  returning j.id
$$;

-- Jobs that were routed and never finished count as failures, once, in the arm and epoch of their routing.
-- `timeouts` maps processors to seconds; others never time out. Returns how many timed out. A job that is being
-- closed at this moment is left to whoever closes it.
create function rollout_time_out_jobs(feature text, timeouts jsonb) returns integer
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  late rollout_jobs[];
begin
  with found as (
    select j.id from rollout_jobs j
    where j.feature_name = feature and j.state = 'open' and timeouts ? j.processor_type
      and j.routed_at < now() - make_interval(secs => (timeouts ->> j.processor_type)::double precision)
    order by j.id for update skip locked
  ), ended as (
    update rollout_jobs j set state = 'timed_out', ended_at = now() from found where j.id = found.id
    returning j as job
  )
  select array_agg(e.job) into late from ended e;
  if late is null then
    return 0;
  end if;
  perform rollout_record_outcomes(gen_random_uuid(),
    array_agg(j.feature_name), array_agg(j.subject_id), array_agg(j.processor_type), array_agg(j.arm),
    array_agg(j.epoch), array_agg(j.job_class), array_agg(j.category), array_agg(now()),
    array_agg(1), array_agg(1), array_agg(0), array_agg(0::double precision),
    array_agg('timed out'::text), array_agg(now()),
    array_agg(j.feature_name), array_agg(j.processor_type), array_agg(j.arm),
    array_agg('timed out'::text), array_agg(1), array_agg(now()))
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
-- Both need the tables for themselves for a moment: it gives up after two seconds rather than let everybody who
-- records wait behind somebody who reads for long.
create function rollout_maintain(keep_days integer default 90, ahead_days integer default 7)
returns table (created integer, dropped integer, forgotten bigint)
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
  foreach name in array array['rollout_batches', 'rollout_outcome_ids', 'rollout_evidence_buckets', 'rollout_errors',
    'rollout_outbox'] loop
    execute format('alter table public.%I enable row level security', name);
    execute format('create policy %I on public.%I for select to public using (true)', name || '_read', name);
  end loop;
end
$$;

do $$
declare
  signature text;
begin
  for signature in
    select p.oid::regprocedure::text from pg_proc p
    where p.pronamespace = 'public'::regnamespace and p.proname in ('rollout_record_outcomes', 'rollout_record_errors',
      'rollout_record_jobs', 'rollout_refused_jobs', 'rollout_resolve_jobs', 'rollout_open_jobs', 'rollout_finish_jobs',
      'rollout_time_out_jobs', 'rollout_maintain', 'rollout_take_lease')
  loop
    execute format('revoke execute on function %s from public', signature);
  end loop;
end
$$;

-- The three roles once more, with what came since: recording is for the recorder, the rest for the controller.
alter function rollout_grant_roles() rename to rollout_grant_configuration;
create function rollout_grant_roles() returns text[]
language plpgsql set search_path = pg_catalog, public, pg_temp as $$
declare
  missing text[] := rollout_grant_configuration();
  role text;
  signature text;
begin
  foreach role in array array['rollout_reader', 'rollout_controller', 'rollout_recorder'] loop
    continue when role = any (missing);
    execute format('grant select on rollout_batches, rollout_outcome_ids, rollout_evidence_buckets, rollout_errors,
      rollout_outbox to %I', role);
    continue when role = 'rollout_reader';
    for signature in
      select p.oid::regprocedure::text from pg_proc p
      where p.pronamespace = 'public'::regnamespace and (
        p.proname in ('rollout_record_outcomes', 'rollout_record_jobs', 'rollout_refused_jobs', 'rollout_open_jobs',
          'rollout_finish_jobs')
        or (role = 'rollout_controller'
          and p.proname in ('rollout_time_out_jobs', 'rollout_maintain', 'rollout_take_lease')))
    loop
      execute format('grant execute on function %s to %I', signature, role);
    end loop;
  end loop;
  if not 'rollout_controller' = any (missing) then
    grant insert, update on rollout_outbox to rollout_controller;
    if not exists (select 1 from pg_policies where tablename = 'rollout_outbox' and policyname = 'rollout_outbox_write') then
      create policy rollout_outbox_write on rollout_outbox to rollout_controller using (true) with check (true);
    end if;
  end if;
  return missing;
end
$$;
select rollout_grant_roles();
