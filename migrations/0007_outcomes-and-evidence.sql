set local search_path = pg_catalog, pg_temp;

-- Outcomes of jobs in five-minute windows: per subject, and rolled up for health. All are written in one flush. The
-- window comes first in the key: new rows go to one end of the index, and a few windows are found without reading the
-- subjects of all others. Ids are compared as bytes, whatever the database's language.
create table public.rollout_metrics (
  feature_name text not null,
  subject_id text collate "C" not null,
  processor_type text not null,
  arm text not null check (arm in ('treatment', 'control', 'fallback')),
  epoch integer not null,
  job_class text not null default '',
  category text not null default '',
  metrics_window_start timestamptz not null,
  total_jobs bigint not null default 0,
  success_count bigint not null default 0,
  error_count bigint not null default 0,
  timed_jobs bigint not null default 0,
  processing_ms double precision not null default 0,
  last_error_message text,
  last_error_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (metrics_window_start, subject_id, feature_name, processor_type, arm, epoch, job_class)
) partition by range (metrics_window_start);
comment on column public.rollout_metrics.processing_ms is 'Sum over timed_jobs, the jobs whose time is known; their mean is processing_ms / timed_jobs.';
create table public.rollout_metrics_default partition of public.rollout_metrics default;

create table public.rollout_evidence (
  feature_name text not null,
  epoch integer not null,
  arm text not null check (arm in ('treatment', 'control', 'fallback')),
  processor_type text not null,
  job_class text not null default '',
  category text not null default '',
  window_start timestamptz not null,
  total_jobs bigint not null default 0,
  error_count bigint not null default 0,
  timed_jobs bigint not null default 0,
  processing_ms double precision not null default 0,
  primary key (feature_name, epoch, window_start, arm, processor_type, category, job_class)
) partition by range (window_start);
comment on table public.rollout_evidence is 'rollout_metrics without subjects: what health reads.';
create table public.rollout_evidence_default partition of public.rollout_evidence default;

-- rollout_evidence again, in the granularity that health reads: both arms of a category in 15 minutes of clock time.
-- A tick reads tens of thousands of rows, and formatting their numbers each time took longer than finding them, so
-- each row contains them as text.
create table public.rollout_evidence_buckets (
  feature_name text not null,
  epoch integer not null,
  bucket_start timestamptz not null,
  category text not null default '',
  jobs bigint not null default 0,
  errors bigint not null default 0,
  control_jobs bigint not null default 0,
  control_errors bigint not null default 0,
  line text generated always as (
    (extract(epoch from bucket_start at time zone 'UTC') / 60)::integer::text || ',' || jobs::text || ','
      || errors::text || ',' || control_jobs::text || ',' || control_errors::text || ','
      || translate(category, E'\n', ' ')) stored,
  primary key (feature_name, epoch, bucket_start, category),
  check (errors between 0 and jobs),
  check (control_errors between 0 and control_jobs)
);
create index rollout_evidence_buckets_age on public.rollout_evidence_buckets (bucket_start);
comment on table public.rollout_evidence_buckets is 'The sums of rollout_evidence that a judgement rests on; written in the same transaction.';
comment on column public.rollout_evidence_buckets.line is
  'minute since 1970, jobs, errors, control_jobs, control_errors, category; what judging reads';

-- rollout_evidence by hour: for the comparison of speeds, and for readers of more than an hour.
create table public.rollout_evidence_hours (
  feature_name text not null,
  epoch integer not null,
  hour_start timestamptz not null,
  arm text not null check (arm in ('treatment', 'control', 'fallback')),
  processor_type text not null,
  category text not null default '',
  job_class text not null default '',
  total_jobs bigint not null default 0,
  error_count bigint not null default 0,
  timed_jobs bigint not null default 0,
  processing_ms double precision not null default 0,
  primary key (feature_name, epoch, hour_start, arm, processor_type, category, job_class)
);
create index rollout_evidence_hours_age on public.rollout_evidence_hours (hour_start);
comment on table public.rollout_evidence_hours is 'The sums of rollout_evidence by hour; written in the same transaction.';

-- Error texts of failed jobs, by day.
create table public.rollout_errors (
  feature_name text not null,
  processor_type text not null,
  arm text not null,
  day date not null,
  message text not null,
  occurrences bigint not null default 0,
  last_at timestamptz not null,
  primary key (feature_name, day, processor_type, arm, message)
);

-- Batches by sender: one row per sender, with the recorded numbers, so that the table grows with processes and not
-- with flushes. A retry after a lost answer counts once, and returns the lost answer. No index except the key, and
-- room in each page: a flush writes the new row beside the old one.
create table public.rollout_batches (
  sender uuid primary key,
  recorded_at timestamptz not null default now(),
  answer jsonb,
  numbers int8multirange not null,
  answered bigint
) with (fillfactor = 50);
comment on table public.rollout_batches is
  'Batches that were recorded, one row a sender: sent again after a lost answer they count once. Kept for 7 days after the newest.';
