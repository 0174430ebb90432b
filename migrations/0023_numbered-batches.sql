set local search_path = pg_catalog, pg_temp;

-- Batches by who sent them: one row a sender, with the numbers that were recorded of it. A flush changes a row in its
-- place, so the table grows with processes and not with flushes.

-- An id of version 8 (RFC 9562) is one of many that one sender numbers: its last twelve digits are the number, and the
-- others are the sender. Any other id is a sender of one batch.
create function public.rollout_batch_sender(batch uuid) returns uuid
language sql immutable parallel safe
return case when substr(batch::text, 15, 1) = '8' then (left(batch::text, 24) || '000000000000')::uuid else batch end;

create function public.rollout_batch_number(batch uuid) returns bigint
language sql immutable parallel safe
return case when substr(batch::text, 15, 1) = '8' then ('x' || right(batch::text, 12))::bit(48)::bigint else 0 end;

-- At most a thousand runs of numbers: of more, the oldest gap is closed.
create function public.rollout_bounded_numbers(numbers int8multirange) returns int8multirange
language sql immutable parallel safe set search_path = pg_catalog, pg_temp as $$
  select case when count(*) <= 1000 then numbers
    else numbers + int8multirange(int8range(lower(numbers), (array_agg(lower(r) order by r))[2])) end
  from unnest(numbers) r
$$;

drop index public.rollout_batches_age;
alter table public.rollout_batches rename column batch_id to sender;
alter table public.rollout_batches
  add column numbers int8multirange not null default '{[0,0]}',
  add column answered bigint;
alter table public.rollout_batches alter column numbers drop default;
update public.rollout_batches set answered = 0 where answer is not null;
-- No index but the key, and room in each page: a flush writes the new row beside the old one.
alter table public.rollout_batches set (fillfactor = 50);
comment on table public.rollout_batches is
  'Batches that were recorded, one row a sender: sent again after a lost answer they count once. Kept for 7 days after the newest.';
comment on column public.rollout_batches.numbers is
  'Numbers of its batches that were recorded. One that is missing may still come, however many came after it; a batch without a sender has the number 0.';
comment on column public.rollout_batches.answered is 'Number of the batch that `answer` is of, the newest one with an answer; null: there was none.';

-- False: this batch was recorded before. Batches of one sender wait for each other; null is a batch that nobody sends again.
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

-- What was answered to a batch that is sent again, null where it was not recorded. Of the batches that a sender numbers
-- the newest answer is kept: it is the one that can have been lost.
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

-- Those that record, over the numbers.

