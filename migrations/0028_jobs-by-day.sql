set local search_path = pg_catalog, pg_temp;

-- Stamps of routed jobs by the day in which they were routed, so that a day is dropped and not deleted row by row. A stamp
-- says itself when it was routed, and says the same whoever hands it on: its day belongs to the key, and each counts once
-- although a key cannot span partitions. A job that is reported without a stamp has no day: those lie together.

alter table public.rollout_jobs rename to rollout_jobs_before;
alter table public.rollout_jobs_before rename constraint rollout_jobs_pkey to rollout_jobs_before_pkey;
alter index public.rollout_jobs_open rename to rollout_jobs_before_open;
alter index public.rollout_jobs_ended rename to rollout_jobs_before_ended;
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

-- Arrays of jobs are arguments of this function, and its type is another one now.
drop function public.rollout_heard_openings(public.rollout_jobs_before[]);
-- Jobs of treatment that run from now on.
create function public.rollout_heard_openings(openings public.rollout_jobs[]) returns public.rollout_increments[]
language plpgsql stable set search_path = pg_catalog, pg_temp set plan_cache_mode = force_generic_plan as $$
declare
  heard_at constant timestamptz := clock_timestamp();
begin
  return (
  select array_agg((0, o.feature_name, o.epoch, '', heard_at, o.subjects, o.categories, o.began_at, o.began, o.began,
    o.nothing, o.nothing, '{}', '{}', '{}')::public.rollout_increments order by o.feature_name, o.epoch)
  from (
    select j.feature_name, j.epoch, array_agg(j.subject_id) as subjects, array_agg(j.category) as categories,
      array_agg(j.routed_at) as began_at, array_agg(1) as began, array_agg(0) as nothing
    from unnest(openings) j where j.arm = 'treatment'
    group by 1, 2
  ) o);
end
$$;

-- Stamps of routed jobs that are still open at a flush, with what a failed attempt said where they are tried again.
-- Returns how many are new: one that finished or timed out meanwhile stays so. Stamps of an epoch that has not begun
-- are of a history that is gone, and are left out.
create or replace function public.rollout_open_jobs(
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

-- Partitions by day, from yesterday on; rows of other days go to the default partition.
create or replace function public.rollout_create_partitions(day date, days integer) returns integer
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

-- Days of stamps that nobody needs any more: of each job that was routed then the end is a week ago, but for a few.
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

-- Drops a day of stamps; what is open or ended lately goes to the default partition, under the same key.
create function public.rollout_drop_jobs(name text) returns void
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  execute format('alter table public.rollout_jobs detach partition public.%I', name);
  execute format('insert into public.rollout_jobs_default select * from public.%I
    where state = ''open'' or ended_at >= $1', name) using now() - interval '7 days';
  execute format('drop table public.%I', name);
end
$$;

-- Forgets ids of outcomes after 30 days, and stamps without a day after seven, at most so many of each: a transaction is
-- short, however much has gathered. Returns how many are gone.
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

-- Drops partitions, remembered ids and checks that are past their keeping, joins old slices, and makes the partitions of
-- the next days.
-- Both need the tables for themselves for a moment: it gives up after two seconds rather than let everybody who
-- records wait behind somebody who reads for long.
create or replace function public.rollout_maintain(keep_days integer default 90, ahead_days integer default 7)
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
  delete from public.rollout_observations where window_start < oldest;
  -- Of the epoch that is live nothing is forgotten but slices, which its levels hold.
  delete from public.rollout_increments where heard_at < oldest;
  delete from public.rollout_slices where started_at < oldest;
  delete from public.rollout_spans where touched_at < case when open > 0 then oldest else now() - interval '1 day' end;
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


select public.rollout_create_partitions((now() at time zone 'UTC')::date - 1, 9);
-- Without the trigger, which counted them when they came.
insert into public.rollout_jobs (id, day, feature_name, subject_id, epoch, arm, category, processor_type, job_class, routed_at,
  state, ended_at, last_error, openings)
select j.id, case when position(chr(31) in j.id) > 0 then date '1970-01-01' else (j.routed_at at time zone 'UTC')::date end,
  j.feature_name, j.subject_id, j.epoch, j.arm, j.category, j.processor_type, j.job_class, j.routed_at, j.state, j.ended_at,
  j.last_error, (j.state <> 'finished')::integer
from public.rollout_jobs_before j;
drop table public.rollout_jobs_before;
create trigger rollout_note_openings after insert on public.rollout_jobs
  referencing new table as come_rows for each statement execute function public.rollout_note_openings();