comment on column public.rollout_batches.numbers is
  'Numbers of its batches that were recorded. One that is missing may still come, however many came after it; a batch without a sender has the number 0.';
comment on column public.rollout_batches.answered is 'Number of the batch that `answer` is of, the newest one with an answer; null: there was none.';

-- An id of version 8 (RFC 9562) is one of many that a sender numbers: its last twelve digits are the number, the
-- others identify the sender. Any other id is the only batch of its sender.
create function public.rollout_batch_sender(batch uuid) returns uuid
language sql immutable parallel safe
return case when substr(batch::text, 15, 1) = '8' then (left(batch::text, 24) || '000000000000')::uuid else batch end;

create function public.rollout_batch_number(batch uuid) returns bigint
language sql immutable parallel safe
return case when substr(batch::text, 15, 1) = '8' then ('x' || right(batch::text, 12))::bit(48)::bigint else 0 end;

-- At most a thousand ranges of numbers: above that, the oldest gap is closed.
create function public.rollout_bounded_numbers(numbers int8multirange) returns int8multirange
language sql immutable parallel safe set search_path = pg_catalog, pg_temp as $$
  select case when count(*) <= 1000 then numbers
    else numbers + int8multirange(int8range(lower(numbers), (array_agg(lower(r) order by r))[2])) end
  from unnest(numbers) r
$$;

-- False: this batch was already recorded. Batches of one sender wait for each other; null is a batch that is never
-- sent again.
create function public.rollout_claim_batch(batch uuid) returns boolean
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  if batch is null then
    return true;
  end if;
  insert into public.rollout_batches as b (sender, numbers)
  values (public.rollout_batch_sender(batch), int8multirange(int8range(public.rollout_batch_number(batch),
    public.rollout_batch_number(batch), '[]')))
  on conflict (sender) do update
    set numbers = public.rollout_bounded_numbers(b.numbers + excluded.numbers), recorded_at = excluded.recorded_at
    where not b.numbers @> excluded.numbers;
  return found;
end
$$;

-- The answer to a repeated batch, null if it was not recorded. For numbered batches only the newest answer is stored,
-- because only that one can have been lost.
create function public.rollout_batch_answer(batch uuid) returns jsonb
language sql stable set search_path = pg_catalog, pg_temp as $$
  select case when b.answered = public.rollout_batch_number(batch) then b.answer
    else '{"recorded": 0, "repeated": 0, "kept": 0, "refused": []}' end
  from public.rollout_batches b
  where b.sender = public.rollout_batch_sender(batch) and b.numbers @> public.rollout_batch_number(batch)
$$;

create function public.rollout_keep_answer(batch uuid, given jsonb) returns void
language sql set search_path = pg_catalog, pg_temp as $$
  update public.rollout_batches b set answer = given, answered = public.rollout_batch_number(batch)
  where b.sender = public.rollout_batch_sender(batch)
$$;

-- Single recorded outcomes by their program's id: each counts once.
create table public.rollout_outcome_ids (
  feature_name text not null,
  id text not null check (length(id) between 1 and 400),
  recorded_at timestamptz not null default now(),
  primary key (feature_name, id)
);
create index rollout_outcome_ids_age on public.rollout_outcome_ids (recorded_at);

-- Routed jobs, and reported ones that are retried: open until they end, and remembered after that, so that each
-- counts once. A timed-out job has failed permanently; one that finished before its routing was flushed is not opened
-- again. Partitioned by the day of routing, so that a day is dropped instead of deleted row by row. A stamp contains
-- its time of routing, whoever passes it on: its day is part of the key, so each job counts once although a key
-- cannot span partitions. A job that is reported without a stamp has no day: those share a partition.
create table public.rollout_jobs (
  id text not null,
  day date not null default (now() at time zone 'UTC')::date,
  feature_name text not null,
  subject_id text not null,
  epoch integer not null,
  arm text not null check (arm in ('treatment', 'control', 'fallback')),
  category text not null default '',
  processor_type text not null,
  job_class text not null default '',
  routed_at timestamptz not null,
  state text not null default 'open' check (state in ('open', 'finished', 'timed_out')),
  ended_at timestamptz,
  last_error text,
  openings integer not null default 1,
  primary key (id, day)
) partition by range (day);
comment on column public.rollout_jobs.day is
  'Day (UTC) in which it was routed, as its stamp says, whose clock may be wrong; 1970-01-01 without a stamp.';