-- Records sums of outcomes. One statement a table, rows in the order of their keys, so that any number of processes can
-- do it at once. False: this batch was recorded before. A sum that is impossible, too large or of no feature refuses
-- them all and is named by its line. `began` and `were_open` are null where nobody knows when its jobs began, or
-- whether the score heard of them then. The score comes last: its locks are taken after those of the outcomes.
create or replace function public.rollout_record_sums(
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

-- Finished jobs as programs report them, without a stamp: the arm, where none is given, is what the subject is
-- now, category and epoch are those of now. What finished before this epoch began counts in the one before.
-- Of each id only the first end counts. An attempt after which the job is tried again (`will_retry`) is no end: it
-- keeps the job, with arm and epoch of its first attempt, until it ends or times out. Jobs of no feature, or of no
-- subject of its registry, are refused with their place, and nothing is recorded unless told to skip them.
create or replace function public.rollout_record_jobs(
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
      (id, feature_name, subject_id, epoch, arm, category, processor_type, routed_at, last_error)
    select a.job, a.feature, a.subject_id, a.epoch, a.arm, a.category, a.processor, least(a.at, now()), a.message
    from attempts a
    where not exists (select from given g where g.feature = a.feature and g.id = a.id and not g.again)
    order by a.job
    on conflict (id) do update set last_error = coalesce(excluded.last_error, j.last_error) where j.state = 'open'
    returning j as job, j.xmax = 0 as new
  ), closed as (
    update public.rollout_jobs j set state = 'finished', ended_at = now()
    from first_seen s
    where j.id = public.rollout_reported_id(s.feature_name, s.id) and j.state = 'open'
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
        select from public.rollout_jobs j where j.id = public.rollout_reported_id(g.feature, g.id)))))
  ), attempted as (
    select count(*) as lines from given g join attempts a on a.feature = g.feature and a.id = g.id
    where g.again and not g.late
  ), said as (
    select c.feature, c.processor, c.arm, c.message, count(*) as count, max(coalesce(c.finished_at, now())) as at
    from counted c where not c.ok and c.message is not null group by 1, 2, 3, 4
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

-- How routed jobs ended, recorded by their stamps: closes each stamp and counts those whose end is the first of a job
-- that has not timed out, whichever process reports it. A job whose opening is not here yet leaves its tombstone, so
-- that the opening does not bring it back. One statement, so that no connection waits between closing and counting;
-- sent again it finds every stamp closed, so the batch itself is not remembered. Returns how many were counted.
create or replace function public.rollout_record_ends(
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
      (id, feature_name, subject_id, epoch, arm, category, processor_type, job_class, routed_at, state, ended_at)
    select g.id, g.feature, g.subject, g.epoch, g.arm, g.known_category, g.processor, g.class,
      least(g.routed_at, now()), 'finished', now()
    from given g order by g.id
    on conflict (id) do update set state = 'finished', ended_at = now() where j.state = 'open'
    returning j.id, j.routed_at as began, j.xmax <> 0 as was_open
  ), ended as materialized (
    select g.*, k.began, k.was_open from given g join closed k on k.id = g.id
  ), said as (
    select e.feature, e.processor, e.arm, e.message, count(*) as count, max(e.finished_at) as at
    from ended e where not e.ok and e.message is not null group by 1, 2, 3, 4
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

-- Jobs that were routed, or are tried again, and never finished count as failures, once, in the arm and epoch of their
-- routing.
-- `timeouts` maps processors to seconds; others never time out. Returns how many timed out. A job that is being
-- closed at this moment is left to whoever closes it.
create or replace function public.rollout_time_out_jobs(feature text, timeouts jsonb) returns integer
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  late public.rollout_jobs[];
begin
  with found as (
    select j.id from public.rollout_jobs j
    where j.feature_name = feature and j.state = 'open' and timeouts ? j.processor_type
      and j.routed_at < now() - make_interval(secs => (timeouts ->> j.processor_type)::double precision)
    order by j.id for update skip locked
  ), ended as (
    -- A reported job may have ended at the very moment at which an attempt of it was kept.
    update public.rollout_jobs j set ended_at = now(), state = case when exists (
        select from public.rollout_outcome_ids e
        where e.feature_name = split_part(j.id, chr(31), 1) and e.id = split_part(j.id, chr(31), 2)
      ) then 'finished' else 'timed_out' end
    from found where j.id = found.id
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

-- Events as programs report them. Without arm, epoch and category they are of what the subject is at that moment. Of each
-- id, metric and feature only the first counts, and a batch counts once. Events that belong nowhere are refused with
-- their place, and nothing is recorded unless told to skip them. Then they go into the score, as jobs do.
create or replace function public.rollout_record_observations(
  batch uuid, features text[], metrics text[], subjects text[], arms text[], epochs integer[], categories text[],
  times timestamptz[], events bigint[], bad bigint[], ids text[], skip_invalid boolean default false,
  any_subject boolean default false, of_source text default 'events'
) returns jsonb
language plpgsql security definer set search_path = pg_catalog, pg_temp set plan_cache_mode = force_custom_plan as $$
declare
  most_of_line constant bigint := 1000000000;
  result jsonb;
  refused jsonb;
  impossible bigint;
  places bigint[];
  of_features text[];
  of_subjects text[];
  heard_at timestamptz;
  increments public.rollout_increments[];
begin
  select min(o.line) into impossible from unnest(events, bad) with ordinality o(events, bad, line)
  where not coalesce(o.events between 1 and most_of_line and o.bad between 0 and o.events, false);
  if impossible is not null then
    raise exception 'line %: impossible counts: % events, % bad', impossible, events[impossible], bad[impossible]
      using errcode = 'check_violation', hint = format('A line has 1 to %s events and at most as many bad ones.', most_of_line);
  end if;
  result := public.rollout_batch_answer(batch);
  if result is not null then
    return result;
  end if;
  refused := public.rollout_refused_events(features, metrics, subjects, any_subject, of_source);
  if refused <> '[]' and not skip_invalid then
    return jsonb_build_object('recorded', 0, 'repeated', 0, 'refused', refused);
  end if;
  if not public.rollout_claim_batch(batch) then
    return public.rollout_batch_answer(batch);
  end if;
  select array_agg(t.place), array_agg(t.feature), array_agg(subjects[t.place])
  into places, of_features, of_subjects from public.rollout_event_features(features, metrics, of_source) t;
  -- A subject that counts once a day has one row that day, whoever records it.
  perform pg_advisory_xact_lock(hashtextextended('rollout observe ' || d.feature || ' ' || d.metric, 0))
  from (
    select distinct t.feature, metrics[t.place] as metric from unnest(places, of_features) t(place, feature)
    join public.rollout_configuration c on c.feature_name = t.feature
    where c.spec #>> array['guardrails', metrics[t.place], 'per'] = 'subject' order by 1, 2
  ) d;
  heard_at := clock_timestamp();
  with given as materialized (
    select t.place, t.feature, metrics[t.place] as metric, coalesce(p.id, t.subject) as subject_id,
      coalesce(arms[t.place], p.arm) as arm, coalesce(nullif(rollout_record_observations.categories[t.place], ''), p.category, '') as category,
      coalesce(epochs[t.place], greatest(1, p.epoch - (coalesce(times[t.place], now()) < p.epoch_started_at)::integer)) as epoch,
      least(coalesce(times[t.place], now()), now()) as at, rollout_record_observations.events[t.place] as events,
      rollout_record_observations.bad[t.place] as bad,
      metrics[t.place] || chr(31) || ids[t.place] as id, c.spec #>> array['guardrails', metrics[t.place], 'per'] as per,
      row_number() over (partition by t.feature, metrics[t.place], ids[t.place] order by t.place) as occurrence
    from unnest(places, of_features, of_subjects) t(place, feature, subject)
    join public.rollout_configuration c on c.feature_name = t.feature
    join public.rollout_resolve_jobs(of_features, of_subjects) p on p.feature = t.feature and p.subject = t.subject
    where (p.id is not null or any_subject) and coalesce(epochs[t.place], 1) <= c.epoch
  ), first_seen as (
    insert into public.rollout_outcome_ids (feature_name, id)
    select g.feature, g.id from given g where g.id is not null and g.occurrence = 1 order by g.feature, g.id
    on conflict do nothing
    returning feature_name, id
  ), counted as materialized (
    select g.* from given g left join first_seen s on s.feature_name = g.feature and s.id = g.id
    where g.id is null or (g.occurrence = 1 and s.id is not null)
  ), of_windows as (
    insert into public.rollout_observations as o
      (feature_name, metric, epoch, window_start, subject_id, arm, category, events, bad)
    select c.feature, c.metric, c.epoch, public.rollout_window(c.at), c.subject_id collate "C", c.arm, max(c.category),
      sum(c.events), sum(c.bad)
    from counted c where c.per = 'event' and c.arm in ('treatment', 'control')
    group by 1, 2, 3, 4, 5, 6 order by 1, 2, 3, 4, 5, 6
    on conflict (feature_name, metric, epoch, window_start, subject_id, arm) do update set
      events = o.events + excluded.events, bad = o.bad + excluded.bad
  ), of_days as materialized (
    select d.*, o.window_start as known_at, o.bad as known_bad
    from (
      select c.feature, c.metric, c.epoch, c.subject_id, c.arm, max(c.category) as category, min(c.at) as at,
        (max(c.bad) > 0)::integer::bigint as bad, (c.at at time zone 'UTC')::date as day
      from counted c where c.per = 'subject' and c.arm in ('treatment', 'control')
      group by 1, 2, 3, 4, 5, 9
    ) d
    -- A guardrail that counted each event until today left a row for each window: a bad one is the day's.
    left join lateral (
      select k.window_start, least(1, k.bad) as bad from public.rollout_observations k
      where k.feature_name = d.feature and k.metric = d.metric and k.epoch = d.epoch
        and k.subject_id = d.subject_id and k.arm = d.arm and k.window_start >= d.day::timestamp at time zone 'UTC'
        and k.window_start < (d.day + 1)::timestamp at time zone 'UTC'
      order by k.bad > 0 desc, k.window_start limit 1
    ) o on true
  ), begun as (
    insert into public.rollout_observations
      (feature_name, metric, epoch, window_start, subject_id, arm, category, events, bad)
    select d.feature, d.metric, d.epoch, public.rollout_window(d.at), d.subject_id, d.arm, d.category, 1, d.bad
    from of_days d where d.known_at is null
  ), turned as (
    update public.rollout_observations o set bad = 1 from of_days d
    where d.known_bad = 0 and d.bad = 1 and o.feature_name = d.feature and o.metric = d.metric and o.epoch = d.epoch
      and o.window_start = d.known_at and o.subject_id = d.subject_id and o.arm = d.arm
  ), heard as (
    select c.feature, c.metric, c.epoch, c.arm, c.subject_id, c.category, c.at, c.events, c.bad
    from counted c where c.per = 'event'
    union all
    select d.feature, d.metric, d.epoch, d.arm, d.subject_id, d.category,
      coalesce(d.known_at, public.rollout_window(d.at)), (d.known_at is null)::integer, d.bad
    from of_days d where d.known_at is null or (d.known_bad = 0 and d.bad = 1)
  ), treatment as (
    select h.feature, h.epoch, h.metric, array_agg(h.subject_id) as subjects, array_agg(h.category) as categories,
      array_agg(h.at) as began_at, array_agg(h.events::integer) as began, array_agg(0) as nothing,
      array_agg(h.bad::integer) as failed
    from heard h where h.arm = 'treatment' group by 1, 2, 3
  ), control as (
    select k.feature, k.epoch, k.metric, array_agg(k.category) as categories, array_agg(k.events) as jobs,
      array_agg(k.bad) as failed
    from (
      select h.feature, h.epoch, h.metric, h.category, sum(h.events)::bigint as events, sum(h.bad)::bigint as bad
      from heard h where h.arm = 'control' group by 1, 2, 3, 4
    ) k group by 1, 2, 3
  )
  select jsonb_build_object('recorded', (select count(distinct c.place) from counted c),
      'repeated', (select count(distinct g.place) from given g) - (select count(distinct c.place) from counted c),
      'refused', refused),
    (select array_agg((0, feature, epoch, metric, heard_at, coalesce(t.subjects, '{}'), coalesce(t.categories, '{}'),
        coalesce(t.began_at, '{}'), coalesce(t.began, '{}'), coalesce(t.nothing, '{}'), coalesce(t.nothing, '{}'),
        coalesce(t.failed, '{}'), coalesce(k.categories, '{}'), coalesce(k.jobs, '{}'), coalesce(k.failed, '{}')
        )::public.rollout_increments order by feature, epoch, metric)
      from treatment t full join control k using (feature, epoch, metric))
  into result, increments;
  perform public.rollout_keep_answer(batch, result);
  perform public.rollout_score(increments);
  return result;
end
$$;

-- Jobs that ended, each a line, as events of the guardrails on time: bad is one that took longer than it may. Sums of several
-- jobs have lost the times of each; whoever adds them up observes those itself.
create or replace function public.rollout_observe_times(
  features text[], subjects text[], arms text[], epochs integer[], categories text[], ended timestamptz[], timed bigint[],
  times_ms double precision[]
) returns void
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  if not exists (
    select from public.rollout_configuration c where c.feature_name = any (features) and c.spec ? 'guardrails'
      and jsonb_path_exists(c.spec, '$.guardrails.*.slower_than ? (@.type() == "number")')
  ) then
    return;
  end if;
  perform public.rollout_record_observations(null, array_agg(o.feature), array_agg(g.key),
    array_agg(o.subject), array_agg(o.arm), array_agg(o.epoch), array_agg(o.category), array_agg(o.at),
    array_agg(1::bigint), array_agg((o.ms > (g.value ->> 'slower_than')::double precision * 1000)::integer::bigint),
    array_agg(null::text), true, true, 'time')
  from unnest(features, subjects, arms, epochs, categories, ended, timed, times_ms)
    o(feature, subject, arm, epoch, category, at, timed, ms)
  join public.rollout_configuration c on c.feature_name = o.feature and c.spec ? 'guardrails'
  cross join lateral jsonb_each(c.spec -> 'guardrails') g
  where o.timed = 1 and o.arm in ('treatment', 'control') and jsonb_typeof(g.value -> 'slower_than') = 'number'
  having count(*) > 0;
end
$$;

-- Timed jobs as events of the guardrails that compare with control: bad are those in a higher place than 95% of control.
-- Jobs of a processor without a limit are no events yet. `line_times` has the counters of a line of several jobs, as
-- `place:count place:count`.
create or replace function public.rollout_observe_slow(
  features text[], subjects text[], processors text[], arms text[], epochs integer[], categories text[], ended timestamptz[],
  timed bigint[], times_ms double precision[], line_times text[]
) returns void
language sql set search_path = pg_catalog, pg_temp as $$
  select public.rollout_record_observations(null, array_agg(j.feature), array_agg(j.metric),
    array_agg(j.subject), array_agg(j.arm), array_agg(j.epoch), array_agg(j.category), array_agg(j.at),
    array_agg(j.events), array_agg(j.bad), array_agg(null::text), true, true, 'time')
  from (
    select o.feature, g.key as metric, o.subject, o.arm, o.epoch, o.category, o.at,
      sum(p.jobs)::bigint as events, coalesce(sum(p.jobs) filter (where p.place > l.place), 0)::bigint as bad
    from unnest(features, subjects, processors, arms, epochs, categories, ended, timed, times_ms, line_times) with ordinality
      o(feature, subject, processor, arm, epoch, category, at, timed, ms, counters, line)
    join public.rollout_configuration c on c.feature_name = o.feature and c.spec ? 'guardrails'
    join public.rollout_time_limits l on l.feature_name = o.feature and l.processor_type = o.processor
    cross join lateral jsonb_each(c.spec -> 'guardrails') g
    cross join lateral (
      select public.rollout_time_place(o.ms) as place, 1::bigint as jobs where o.timed = 1
      union all
      select pair.places[1]::integer, pair.places[2]::bigint
      from regexp_matches(case when o.timed > 1 then o.counters end, '(\d{1,3}):(\d{1,8})', 'g') pair(places)
    ) p
    where o.timed > 0 and o.arm in ('treatment', 'control') and g.value ->> 'slower_than' = 'control_p95'
    group by o.line, o.feature, g.key, o.subject, o.arm, o.epoch, o.category, o.at
  ) j
  having count(*) > 0
$$;