comment on column public.rollout_jobs.last_error is 'What the last attempt said of a job that is tried again; null before one failed.';
comment on column public.rollout_jobs.openings is 'How often it was opened, first and for another attempt; 0: only its end is known.';
create index rollout_jobs_open on public.rollout_jobs (feature_name, processor_type, routed_at) where state = 'open';
create index rollout_jobs_ended on public.rollout_jobs (ended_at) where state <> 'open';
create table public.rollout_jobs_default partition of public.rollout_jobs default;
create table public.rollout_jobs_dateless partition of public.rollout_jobs
  for values from ('1970-01-01') to ('1970-01-02');

-- The window of a moment; a time from a clock that is ahead counts as now.
create function public.rollout_window(moment timestamptz) returns timestamptz
language sql stable parallel safe
return date_bin('5 minutes', least(moment, now()), 'epoch');

-- Functions that record, built on the numbered batches.

-- Records sums of outcomes. One statement per table, rows in the order of their keys, so that any number of processes
-- can do so at once. False: this batch was already recorded. A sum that is impossible, too large or of an unknown
-- feature refuses all of them and is named by its line. `began` and `were_open` are null if it is unknown when its
-- jobs began, or whether the score counted them then. The score comes last: its locks are taken after those of the
-- outcomes.
create function public.rollout_record_sums(
  batch uuid, features text[], subjects text[], processors text[], arms text[], epochs integer[],
  job_classes text[], categories text[], windows timestamptz[], jobs bigint[], errors bigint[],
  timed bigint[], times_ms double precision[], last_errors text[], last_errors_at timestamptz[],
  began timestamptz[], were_open boolean[],
  error_features text[], error_processors text[], error_arms text[],
  error_messages text[], error_counts bigint[], error_times timestamptz[],
  line_times text[] default '{}', time_features text[] default '{}', time_processors text[] default '{}',
  time_arms text[] default '{}', time_epochs integer[] default '{}', time_categories text[] default '{}',
  time_windows timestamptz[] default '{}', time_places integer[] default '{}', time_counts bigint[] default '{}'
) returns boolean
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  most_of_line constant bigint := 10000000;
  most_of_batch constant bigint := 100000000;
  sums public.rollout_evidence[];
  impossible bigint;
  unknown text;
  -- The ids under which the subjects are kept.
  kept text[] := subjects;
  by_subject constant text := coalesce((select s.outcomes ->> 'by_subject' from public.rollout_state s), 'full');
begin
  if not public.rollout_claim_batch(batch) then
    return false;
  end if;
  -- What all subjects have together is a handful of rows: from here on only they are looked at again.
  select array_agg((e.feature, e.epoch, e.arm, e.processor, e.class, e.category, e.start, e.jobs, e.errors,
      e.timed, e.ms)::public.rollout_evidence), min(e.impossible)
  into sums, impossible
  from (
    select o.feature, o.epoch, o.arm, o.processor, o.class, o.category, public.rollout_window(o.at) as start,
      sum(o.jobs) as jobs, sum(o.errors) as errors, sum(o.timed) as timed, sum(o.ms) as ms,
      min(o.line) filter (where not coalesce(o.jobs between 1 and most_of_line and o.errors between 0 and o.jobs
        and o.timed between 0 and o.jobs and o.ms >= 0 and o.ms < 'infinity' and (o.timed > 0 or o.ms = 0), false))
        as impossible
    from unnest(features, processors, arms, epochs, job_classes, categories, windows, jobs, errors, timed, times_ms)
      with ordinality o(feature, processor, arm, epoch, class, category, at, jobs, errors, timed, ms, line)
    group by 1, 2, 3, 4, 5, 6, 7
  ) e;
  if impossible is not null then
    raise exception 'line %: impossible counts for %: % jobs, % errors, % timed, % ms', impossible,
      quote_literal(left(features[impossible], 100)), jobs[impossible], errors[impossible], timed[impossible],
      times_ms[impossible]
      using errcode = 'check_violation', hint = format('A line has 1 to %s jobs and at most as many errors.', most_of_line);
  end if;
  if (select sum(s.total_jobs) from unnest(sums) s) > most_of_batch then
    raise exception 'the batch has more than % jobs', most_of_batch
      using errcode = 'check_violation', hint = 'Record it in several batches.';
  end if;
  select s.feature_name into unknown from unnest(sums) s
  where not exists (select from public.rollout_configuration c where c.feature_name = s.feature_name) limit 1;
  if found then
    raise exception 'there is no feature %', quote_literal(left(unknown, 100)) using errcode = 'no_data_found';
  end if;
  if by_subject <> 'full' then
    kept := public.rollout_kept_as(by_subject, features, subjects, categories, windows);
  end if;
  insert into public.rollout_metrics as m
    (feature_name, subject_id, processor_type, arm, epoch, job_class, category, metrics_window_start,
     total_jobs, success_count, error_count, timed_jobs, processing_ms, last_error_message, last_error_at)
  select o.feature, o.subject collate "C", o.processor, o.arm, o.epoch, o.class, max(o.category), public.rollout_window(o.at),
    sum(o.jobs), sum(o.jobs - o.errors), sum(o.errors), sum(o.timed), sum(o.ms),
    left(max(o.message), 300), least(max(o.message_at), now())
  from unnest(features, kept, processors, arms, epochs, job_classes, categories, windows, jobs, errors,
    timed, times_ms, last_errors, last_errors_at)
    o(feature, subject, processor, arm, epoch, class, category, at, jobs, errors, timed, ms, message, message_at)
  group by public.rollout_window(o.at), o.subject collate "C", o.feature, o.processor, o.arm, o.epoch, o.class
  order by public.rollout_window(o.at), o.subject collate "C", o.feature, o.processor, o.arm, o.epoch, o.class
  on conflict (metrics_window_start, subject_id, feature_name, processor_type, arm, epoch, job_class) do update set
    total_jobs = m.total_jobs + excluded.total_jobs, success_count = m.success_count + excluded.success_count,
    error_count = m.error_count + excluded.error_count, timed_jobs = m.timed_jobs + excluded.timed_jobs,
    processing_ms = m.processing_ms + excluded.processing_ms,
    last_error_message = coalesce(excluded.last_error_message, m.last_error_message),
    last_error_at = greatest(excluded.last_error_at, m.last_error_at), updated_at = excluded.updated_at;
  if by_subject = 'top' and exists (select from unnest(errors) e(n) where e.n > 0) then
    perform public.rollout_name_subjects(features, subjects, windows, errors);
  end if;
  insert into public.rollout_evidence as e
  select s.* from unnest(sums) s
  order by s.feature_name, s.epoch, s.window_start, s.arm, s.processor_type, s.category, s.job_class
  on conflict (feature_name, epoch, window_start, arm, processor_type, category, job_class) do update set
    total_jobs = e.total_jobs + excluded.total_jobs, error_count = e.error_count + excluded.error_count,
    timed_jobs = e.timed_jobs + excluded.timed_jobs, processing_ms = e.processing_ms + excluded.processing_ms;
  insert into public.rollout_evidence_buckets as b
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
  insert into public.rollout_evidence_hours as h (feature_name, epoch, hour_start, arm, processor_type, category,
    job_class, total_jobs, error_count, timed_jobs, processing_ms)
  select s.feature_name, s.epoch, date_bin('1 hour', s.window_start, 'epoch'), s.arm, s.processor_type, s.category,
    s.job_class, sum(s.total_jobs), sum(s.error_count), sum(s.timed_jobs), sum(s.processing_ms)
  from unnest(sums) s
  group by 1, 2, 3, 4, 5, 6, 7
  order by 1, 2, 3, 4, 5, 6, 7
  on conflict (feature_name, epoch, hour_start, arm, processor_type, category, job_class) do update set
    total_jobs = h.total_jobs + excluded.total_jobs, error_count = h.error_count + excluded.error_count,
    timed_jobs = h.timed_jobs + excluded.timed_jobs, processing_ms = h.processing_ms + excluded.processing_ms;
  if cardinality(time_places) > 0 then
    perform public.rollout_record_times(
      time_features, time_processors, time_arms, time_epochs, time_categories, time_windows, time_places, time_counts);
  end if;
  if cardinality(error_messages) > 0 then
    perform public.rollout_record_errors(
      error_features, error_processors, error_arms, error_messages, error_counts, error_times);
  end if;
  if exists (
    select from unnest(sums) s join public.rollout_configuration c on c.feature_name = s.feature_name
    where s.timed_jobs > 0 and c.spec ? 'guardrails'
      and jsonb_path_exists(c.spec, '$.guardrails.* ? (@.slower_than == "control_p95")')
  ) then
    perform public.rollout_observe_slow(
      features, subjects, processors, arms, epochs, categories, windows, timed, times_ms, line_times);
  end if;
  if cardinality(began) > 0 then
    perform public.rollout_record_single_times(
      features, processors, arms, epochs, categories, windows, timed, times_ms);
    perform public.rollout_observe_times(features, subjects, arms, epochs, categories, windows, timed, times_ms);
  end if;
  perform public.rollout_score(public.rollout_heard_ends(
    features, subjects, arms, epochs, categories, windows, jobs, errors, timed, times_ms, began, were_open));
  return true;
end
$$;

-- Sums of outcomes from one process, and error texts of their failed jobs.
create function public.rollout_record_outcomes(
  batch uuid, features text[], subjects text[], processors text[], arms text[], epochs integer[],
  job_classes text[], categories text[], windows timestamptz[], jobs bigint[], errors bigint[],
  timed bigint[], times_ms double precision[], last_errors text[], last_errors_at timestamptz[],
  error_features text[] default '{}', error_processors text[] default '{}', error_arms text[] default '{}',
  error_messages text[] default '{}', error_counts bigint[] default '{}', error_times timestamptz[] default '{}',
  line_times text[] default '{}', time_features text[] default '{}', time_processors text[] default '{}',
  time_arms text[] default '{}', time_epochs integer[] default '{}', time_categories text[] default '{}',
  time_windows timestamptz[] default '{}', time_places integer[] default '{}', time_counts bigint[] default '{}'
) returns boolean
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  return public.rollout_record_sums(batch, features, subjects, processors, arms, epochs, job_classes, categories, windows,
    jobs, errors, timed, times_ms, last_errors, last_errors_at, '{}', '{}', error_features, error_processors,
    error_arms, error_messages, error_counts, error_times, line_times, time_features, time_processors, time_arms,
    time_epochs, time_categories, time_windows, time_places, time_counts);
end
$$;

-- At most 100 texts per feature, processor, arm and day: a text with a different number in every job would be a row
-- per job. All others are counted as one.
create function public.rollout_record_errors(
  features text[], processors text[], arms text[], messages text[], counts bigint[], times timestamptz[]
) returns void
language plpgsql set search_path = pg_catalog, pg_temp set plan_cache_mode = force_generic_plan as $$
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
    left join public.rollout_errors r on r.feature_name = g.feature and r.day = g.day and r.processor_type = g.processor
      and r.arm = g.arm and r.message = g.message
  ), bounded as (
    select n.feature, n.day, n.processor, n.arm, n.count, n.at,
      case when n.known or n.place <= 100 - (
        select count(*) from public.rollout_errors r where r.feature_name = n.feature and r.day = n.day
          and r.processor_type = n.processor and r.arm = n.arm)
      then n.message else '(other errors)' end as message
    from numbered n
  )
  insert into public.rollout_errors as r (feature_name, day, processor_type, arm, message, occurrences, last_at)
  select b.feature, b.day, b.processor, b.arm, b.message, sum(b.count), max(b.at)
  from bounded b
  group by 1, 2, 3, 4, 5
  order by 1, 2, 3, 4, 5
  on conflict (feature_name, day, processor_type, arm, message) do update set
    occurrences = r.occurrences + excluded.occurrences, last_at = greatest(r.last_at, excluded.last_at);
  perform public.rollout_record_error_classes(features, arms, messages, counts, times);
end
$$;

-- Resolves reported jobs: the feature with its subject type and epoch, and the subject, by its id or a repository's
-- current name, with its present facts. One row for each different pair.
create function public.rollout_resolve_jobs(features text[], subjects text[])
returns table (
  feature text, subject text, type text, epoch integer, epoch_started_at timestamptz,
  id text, category text, arm text, other_type boolean
)
language sql stable set search_path = pg_catalog, pg_temp as $$
  select o.feature, o.subject, c.subject_type, c.epoch, c.epoch_started_at, r.id, r.category,
    case when not s.global_stop and public.rollout_admits(
      c.is_active, c.emergency_stop, c.rollout_strategy, c.rollout_percentage, c.categories,
      c.target_repositories, c.denied, c.salt, c.audience, coalesce(r.id, o.subject),
      r.name, r.category, r.facts)
    then 'treatment' else 'control' end,
    r.id is null and exists (
      select from public.rollout_subjects x where x.subject_id = o.subject and x.subject_type <> c.subject_type)
  from (select distinct f, s from unnest(features, subjects) u(f, s)) o(feature, subject)
  cross join public.rollout_state s
  left join public.rollout_configuration c on c.feature_name = o.feature
  left join lateral (
    select x.subject_id as id, x.name, x.category, x.facts from public.rollout_subjects x
    where x.subject_type = c.subject_type and x.subject_id = o.subject
    union all
    select n.repository_id, n.full_name, n.category, n.facts from public.repository_categories n
    where c.subject_type = 'repository' and lower(n.full_name collate "C") = lower(o.subject collate "C")
    limit 1
  ) r on true
$$;

-- Reported jobs with an unknown feature or subject, by their index.
create function public.rollout_refused_jobs(features text[], subjects text[], any_subject boolean) returns jsonb
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select coalesce(jsonb_agg(jsonb_build_object('place', o.place, 'subject_type', p.type, 'problem', case
      when p.type is null then 'unknown_feature'
      when p.other_type then 'other_subject_type'
      else 'unknown_subject' end) order by o.place), '[]')
  from unnest(features, subjects) with ordinality o(feature, subject, place)
  join public.rollout_resolve_jobs(features, subjects) p on p.feature = o.feature and p.subject = o.subject
  where p.type is null or (p.id is null and not any_subject)
$$;

-- The id under which rollout_jobs stores a job that is reported without a stamp. No id contains the separator.
create function public.rollout_reported_id(feature text, id text) returns text
language sql immutable parallel safe set search_path = pg_catalog, pg_temp as $$
  select feature || chr(31) || id
$$;

-- Records finished jobs as reported by programs, without a stamp: the arm is the subject's present one unless given,
-- category and epoch are the present ones. A job that finished before this epoch began counts in the preceding one.
-- Only the first end of each id counts. An attempt that is retried (`will_retry`) is not an end: it keeps the job,
-- with arm and epoch of its first attempt, until it ends or times out. Jobs with an unknown feature or subject are
-- refused with their index, and nothing is recorded unless they are to be skipped.
create function public.rollout_record_jobs(
  batch uuid, features text[], subjects text[], processors text[], oks boolean[], arms text[],
  times_ms double precision[], messages text[], finished timestamptz[], ids text[],
  skip_invalid boolean default false, any_subject boolean default false, will_retry boolean[] default '{}'
) returns jsonb
language plpgsql security definer set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_custom_plan as $$
declare
  result jsonb;
  fresh boolean;
  unknown_places jsonb;
  openings public.rollout_jobs[];
begin
  result := public.rollout_batch_answer(batch);
  if result is not null then
    return result;
  end if;
  unknown_places := public.rollout_refused_jobs(features, subjects, any_subject);
  if unknown_places <> '[]' and not skip_invalid then
    return jsonb_build_object('recorded', 0, 'repeated', 0, 'kept', 0, 'refused', unknown_places);
  end if;
  with given as materialized (
    select o.*, coalesce(o.retried, false) as again, coalesce(p.id, o.subject) as subject_id,
      coalesce(p.category, '') as category, coalesce(o.given_arm, p.arm) as arm,
      greatest(1, p.epoch - (least(coalesce(o.finished_at, now()), now()) < p.epoch_started_at)::int) as epoch,
      row_number() over (partition by o.feature, o.id, coalesce(o.retried, false) order by o.place) as occurrence,
      -- An attempt that is reported after the end is late.
      bool_or(not coalesce(o.retried, false)) over (partition by o.feature, o.id
        order by o.place rows between unbounded preceding and 1 preceding) is true as late
    from unnest(features, subjects, processors, oks, arms, times_ms, messages, finished, ids, will_retry)
      with ordinality
      o(feature, subject, processor, ok, given_arm, ms, message, finished_at, id, retried, place)
    join public.rollout_resolve_jobs(features, subjects) p on p.feature = o.feature and p.subject = o.subject
    where p.type is not null and (p.id is not null or any_subject)
  ), first_seen as (
    insert into public.rollout_outcome_ids (feature_name, id)
    select g.feature, g.id from given g
    where g.id is not null and g.occurrence = 1 and not g.again order by g.feature, g.id
    on conflict do nothing
    returning feature_name, id
  ), attempts as materialized (
    select distinct on (g.feature, g.id) g.feature, g.id, public.rollout_reported_id(g.feature, g.id) as job, g.subject_id, g.epoch,
      g.arm, g.category, g.processor, coalesce(g.finished_at, now()) as at,
      last_value(g.message) over (partition by g.feature, g.id order by g.place
        rows between unbounded preceding and unbounded following) as message
    from given g
    where g.again and not g.late
      and not exists (select from public.rollout_outcome_ids e where e.feature_name = g.feature and e.id = g.id)
    order by g.feature, g.id, g.place
  ), kept as (
    insert into public.rollout_jobs as j
      (id, day, feature_name, subject_id, epoch, arm, category, processor_type, routed_at, last_error)
    select a.job, date '1970-01-01', a.feature, a.subject_id, a.epoch, a.arm, a.category, a.processor, least(a.at, now()), a.message
    from attempts a
    where not exists (select from given g where g.feature = a.feature and g.id = a.id and not g.again)
    order by a.job
    on conflict (id, day) do update set last_error = coalesce(excluded.last_error, j.last_error), openings = j.openings + 1
      where j.state = 'open'
    returning j as job, j.openings = 1 as new
  ), closed as (
    update public.rollout_jobs j set state = 'finished', ended_at = now()
    from first_seen s
    where j.id = public.rollout_reported_id(s.feature_name, s.id) and j.day = date '1970-01-01' and j.state = 'open'
    returning j.id, j.arm, j.epoch, j.category, j.routed_at
  ), counted as materialized (
    select g.feature, g.subject_id, g.processor, g.ok, g.ms, g.message, g.finished_at,
      coalesce(k.routed_at, coalesce(g.finished_at, now()) - make_interval(secs => coalesce(g.ms, 0) / 1000)) as began,
      k.id is not null as was_open,
      coalesce(g.given_arm, k.arm, f.arm, g.arm) as arm, coalesce(k.epoch, f.epoch, g.epoch) as epoch,
      coalesce(k.category, g.category) as category
    from given g
    left join first_seen s on s.feature_name = g.feature and s.id = g.id
    left join closed k on k.id = public.rollout_reported_id(g.feature, g.id)
    left join attempts f on f.feature = g.feature and f.id = g.id
    where not g.again and (g.id is null or (g.occurrence = 1 and s.id is not null
      and (k.id is not null or not exists (
        select from public.rollout_jobs j
        where j.id = public.rollout_reported_id(g.feature, g.id) and j.day = date '1970-01-01'))))
  ), attempted as (
    select count(*) as lines from given g join attempts a on a.feature = g.feature and a.id = g.id
    where g.again and not g.late
  ), said as (
    select c.feature, c.processor, c.arm, c.message, count(*) as count, max(coalesce(c.finished_at, now())) as at
    from counted c where not c.ok and c.message is not null
    group by 1, 2, 3, 4, date_bin('1 hour', coalesce(c.finished_at, now()), 'epoch')
  )
  select public.rollout_record_sums(batch, array_agg(c.feature), array_agg(c.subject_id), array_agg(c.processor),
      array_agg(c.arm), array_agg(c.epoch), array_agg(''::text), array_agg(c.category),
      array_agg(coalesce(c.finished_at, now())), array_agg(1::bigint), array_agg((not c.ok)::int::bigint),
      array_agg((c.ms is not null)::int::bigint), array_agg(coalesce(c.ms, 0)),
      array_agg(case when not c.ok then c.message end),
      array_agg(case when not c.ok and c.message is not null then coalesce(c.finished_at, now()) end),
      array_agg(c.began), array_agg(c.was_open),
      (select array_agg(s.feature order by s) from said s), (select array_agg(s.processor order by s) from said s),
      (select array_agg(s.arm order by s) from said s), (select array_agg(s.message order by s) from said s),
      (select array_agg(s.count order by s) from said s), (select array_agg(s.at order by s) from said s)),
    jsonb_build_object('recorded', count(*), 'kept', (select lines from attempted),
      'repeated', (select count(*) from given) - count(*) - (select lines from attempted), 'refused', unknown_places),
    (select array_agg(k.job) from kept k where k.new)
  into fresh, result, openings
  from counted c;
  if not fresh then
    return public.rollout_batch_answer(batch);
  end if;
  perform public.rollout_keep_answer(batch, result);
  perform public.rollout_score(public.rollout_heard_openings(openings));
  return result;
end
$$;

-- Stores stamps of routed jobs that are still open at a flush, with the error text of a failed attempt if they are
-- retried. Returns the number of new ones: a job that finished or timed out meanwhile stays so. Stamps of an epoch
-- that has not begun belong to a lost history, and are left out.
create function public.rollout_open_jobs(
  ids text[], features text[], subjects text[], epochs integer[], arms text[], categories text[],
  processors text[], job_classes text[], routed timestamptz[], messages text[] default '{}'
) returns integer
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  opened public.rollout_jobs[];
begin
  with given as (
    insert into public.rollout_jobs as j
      (id, day, feature_name, subject_id, epoch, arm, category, processor_type, job_class, routed_at, last_error)
    select distinct on (o.id) o.id, (o.routed_at at time zone 'UTC')::date, o.feature, o.subject, o.epoch, o.arm, coalesce(nullif(o.category, ''), r.category, ''),
      o.processor, o.class, least(o.routed_at, now()), left(o.message, 300)
    from unnest(ids, features, subjects, epochs, arms, categories, processors, job_classes, routed, messages)
      o(id, feature, subject, epoch, arm, category, processor, class, routed_at, message)
    left join public.rollout_configuration c on c.feature_name = o.feature
    left join public.repository_categories r
      on o.category = '' and c.subject_type = 'repository' and r.repository_id = o.subject
    where c.feature_name is null or o.epoch <= c.epoch
    order by o.id
    on conflict (id, day) do update set last_error = excluded.last_error, openings = j.openings + 1
      where j.state = 'open' and excluded.last_error is not null
    returning j as job, j.openings = 1 as new
  )
  select array_agg(g.job) filter (where g.new) into opened from given g;
  perform public.rollout_score(public.rollout_heard_openings(opened));
  return coalesce(cardinality(opened), 0);
end
$$;

-- Records how routed jobs ended, by their stamps: closes each stamp and counts those whose end is the first of a job
-- that has not timed out, whichever process reports it. A job whose opening has not arrived leaves a tombstone, so
-- that the opening does not reopen it. One statement, so that no connection waits between closing and counting;
-- repeated, it finds every stamp closed, so the batch itself is not remembered. Returns how many were counted.
create function public.rollout_record_ends(
  batch uuid, ids text[], features text[], subjects text[], epochs integer[], arms text[], categories text[],
  processors text[], job_classes text[], routed timestamptz[],
  oks boolean[], times_ms double precision[], messages text[], finished timestamptz[]
) returns integer
language plpgsql security definer set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_generic_plan as $$
declare
  counted integer;
begin
  with given as materialized (
    select distinct on (o.id) o.*, coalesce(nullif(o.category, ''), r.category, '') as known_category
    from unnest(ids, features, subjects, epochs, arms, categories, processors, job_classes, routed, oks, times_ms,
      messages, finished) with ordinality
      o(id, feature, subject, epoch, arm, category, processor, class, routed_at, ok, ms, message, finished_at, place)
    left join public.rollout_configuration c on c.feature_name = o.feature
    left join public.repository_categories r
      on o.category = '' and c.subject_type = 'repository' and r.repository_id = o.subject
    -- Of an epoch that has not begun, so of a history that is gone.
    where c.feature_name is null or o.epoch <= c.epoch
    order by o.id, o.place
  ), closed as (
    insert into public.rollout_jobs as j
      (id, day, feature_name, subject_id, epoch, arm, category, processor_type, job_class, routed_at, state, ended_at,
        openings)
    select g.id, (g.routed_at at time zone 'UTC')::date, g.feature, g.subject, g.epoch, g.arm, g.known_category, g.processor, g.class,
      least(g.routed_at, now()), 'finished', now(), 0
    from given g order by g.id
    on conflict (id, day) do update set state = 'finished', ended_at = excluded.ended_at where j.state = 'open'
    returning j.id, j.routed_at as began, j.openings > 0 as was_open
  ), ended as materialized (
    select g.*, k.began, k.was_open from given g join closed k on k.id = g.id
  ), said as (
    select e.feature, e.processor, e.arm, e.message, count(*) as count, max(e.finished_at) as at
    from ended e where not e.ok and e.message is not null group by 1, 2, 3, 4, date_bin('1 hour', e.finished_at, 'epoch')
  )
  select case when count(*) = 0 then 0 when public.rollout_record_sums(null, array_agg(e.feature),
      array_agg(e.subject), array_agg(e.processor), array_agg(e.arm), array_agg(e.epoch), array_agg(e.class),
      array_agg(e.known_category), array_agg(e.finished_at), array_agg(1::bigint), array_agg((not e.ok)::int::bigint),
      array_agg((e.ms is not null)::int::bigint), array_agg(coalesce(e.ms, 0)),
      array_agg(case when not e.ok then e.message end),
      array_agg(case when not e.ok and e.message is not null then e.finished_at end),
      array_agg(e.began), array_agg(e.was_open),
      (select array_agg(s.feature order by s) from said s), (select array_agg(s.processor order by s) from said s),
      (select array_agg(s.arm order by s) from said s), (select array_agg(s.message order by s) from said s),
      (select array_agg(s.count order by s) from said s), (select array_agg(s.at order by s) from said s))
    then count(*) else 0 end
  into counted from ended e;
  return counted;
end
$$;

-- Counts jobs that were routed or retried and never finished as failures, once, in the arm and epoch of their
-- routing. `timeouts` maps processors to seconds; others never time out. Returns how many timed out. A job that is
-- being closed at this moment is left to the closing transaction.
create function public.rollout_time_out_jobs(feature text, timeouts jsonb) returns integer
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  late public.rollout_jobs[];
begin
  with found as (
    select j.id, j.day from public.rollout_jobs j
    where j.feature_name = feature and j.state = 'open' and timeouts ? j.processor_type
      and j.routed_at < now() - make_interval(secs => (timeouts ->> j.processor_type)::double precision)
    order by j.id, j.day for update skip locked
  ), ended as (
    -- A reported job may have ended at the very moment at which an attempt of it was kept.
    update public.rollout_jobs j set ended_at = now(), state = case when exists (
        select from public.rollout_outcome_ids e
        where e.feature_name = split_part(j.id, chr(31), 1) and e.id = split_part(j.id, chr(31), 2)
      ) then 'finished' else 'timed_out' end
    from found where j.id = found.id and j.day = found.day
    returning j as job
  )
  select array_agg(e.job) filter (where (e.job).state = 'timed_out') into late from ended e;
  if late is null then
    return 0;
  end if;
  perform public.rollout_record_sums(null,
    array_agg(j.feature_name), array_agg(j.subject_id), array_agg(j.processor_type), array_agg(j.arm),
    array_agg(j.epoch), array_agg(j.job_class), array_agg(j.category), array_agg(now()),
    array_agg(1::bigint), array_agg(1::bigint), array_agg(0::bigint), array_agg(0::double precision),
    array_agg(coalesce(j.last_error, 'timed out')), array_agg(now()), array_agg(j.routed_at), array_agg(true),
    array_agg(j.feature_name), array_agg(j.processor_type), array_agg(j.arm),
    array_agg(coalesce(j.last_error, 'timed out')), array_agg(1::bigint), array_agg(now()))
  from unnest(late) j;
  return cardinality(late);
end
$$;
