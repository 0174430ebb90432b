set local search_path = pg_catalog, pg_temp;

-- The score of docs/health.md, updated by the recording processes: `src/domain/score/` in SQL. The definition is
-- there, with its reasons; a test compares the two. Everything except `rollout_increments` is written under the
-- advisory lock of its feature, by one transaction at a time, so that slices and levels grow in one order.

-- Counts of one flush for the jobs of one epoch that are not in spans and slices yet. A job is counted when it
-- begins, or at its end if its beginning was not reported. Treatment is counted by subject, control by category, each
-- in arrays: a flush of thousands of subjects stays one row.
create table public.rollout_increments (
  id bigint generated always as identity,
  feature_name text not null,
  epoch integer not null,
  measure text not null default '',
  heard_at timestamptz not null,
  subjects text[] not null,
  categories text[] not null,
  began_at timestamptz[] not null,
  began integer[] not null,
  opened integer[] not null,
  closed integer[] not null,
  failed integer[] not null,
  control_categories text[] not null,
  control_jobs bigint[] not null,
  control_failed bigint[] not null,
  primary key (feature_name, id)
);
-- Rows that live for seconds are not worth compressing.
alter table public.rollout_increments
  alter subjects set storage external, alter categories set storage external, alter began_at set storage external,
  alter began set storage external, alter opened set storage external, alter closed set storage external,
  alter failed set storage external;
comment on table public.rollout_increments is
  'Recorded jobs that the score does not know yet: those of flushes without a failure for five seconds at most.';
comment on column public.rollout_increments.measure is 'What is counted as failed: empty for errors of jobs, else a guardrail.';
comment on column public.rollout_increments.began is 'Jobs that are heard of for the first time.';
comment on column public.rollout_increments.opened is 'Of `began`, those that still run.';
comment on column public.rollout_increments.closed is 'Jobs that ran, heard of before, and have ended.';
comment on column public.rollout_increments.failed is 'Of the jobs that have ended, those that failed.';
comment on column public.rollout_increments.control_jobs is 'Jobs that have ended, by `control_categories`.';

-- The newest slice of each scope of an epoch, and how many jobs began in each minute of the last hour.
create table public.rollout_timelines (
  feature_name text not null,
  epoch integer not null,
  scope text not null,
  started_at timestamptz not null,
  slice integer not null default 0,
  slot bigint not null default -1,
  slot_seconds integer not null default 0,
  last_start_at timestamptz not null,
  minute timestamptz not null,
  minutes bigint[] not null default array_fill(0::bigint, array[60]),
  control_heard_at timestamptz,
  taken_at timestamptz not null default '-infinity',
  failing_at timestamptz not null default '-infinity',
  folded_at timestamptz not null default '-infinity',
  stale boolean not null default false,
  swept_at timestamptz not null,
  few_looked_at timestamptz not null default '-infinity',
  few_look interval not null default '0',
  few_due boolean not null default false,
  primary key (feature_name, epoch, scope)
) with (fillfactor = 50);
comment on column public.rollout_timelines.scope is
  '`all`, or `category:` and the category; of a guardrail `guardrail:` and its name, or that with `/category:` and the category.';
comment on column public.rollout_timelines.slice is 'Number of the newest slice, from 1 on; 0: none yet.';
comment on column public.rollout_timelines.minutes is 'Jobs that began in each minute of the last hour; `minute` is the newest, at its minutes since 1970 % 60.';
comment on column public.rollout_timelines.control_heard_at is 'When control last finished a job; null: never in this epoch.';
comment on column public.rollout_timelines.taken_at is
  'When the newest flush was heard that is in the slices; `failing_at`: the newest one of a fold with a failure. Kept by `all` alone.';
comment on column public.rollout_timelines.folded_at is 'When the levels of this scope were last worked out; `stale`: something came after that.';
comment on column public.rollout_timelines.few_looked_at is
  'When it was last asked whether few subjects are to blame; `few_look`: how long that took. Kept by `all` alone.';
comment on column public.rollout_timelines.few_due is 'Somebody is to be put into quarantine and is not yet.';

-- The treatment jobs of one subject that began within five minutes. A row is kept while it is young, was recently
-- changed or has a running job; one with a failure is kept for a day, so that the subjects behind a score can be
-- named.
create table public.rollout_spans (
  feature_name text not null,
  epoch integer not null,
  measure text not null default '',
  subject_id text collate "C" not null,
  started_at timestamptz not null,
  category text not null,
  slice integer not null,
  category_slice integer,
  jobs integer not null,
  failed integer not null,
  open integer not null,
  touched_at timestamptz not null,
  primary key (feature_name, epoch, measure, subject_id, started_at),
  check (failed between 0 and jobs),
  check (open >= 0)
) with (fillfactor = 70);
comment on column public.rollout_spans.slice is 'Number of the slice of scope `all` in which it began; of its category: `category_slice`, null where that is not known.';
comment on column public.rollout_spans.open is 'Jobs that still run.';

-- Everything of a scope that began between two starts (src/domain/score/stored-slice.ts).
create table public.rollout_slices (
  feature_name text not null,
  epoch integer not null,
  scope text not null,
  slice integer not null,
  started_at timestamptz not null,
  weight double precision not null,
  spans bigint not null default 0,
  gain double precision[] not null default '{0,0,0,0,0}',
  jobs bigint not null default 0,
  opened bigint not null default 0,
  finished bigint not null default 0,
  failed bigint not null default 0,
  failed_spans bigint not null default 0,
  control_jobs bigint not null default 0,
  control_failed bigint not null default 0,
  peak double precision,
  primary key (feature_name, epoch, scope, slice)
) with (fillfactor = 70);
create index rollout_slices_age on public.rollout_slices (started_at);
comment on column public.rollout_slices.weight is 'The start that was added with its first job, 0 to 1.';
comment on column public.rollout_slices.gain is
  'Sum over its spans of ln(1 + (k - 1) f), f being the failed fraction of a span, for k = 1.25, 1.6, 2.5, 5 and 20.';
comment on column public.rollout_slices.jobs is 'Treatment jobs that began; `finished`: those of them that have ended.';
comment on column public.rollout_slices.opened is 'Of `jobs`, those that were heard of before they ended.';
comment on column public.rollout_slices.control_jobs is 'Control jobs that ended while this was the newest slice.';
comment on column public.rollout_slices.peak is 'Highest score against the limit that was seen while this was the newest slice; null: none was worked out.';

-- The score of each scope against each of its limits. Slices that cannot change any more are folded permanently
-- (`settled_*`).
create table public.rollout_levels (
  feature_name text not null,
  epoch integer not null,
  scope text not null,
  kind text not null check (kind in ('limit', 'warning', 'critical')),
  tolerated double precision not null,
  levels double precision[] not null,
  pages double precision[] not null,
  run_slices integer[] not null,
  score double precision not null,
  peak double precision not null,
  crossed_at timestamptz,
  excuse text check (excuse in
    ('too_few_jobs', 'young_epoch', 'few_subjects', 'shared_outage', 'awaiting_control', 'storm')),
  excused_at timestamptz,
  looked_at timestamptz,
  settled_slice integer not null default 0,
  settled_levels double precision[] not null default '{0,0,0,0,0}',
  settled_pages double precision[] not null default '{0,0,0,0,0}',
  settled_run_slices integer[] not null default '{0,0,0,0,0}',
  primary key (feature_name, epoch, scope, kind)
) with (fillfactor = 50);
comment on column public.rollout_levels.tolerated is 'Share of jobs that may fail, 0 to 1; with another one everything is folded anew.';
comment on column public.rollout_levels.levels is 'Natural logarithms, one for each odds multiplier.';
comment on column public.rollout_levels.pages is 'Page''s level of each odds multiplier.';
comment on column public.rollout_levels.run_slices is 'The slice in which each of these runs began; 0: none yet.';
comment on column public.rollout_levels.score is 'Natural logarithm of the evidence: of the mean of the levels.';
comment on column public.rollout_levels.crossed_at is
  'When the score against the limit first was enough to act upon; later good jobs do not take it back.';
comment on column public.rollout_levels.excuse is 'Why a score that is over what is needed is not acted upon; null: it is, or is not over it.';
comment on column public.rollout_levels.excused_at is 'Since when it has this excuse; `looked_at`: when it was last looked for one.';

-- Why the score of a feature could not be computed; the outcomes are recorded, and wait in rollout_increments.
create table public.rollout_score_faults (
  feature_name text primary key,
  problem text not null,
  since timestamptz not null default clock_timestamp(),
  last_at timestamptz not null default clock_timestamp(),
  occurrences bigint not null default 1
);

-- The score's input for ended jobs, a row for each epoch. If their beginning was not reported, it is estimated as
-- their end minus their mean duration; the end of summed jobs is the end of their five minutes, or now.
create function public.rollout_heard_ends(
  features text[], subjects text[], arms text[], epochs integer[], categories text[], windows timestamptz[],
  jobs bigint[], errors bigint[], timed bigint[], times_ms double precision[], began timestamptz[], were_open boolean[]
) returns public.rollout_increments[]
language plpgsql stable set search_path = pg_catalog, pg_temp set plan_cache_mode = force_generic_plan as $$
declare
  heard_at constant timestamptz := clock_timestamp();
begin
  return (
  with treatment as (
    select o.feature, o.epoch, array_agg(o.subject) as subjects, array_agg(o.category) as categories,
      array_agg(least(heard_at, coalesce(o.began_at, least(heard_at, public.rollout_window(o.at) + interval '5 minutes')
        - case when o.timed > 0 then interval '1 millisecond' * (o.ms / o.timed) else interval '0' end))) as began_at,
      array_agg(case when o.was_open then 0 else o.jobs::integer end) as began, array_agg(0) as opened,
      array_agg(case when o.was_open then o.jobs::integer else 0 end) as closed, array_agg(o.errors::integer) as failed
    from unnest(features, subjects, arms, epochs, categories, windows, jobs, errors, timed, times_ms, began, were_open)
      o(feature, subject, arm, epoch, category, at, jobs, errors, timed, ms, began_at, was_open)
    where o.arm = 'treatment'
    group by 1, 2
  ), control as (
    select c.feature, c.epoch, array_agg(c.category) as categories, array_agg(c.jobs) as jobs, array_agg(c.failed) as failed
    from (
      select o.feature, o.epoch, o.category, sum(o.jobs)::bigint as jobs, sum(o.errors)::bigint as failed
      from unnest(features, arms, epochs, categories, jobs, errors) o(feature, arm, epoch, category, jobs, errors)
      where o.arm = 'control'
      group by 1, 2, 3
    ) c
    group by 1, 2
  )
  select array_agg((0, feature, epoch, '', heard_at, coalesce(t.subjects, '{}'), coalesce(t.categories, '{}'),
    coalesce(t.began_at, '{}'), coalesce(t.began, '{}'), coalesce(t.opened, '{}'), coalesce(t.closed, '{}'),
    coalesce(t.failed, '{}'), coalesce(c.categories, '{}'), coalesce(c.jobs, '{}'), coalesce(c.failed, '{}')
    )::public.rollout_increments order by feature, epoch)
  from treatment t full join control c using (feature, epoch));
end
$$;
-- Treatment jobs that have begun and run.
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

-- The scope of a measure over all categories: `all` for errors, otherwise `guardrail:` and its name.
create function public.rollout_scope(measure text) returns text
language sql immutable parallel safe
return case measure when '' then 'all' else 'guardrail:' || measure end;

-- The scopes in which a subject of this category counts. One without a category, or of an unknown one, has no second
-- scope.
create function public.rollout_scopes(measure text, category text) returns text[]
language sql immutable parallel safe
return case when category in ('test', 'small', 'medium', 'large', 'enterprise')
  then array[public.rollout_scope(measure),
    case measure when '' then '' else public.rollout_scope(measure) || '/' end || 'category:' || category]
  else array[public.rollout_scope(measure)] end;

create function public.rollout_measure_of(scope text) returns text
language sql immutable parallel safe
return case when starts_with(scope, 'guardrail:') then split_part(split_part(scope, ':', 2), '/', 1) else '' end;

-- Null for a scope over all categories.
create function public.rollout_category_of(scope text) returns text
language sql immutable parallel safe
return nullif(split_part(scope, 'category:', 2), '');

-- The rates of a scope's limits, as shares.
create function public.rollout_limits(feature text, of_scope text) returns table (kind text, tolerated double precision)
language sql stable set search_path = pg_catalog, pg_temp as $$
  select r.kind, least(100, r.percent)::double precision / 100
  from public.rollout_configuration c
  cross join lateral (values
    ('limit', c.max_error_rate),
    ('warning', coalesce((c.spec #>> '{thresholds,warning_error_rate}')::numeric, c.max_error_rate / 2)),
    ('critical', coalesce((c.spec #>> '{thresholds,critical_error_rate}')::numeric, c.max_error_rate * 2))
  ) r(kind, percent)
  where c.feature_name = feature and public.rollout_measure_of(of_scope) = ''
  union all
  -- A guardrail warns of its limit itself, on less evidence.
  select r.kind, least(100, r.percent)::double precision / 100
  from public.rollout_configuration c
  cross join lateral (
    select (c.spec #>> array['guardrails', public.rollout_measure_of(of_scope), 'limit'])::numeric as percent
  ) g
  cross join lateral (values ('limit', g.percent), ('warning', g.percent), ('critical', g.percent * 2)) r(kind, percent)
  where c.feature_name = feature and public.rollout_measure_of(of_scope) <> '' and g.percent is not null
$$;

create function public.rollout_span_gain(jobs integer, failed integer) returns double precision[]
language sql immutable parallel safe
return case when jobs > 0 and failed > 0 then array[
    ln(1 + 0.25 * failed / jobs::double precision), ln(1 + 0.6 * failed / jobs::double precision),
    ln(1 + 1.5 * failed / jobs::double precision), ln(1 + 4 * failed / jobs::double precision),
    ln(1 + 19 * failed / jobs::double precision)]
  else '{0,0,0,0,0}' end;

-- The number of spans that an engine's step counts as if subjects are not told apart, and their gain: equal to
-- `spansOfStep` and `gainOfStep` in src/domain/guardrails/correlation.ts, where the reasons are.
create function public.rollout_spans_of_step(events integer, correlation double precision) returns integer
language sql immutable parallel safe
return case when events <= 0 then 0
  when floor(events / (1 + 4 * correlation * (events - 1))) < least(10, events / 2.0) then 1
  else greatest(1, floor(events / (1 + 4 * correlation * (events - 1))))::integer end;

create function public.rollout_step_gain(events integer, bad integer, correlation double precision) returns double precision[]
language sql immutable parallel safe
return case when public.rollout_spans_of_step(events, correlation) <= 1 then public.rollout_span_gain(events, bad)
  else (select array_agg(public.rollout_spans_of_step(events, correlation) * (bad / events::double precision) * ln(k.odds)
      order by k.odds)
    from unnest('{1.25,1.6,2.5,5,20}'::double precision[]) k(odds)) end;

create function public.rollout_bad_spans_of_step(events integer, bad integer, correlation double precision) returns integer
language sql immutable parallel safe
return case when events > 0 and bad > 0 then
  ceil(public.rollout_spans_of_step(events, correlation) * (bad / events::double precision) - 1e-9)::integer else 0 end;

create function public.rollout_span_cost(tolerated double precision) returns double precision[]
language sql immutable parallel safe
return array[ln(1 + 0.25 * tolerated), ln(1 + 0.6 * tolerated), ln(1 + 1.5 * tolerated), ln(1 + 4 * tolerated),
  ln(1 + 19 * tolerated)];

-- ln of the mean of the levels.
create function public.rollout_score_of(levels double precision[]) returns double precision
language sql immutable parallel safe set search_path = pg_catalog, pg_temp as $$
  select max(m.high) + ln(sum(exp(greatest(-700, l - m.high))) / 5)
  from unnest(levels) l, (select max(x) as high from unnest(levels) x) m
$$;

-- Adds recorded jobs to the score; then the fuse acts on scopes that crossed. A flush leaves its counts to the next
-- one if another process is folding, and if folding is not due. Never raises an error: outcomes are recorded whatever
-- happens here. Folding is finished before the first act, because the holder of the history lock takes none of the
-- other locks.
create function public.rollout_score(given public.rollout_increments[]) returns void
language plpgsql set search_path = pg_catalog, pg_temp set plan_cache_mode = force_generic_plan as $$
declare
  flush public.rollout_increments;
  taken timestamptz;
  failing timestamptz;
  later public.rollout_increments[] := '{}';
  folded text[] := '{}';
begin
  if given is null then
    return;
  end if;
  foreach flush in array given loop
    -- Never subtracted: both begin as -infinity, which PostgreSQL 16 and older cannot subtract.
    select t.taken_at, t.failing_at into taken, failing
    from public.rollout_timelines t
    where t.feature_name = flush.feature_name and t.epoch = flush.epoch and t.scope = public.rollout_scope(flush.measure);
    if (case when not found or flush.heard_at >= taken + interval '5 seconds' then true
      when not 0 < any (flush.failed) then false
      when flush.heard_at >= taken + interval '1 second' then true
      when flush.heard_at < failing + interval '100 milliseconds' then false
      else public.rollout_may_raise(flush) end)
    then
      if public.rollout_fold_or_keep(flush.feature_name, flush) and not flush.feature_name = any (folded) then
        folded := folded || flush.feature_name;
      end if;
    else
      later := later || flush;
    end if;
  end loop;
  if cardinality(later) > 0 then
    insert into public.rollout_increments overriding user value select l.* from unnest(later) l;
  end if;
  for i in 1 .. cardinality(folded) loop
    perform public.rollout_act(folded[i]);
  end loop;
end
$$;

-- Do more of these jobs fail than the limit tolerates? If not, they can only lower the score over all.
create function public.rollout_may_raise(flush public.rollout_increments) returns boolean
language sql stable set search_path = pg_catalog, pg_temp as $$
  select coalesce(sum(j.failed) > sum(greatest(j.began, j.failed)) * (
    select l.tolerated from public.rollout_levels l
    where l.feature_name = flush.feature_name and l.epoch = flush.epoch and l.scope = public.rollout_scope(flush.measure)
      and l.kind = 'limit'), true)
  from unnest(flush.began, flush.failed) j(began, failed)
$$;

-- Folds waiting and given increments, or stores the given ones if another process is folding: nobody waits here.
-- False: stored.
create function public.rollout_fold_or_keep(feature text, given public.rollout_increments) returns boolean
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  if pg_try_advisory_xact_lock(hashtextextended('rollout fold ' || feature, 0)) then
    begin
      perform public.rollout_fold_all(feature, given);
      delete from public.rollout_score_faults f where f.feature_name = feature;
      return true;
    exception when others then
      insert into public.rollout_score_faults as f (feature_name, problem) values (feature, left(sqlerrm, 300))
      on conflict (feature_name) do update set problem = excluded.problem, last_at = excluded.last_at,
        occurrences = f.occurrences + 1;
    end;
  end if;
  if given.feature_name is not null then
    insert into public.rollout_increments overriding user value select given.*;
  end if;
  return false;
end
$$;

-- For processes that take over waiting increments; see rollout_trip. False: another process is folding.
create function public.rollout_fold(feature text) returns boolean
language sql set search_path = pg_catalog, pg_temp as $$
  select public.rollout_fold_or_keep(feature, null)
$$;

-- Folds waiting increments, the oldest first and about 20,000 subjects at a time, and the given ones; null: only the
-- waiting ones.
create function public.rollout_fold_all(feature text, given public.rollout_increments) returns void
language plpgsql set search_path = pg_catalog, pg_temp set plan_cache_mode = force_generic_plan as $$
declare
  upto bigint;
  more boolean;
  waiting public.rollout_increments[];
  of_one public.rollout_increments[];
begin
  select max(o.id) filter (where o.before < 20000), count(*) = 1000 or bool_or(o.before >= 20000) into upto, more
  from (
    select i.id, sum(cardinality(i.subjects)) over (order by i.id) - cardinality(i.subjects) as before
    from public.rollout_increments i where i.feature_name = feature order by i.id limit 1000
  ) o;
  if upto is not null then
    with taken as (
      delete from public.rollout_increments i where i.feature_name = feature and i.id <= upto returning i as increment
    )
    select array_agg(t.increment) into waiting from taken t;
  end if;
  if given.feature_name is not null then
    waiting := waiting || given;
  end if;
  for of_one in
    -- Of one moment by their numbers, what is given last: a job that closes has been opened before.
    select array_agg(w order by w.heard_at, w.id nulls last) from unnest(waiting) w
    group by w.epoch, w.measure order by w.epoch, w.measure
  loop
    perform public.rollout_fold_flushes(of_one);
  end loop;
  -- What is left of a score is worked out at once where somebody was taken out of it: nothing may cross by what is gone.
  if public.rollout_forget_quarantined(feature) or given.feature_name is null then
    perform public.rollout_fold_scope(feature, t.epoch, t.scope, greatest(t.folded_at, clock_timestamp()))
    from public.rollout_timelines t where t.feature_name = feature and t.stale;
  end if;
  -- The next flush takes what is left.
  if more then
    update public.rollout_timelines t set taken_at = '-infinity', failing_at = '-infinity' where t.feature_name = feature;
  end if;
  perform public.rollout_look_for_crossings(feature, given.feature_name is null);
  perform public.rollout_look_for_few(feature);
end
$$;

-- Folds flushes of one epoch and measure, in the order in which they arrived. A slice is at least a second long, so
-- those of one second belong to the same slice of a scope.
create function public.rollout_fold_flushes(given public.rollout_increments[]) returns void
language plpgsql set search_path = pg_catalog, pg_temp set plan_cache_mode = force_generic_plan as $$
declare
  feature constant text := given[1].feature_name;
  of_epoch constant integer := given[1].epoch;
  of_measure constant text := given[1].measure;
  newest constant timestamptz := given[cardinality(given)].heard_at;
  of_scope record;
  number integer;
  seconds timestamptz[] := '{}';
  scopes text[] := '{}';
  slices integer[] := '{}';
  failing text[] := '{}';
  treated boolean := false;
begin
  -- Of an epoch that has not begun, so of a history that is gone.
  if not exists (
    select from public.rollout_configuration c where c.feature_name = feature and c.epoch >= of_epoch
  ) then
    return;
  end if;
  for of_scope in
    with by_category as (
      select date_bin('1 second', f.heard_at, 'epoch') as second, min(f.heard_at) as heard_at, o.category,
        sum(o.began) as began, sum(o.failed) as failed, 0 as control_jobs, 0 as control_failed, true as treatment
      from unnest(given) f cross join lateral unnest(f.categories, f.began, f.failed) o(category, began, failed)
      group by 1, 3
      union all
      select date_bin('1 second', f.heard_at, 'epoch'), f.heard_at, o.category, 0, 0, o.jobs, o.failed, false
      from unnest(given) f
      cross join lateral unnest(f.control_categories, f.control_jobs, f.control_failed) o(category, jobs, failed)
    )
    select c.second, s.scope, min(c.heard_at) as heard_at, sum(c.began)::bigint as began, sum(c.failed) as failed,
      bool_or(c.treatment) as treatment, sum(c.control_jobs)::bigint as control_jobs,
      sum(c.control_failed)::bigint as control_failed
    from by_category c
    cross join lateral unnest(public.rollout_scopes(of_measure, c.category)) s(scope)
    group by 1, 2 order by 1, 2
  loop
    number := public.rollout_slice_at(feature, of_epoch, of_scope.scope, of_scope.heard_at, of_scope.began,
      of_scope.treatment, of_scope.control_jobs > 0);
    seconds := seconds || of_scope.second;
    scopes := scopes || of_scope.scope;
    slices := slices || number;
    treated := treated or of_scope.treatment;
    if of_scope.failed > 0 then
      failing := failing || of_scope.scope;
    end if;
    if of_scope.control_jobs > 0 then
      update public.rollout_slices l set control_jobs = l.control_jobs + of_scope.control_jobs,
        control_failed = l.control_failed + of_scope.control_failed
      where l.feature_name = feature and l.epoch = of_epoch and l.scope = of_scope.scope and l.slice = number;
    end if;
  end loop;
  if treated then
    perform public.rollout_fold_spans(given, seconds, scopes, slices);
    perform public.rollout_sweep(feature, of_epoch, of_measure, newest);
    perform public.rollout_fold_levels(feature, of_epoch, newest, scopes, failing);
  end if;
  update public.rollout_timelines t set taken_at = greatest(t.taken_at, newest),
    failing_at = case when failing <> '{}' then greatest(t.failing_at, newest) else t.failing_at end
  where t.feature_name = feature and t.epoch = of_epoch and t.scope = public.rollout_scope(of_measure);
end
$$;

-- The number of a scope's slice for jobs that begin now; a new slice if its time has come. Only the preceding hour
-- decides how long it is, and a clock that goes back counts as standing still. Without a beginning (`began` 0) no
-- slice follows another one; without `treatment` there is no first one either, and the number may be 0. `control`: a
-- control job ended too.
create function public.rollout_slice_at(
  feature text, of_epoch integer, of_scope text, heard_at timestamptz, began bigint, treatment boolean, control boolean
) returns integer
language plpgsql set search_path = pg_catalog, pg_temp set plan_cache_mode = force_generic_plan as $$
declare
  t public.rollout_timelines;
  newest bigint;
  now_minute constant bigint := floor(extract(epoch from heard_at) / 60);
  known double precision;
  moment timestamptz;
  seconds integer := 900;
  number bigint;
begin
  select * into t from public.rollout_timelines l
  where l.feature_name = feature and l.epoch = of_epoch and l.scope = of_scope;
  if not found then
    insert into public.rollout_timelines (feature_name, epoch, scope, started_at, last_start_at, minute, swept_at)
    select feature, of_epoch, of_scope, b.moment, b.moment, date_bin('1 minute', b.moment, 'epoch'), b.moment
    from (
      select coalesce(min(least(c.epoch_started_at, heard_at)), heard_at) as moment
      from public.rollout_configuration c where c.feature_name = feature and c.epoch = of_epoch
    ) b
    returning * into t;
  end if;
  if control then
    t.control_heard_at := greatest(t.control_heard_at, heard_at);
  end if;
  if t.slice > 0 and began = 0 or not treatment then
    if control then
      update public.rollout_timelines l set control_heard_at = t.control_heard_at
      where l.feature_name = feature and l.epoch = of_epoch and l.scope = of_scope;
    end if;
    return t.slice;
  end if;
  newest := floor(extract(epoch from t.minute) / 60);
  for i in newest + 1 .. least(now_minute, newest + 60) loop
    t.minutes[i % 60 + 1] := 0;
  end loop;
  newest := greatest(newest, now_minute);
  known := least(3600, extract(epoch from heard_at - t.started_at));
  if known >= 900 then
    select coalesce(min(s.length), 900) into seconds
    from unnest('{1,5,15,60,300,900}'::integer[]) s(length)
    where (select sum(n) from unnest(t.minutes) n) * s.length / known >= 10;
  end if;
  t.minutes[newest % 60 + 1] := t.minutes[newest % 60 + 1] + began;
  moment := greatest(heard_at, t.last_start_at);
  number := floor(extract(epoch from moment) / seconds);
  if t.slice = 0 or t.slot <> number or t.slot_seconds <> seconds then
    t.slice := t.slice + 1;
    insert into public.rollout_slices (feature_name, epoch, scope, slice, started_at, weight)
    values (feature, of_epoch, of_scope, t.slice, moment,
      least(1, extract(epoch from moment - t.last_start_at)::double precision / 900));
    t.last_start_at := moment;
  end if;
  update public.rollout_timelines l set slice = t.slice, slot = number, slot_seconds = seconds,
    last_start_at = t.last_start_at, minute = to_timestamp(newest * 60), minutes = t.minutes,
    control_heard_at = t.control_heard_at
  where l.feature_name = feature and l.epoch = of_epoch and l.scope = of_scope;
  return t.slice;
end
$$;

-- Adds the treatment jobs of some flushes to their spans, and the spans' gain to the slices in which they began. A
-- job belongs to its subject's span that covers its beginning, otherwise to one that begins less than five minutes
-- after it, otherwise to a new one. So spans of a subject are five minutes apart, even if jobs are reported late. A
-- failure without a span counts as a job that began. Planned as if tables were large: rows are found by their index,
-- whatever the statistics were at planning.
create function public.rollout_fold_spans(
  given public.rollout_increments[], known_seconds timestamptz[], known_scopes text[], known_slices integer[]
) returns void
language plpgsql set search_path = pg_catalog, pg_temp set plan_cache_mode = force_generic_plan set enable_seqscan = off as $$
declare
  feature constant text := given[1].feature_name;
  of_epoch constant integer := given[1].epoch;
  of_measure constant text := given[1].measure;
  over_all constant text := public.rollout_scope(given[1].measure);
  -- A span that is full stays full: a failure here would keep the whole feature from being judged.
  most constant bigint := 2147483647;
  -- Of events whose subjects are not told apart, which have no subject; null: one step is one span.
  correlation double precision;
begin
  if of_measure <> '' then
    select (c.spec #>> array['guardrails', of_measure, 'correlation'])::double precision into correlation
    from public.rollout_configuration c where c.feature_name = feature;
  end if;
  with found as materialized (
    select g.*, s.*
    from (
      -- A moment that no clock shows is one of long ago: from the earliest that there is nothing can be taken away.
      select f.heard_at, o.subject_id, o.category, greatest(o.began_at, 'epoch') as began_at, o.began, o.opened, o.closed,
        o.failed
      from unnest(given) f
      cross join lateral unnest(f.subjects, f.categories, f.began_at, f.began, f.opened, f.closed, f.failed)
        o(subject_id, category, began_at, began, opened, closed, failed)
    ) g
    -- One look for both: the one that covers its beginning comes before the one that begins after it.
    left join lateral (
      select s.ctid as place, s.category as span_category, s.slice, s.category_slice, s.jobs as jobs_before,
        s.failed as failed_before, s.open as open_before
      from public.rollout_spans s
      where s.feature_name = feature and s.epoch = of_epoch and s.measure = of_measure and s.subject_id = g.subject_id
        and s.started_at > g.began_at - interval '5 minutes' and s.started_at < g.began_at + interval '5 minutes'
      order by case when s.started_at <= g.began_at then g.began_at - s.started_at
        else s.started_at - g.began_at + interval '5 minutes' end
      limit 1
    ) s on true
  ), changed as materialized (
    select f.place, null::timestamptz as span_at, min(f.subject_id collate "C") as subject_id,
      public.rollout_scopes(of_measure, min(f.span_category)) as scopes, min(f.span_category) as category,
      min(f.slice) as slice, min(f.category_slice) as category_slice,
      min(f.jobs_before) as jobs_before, min(f.failed_before) as failed_before,
      least(most, greatest(min(f.jobs_before) + sum(f.began), min(f.failed_before) + sum(f.failed)))::integer as jobs,
      least(most, min(f.failed_before) + sum(f.failed))::integer as failed,
      least(most, greatest(0, min(f.open_before) + sum(f.opened) - sum(f.closed)))::integer as open,
      min(f.open_before) as open_before, sum(f.opened) as opened, max(f.heard_at) as heard_at
    from found f where f.place is not null
    group by f.place
    union all
    select null, n.span_at, n.subject_id, n.scopes, n.category, a.slice, c.slice, 0, 0, n.jobs, n.failed, n.open, 0, n.opened,
      n.heard_at
    from (
      select n.subject_id, n.span_at, max(n.category) as category, public.rollout_scopes(of_measure, max(n.category)) as scopes,
        date_bin('1 second', min(n.heard_at), 'epoch') as second,
        least(most, greatest(sum(n.began), sum(n.failed)))::integer as jobs, least(most, sum(n.failed))::integer as failed,
        least(most, greatest(0, sum(n.opened) - sum(n.closed)))::integer as open, sum(n.opened) as opened,
        max(n.heard_at) as heard_at
      from (
        -- An end of which nothing else is known begins no span. No span begins within another one: the ends of jobs that
        -- were counted there would be taken for those of this one.
        -- One that begins with its own job cannot, or it would have been found.
        select f.*, case when f.bin = f.began_at then f.bin else greatest(f.bin,
          (select s.started_at + interval '5 minutes' from public.rollout_spans s
            where s.feature_name = feature and s.epoch = of_epoch and s.measure = of_measure
              and s.subject_id = f.subject_id and s.started_at <= f.began_at
            order by s.started_at desc limit 1)) end as span_at
        from (
          select f.*, date_bin('5 minutes', f.began_at,
            min(f.began_at) filter (where f.began > 0 or f.failed > 0) over (partition by f.subject_id)) as bin
          from found f where f.place is null
        ) f
      ) n
      group by n.subject_id, n.span_at
      having sum(n.began) > 0 or sum(n.failed) > 0
    ) n
    join unnest(known_seconds, known_scopes, known_slices) a(second, scope, slice) on a.second = n.second and a.scope = over_all
    left join unnest(known_seconds, known_scopes, known_slices) c(second, scope, slice) on c.second = n.second and c.scope = n.scopes[2]
  ), begun as (
    insert into public.rollout_spans (feature_name, epoch, measure, subject_id, started_at, category, slice, category_slice,
      jobs, failed, open, touched_at)
    select feature, of_epoch, of_measure, c.subject_id, c.span_at, c.category, c.slice, c.category_slice, c.jobs, c.failed,
      c.open, c.heard_at
    from changed c where c.place is null
  ), continued as (
    -- Nobody else writes spans of this feature now: a row is where it was found.
    update public.rollout_spans s set jobs = c.jobs, failed = c.failed, open = c.open, touched_at = c.heard_at
    from changed c where s.ctid = c.place
  ), places as (
    select c.slice, c.category_slice, c.scopes[2] as category_scope, count(*) filter (where c.place is null) + coalesce(sum(m.spans), 0) as spans,
      sum(c.jobs - c.jobs_before) as jobs, sum(c.failed - c.failed_before) as failed, sum(c.opened) as opened,
      sum(c.jobs - c.open - (c.jobs_before - c.open_before)) as finished,
      count(*) filter (where c.failed > 0 and c.failed_before = 0) + coalesce(sum(m.failed_spans), 0) as failed_spans,
      coalesce(sum(g.gain[1] - g.before[1]), 0) as gain1, coalesce(sum(g.gain[2] - g.before[2]), 0) as gain2,
      coalesce(sum(g.gain[3] - g.before[3]), 0) as gain3, coalesce(sum(g.gain[4] - g.before[4]), 0) as gain4,
      coalesce(sum(g.gain[5] - g.before[5]), 0) as gain5
    from changed c
    -- The spans of a step beyond the one that its row is.
    left join lateral (
      select public.rollout_spans_of_step(c.jobs, correlation) - public.rollout_spans_of_step(c.jobs_before, correlation)
          - (c.place is null)::integer as spans,
        public.rollout_bad_spans_of_step(c.jobs, c.failed, correlation)
          - public.rollout_bad_spans_of_step(c.jobs_before, c.failed_before, correlation)
          - (c.failed > 0 and c.failed_before = 0)::integer as failed_spans
    ) m on correlation is not null and c.subject_id = ''
    left join lateral (
      select case when m.spans is null then public.rollout_span_gain(c.jobs, c.failed)
          else public.rollout_step_gain(c.jobs, c.failed, correlation) end as gain,
        case when m.spans is null then public.rollout_span_gain(c.jobs_before, c.failed_before)
          else public.rollout_step_gain(c.jobs_before, c.failed_before, correlation) end as before offset 0
    ) g on c.failed > 0
    group by 1, 2, 3
  ), sums as materialized (
    select o.scope, o.slice, sum(p.spans) as spans, sum(p.jobs) as jobs, sum(p.failed) as failed, sum(p.opened) as opened,
      sum(p.finished) as finished, sum(p.failed_spans) as failed_spans, sum(p.gain1) as gain1, sum(p.gain2) as gain2,
      sum(p.gain3) as gain3, sum(p.gain4) as gain4, sum(p.gain5) as gain5
    from places p
    cross join lateral (values (over_all, p.slice), (p.category_scope, p.category_slice)) o(scope, slice)
    where o.slice is not null
    group by 1, 2
    having sum(p.spans) > 0 or sum(p.jobs) > 0 or sum(p.failed) > 0 or sum(p.finished) <> 0
  ), written as (
    update public.rollout_slices l set spans = l.spans + s.spans, jobs = l.jobs + s.jobs, failed = l.failed + s.failed,
      failed_spans = l.failed_spans + s.failed_spans, opened = l.opened + s.opened, finished = l.finished + s.finished,
      gain = array[l.gain[1] + s.gain1, l.gain[2] + s.gain2, l.gain[3] + s.gain3, l.gain[4] + s.gain4, l.gain[5] + s.gain5]
    from sums s
    where l.feature_name = feature and l.epoch = of_epoch and l.scope = s.scope and l.slice = s.slice
    returning l.scope, l.slice
  )
  -- What was folded for good is folded anew where something was heard of it after all.
  update public.rollout_levels v set settled_slice = 0, settled_levels = default, settled_pages = default,
    settled_run_slices = default
  where v.feature_name = feature and v.epoch = of_epoch and v.settled_slice > 0
    and v.settled_slice >= (select min(w.slice) from written w where w.scope = v.scope);
end
$$;

-- The levels after the slices `first` to `last` of a scope, from those before them. Each start is multiplied by the
-- factors of its own slice and of all later ones; so with S the sum of the factors' logarithms up to a slice the
-- level is S + ln sum(start * exp(-S before the start)), and no slice waits for the one before it. Page's level is S
-- minus the lowest S before it, and its run began where that was last reached.
create function public.rollout_levels_after(
  feature text, of_epoch integer, of_scope text, first_slice integer, last_slice integer, tolerated double precision,
  levels_before double precision[], pages_before double precision[], runs_before integer[], without text[],
  out levels double precision[], out pages double precision[], out runs integer[]
) language plpgsql stable set search_path = pg_catalog, pg_temp set plan_cache_mode = force_generic_plan as $$
begin
  with left_out as (
    select o.slice, count(*) as spans, array[sum(g.gain[1]), sum(g.gain[2]), sum(g.gain[3]), sum(g.gain[4]), sum(g.gain[5])]
      as gain
    from public.rollout_spans s
    cross join lateral (select case when public.rollout_category_of(of_scope) is null then s.slice else s.category_slice end as slice) o
    cross join lateral (select public.rollout_span_gain(s.jobs, s.failed) as gain offset 0) g
    where without <> '{}' and s.feature_name = feature and s.epoch = of_epoch
      and s.measure = public.rollout_measure_of(of_scope) and s.subject_id = any (without)
      and of_scope = any (public.rollout_scopes(s.measure, s.category))
    group by 1
  ), factors as (
    select l.slice, k.place, case when l.weight > 0 then ln(l.weight) end as start,
      k.gain - coalesce(k.left_out, 0) - (l.spans - coalesce(w.spans, 0)) * k.cost as factor
    from public.rollout_slices l
    left join left_out w on w.slice = l.slice
    cross join lateral unnest(l.gain, public.rollout_span_cost(tolerated), w.gain)
      with ordinality k(gain, cost, left_out, place)
    where l.feature_name = feature and l.epoch = of_epoch and l.scope = of_scope
      and l.slice between first_slice and last_slice
  ), summed as (
    select f.slice, f.place, f.start, coalesce(sum(f.factor) over (partition by f.place order by f.slice
        rows between unbounded preceding and 1 preceding), 0) as before,
      sum(f.factor) over (partition by f.place) as total
    from factors f
  ), high as (
    select s.place, min(s.total) as total, min(s.before) as lowest,
      greatest(min(levels_before[s.place]), max(s.start - s.before)) as high
    from summed s group by 1
  ), each as (
    select h.place, h.total + h.high + ln(exp(greatest(-700, levels_before[h.place] - h.high))
        + coalesce(sum(exp(greatest(-700, s.start - s.before - h.high))), 0)) as level,
      h.total - least(-pages_before[h.place], h.lowest) as page,
      case when -pages_before[h.place] < h.lowest then runs_before[h.place]
        else max(s.slice) filter (where s.before = h.lowest) end as run
    from high h join summed s on s.place = h.place
    group by h.place, h.total, h.high, h.lowest
  )
  select coalesce(array_agg(e.level order by e.place), levels_before), coalesce(array_agg(e.page order by e.place), pages_before),
    coalesce(array_agg(e.run order by e.place), runs_before)
  into levels, pages, runs
  from each e;
end
$$;

-- Selects the scopes of a flush whose levels are computed now: those with a failure at once, because no other flush
-- may follow (`rollout_score` accepts flushes with failures at most ten times a second), the others every five
-- seconds, since without a failure a score only falls, except for the small starts. The other levels stay stale until
-- the next fold.
create function public.rollout_fold_levels(
  feature text, of_epoch integer, heard_at timestamptz, scopes text[], failing text[]
) returns void
language plpgsql set search_path = pg_catalog, pg_temp set plan_cache_mode = force_generic_plan as $$
declare
  t public.rollout_timelines;
begin
  for t in
    select * from public.rollout_timelines l
    where l.feature_name = feature and l.epoch = of_epoch and l.scope = any (scopes) and l.slice > 0 order by l.scope
  loop
    if t.scope = any (failing) or t.folded_at <= heard_at - interval '5 seconds' then
      perform public.rollout_fold_scope(feature, of_epoch, t.scope, heard_at);
    elsif not t.stale then
      update public.rollout_timelines l set stale = true
      where l.feature_name = feature and l.epoch = of_epoch and l.scope = t.scope;
    end if;
  end loop;
end
$$;

-- Computes the levels of one scope against each of its limits.
create function public.rollout_fold_scope(feature text, of_epoch integer, of_scope text, heard_at timestamptz) returns void
language plpgsql set search_path = pg_catalog, pg_temp set plan_cache_mode = force_generic_plan as $$
declare
  newest integer;
  v public.rollout_levels;
  score double precision;
begin
  update public.rollout_timelines t set folded_at = heard_at, stale = false
  where t.feature_name = feature and t.epoch = of_epoch and t.scope = of_scope
  returning t.slice into newest;
  for v in
    select feature, of_epoch, of_scope, k.kind, k.tolerated, f.levels, f.pages, f.runs, s.score,
      greatest(o.peak, s.score), o.crossed_at,
      case when s.score >= ln(5000::double precision) then o.excuse end, o.excused_at, o.looked_at, b.settled_slice, b.settled_levels, b.settled_pages, b.settled_run_slices
    from public.rollout_limits(feature, of_scope) k
    left join public.rollout_levels o
      on o.feature_name = feature and o.epoch = of_epoch and o.scope = of_scope and o.kind = k.kind
    -- What was folded for good counts for nothing against another limit.
    cross join lateral (select case when o.tolerated = k.tolerated then o.settled_slice end as upto) u
    cross join lateral (
      select coalesce(u.upto, 0) as settled_slice,
        case when u.upto > 0 then o.settled_levels else '{0,0,0,0,0}' end as settled_levels,
        case when u.upto > 0 then o.settled_pages else '{0,0,0,0,0}' end as settled_pages,
        case when u.upto > 0 then o.settled_run_slices else '{0,0,0,0,0}' end as settled_run_slices
    ) b
    cross join lateral public.rollout_levels_after(feature, of_epoch, of_scope, b.settled_slice + 1, newest, k.tolerated,
      b.settled_levels, b.settled_pages, b.settled_run_slices, '{}') f
    cross join lateral (select public.rollout_score_of(f.levels) as score offset 0) s
  loop
    insert into public.rollout_levels as l select v.*
    on conflict (feature_name, epoch, scope, kind) do update set tolerated = v.tolerated, levels = v.levels,
      pages = v.pages, run_slices = v.run_slices, score = v.score, peak = v.peak, excuse = v.excuse,
      crossed_at = case when l.tolerated = v.tolerated then l.crossed_at end, settled_slice = v.settled_slice,
      settled_levels = v.settled_levels, settled_pages = v.settled_pages, settled_run_slices = v.settled_run_slices;
    if v.kind = 'limit' then
      update public.rollout_slices l set peak = greatest(l.peak, v.score)
      where l.feature_name = feature and l.epoch = of_epoch and l.scope = of_scope and l.slice = newest
        and v.score > coalesce(l.peak, '-infinity');
    end if;
  end loop;
end
$$;

-- Every five minutes: removes spans that accept no more jobs, and permanently folds slices in which all spans were
-- removed.
create function public.rollout_sweep(feature text, of_epoch integer, of_measure text, heard_at timestamptz) returns void
language plpgsql set search_path = pg_catalog, pg_temp set plan_cache_mode = force_generic_plan as $$
begin
  update public.rollout_timelines t set swept_at = heard_at
  where t.feature_name = feature and t.epoch = of_epoch and t.scope = public.rollout_scope(of_measure)
    and t.swept_at <= heard_at - interval '5 minutes';
  if not found then
    return;
  end if;
  delete from public.rollout_spans s
  where s.feature_name = feature and s.epoch = of_epoch and s.measure = of_measure and s.open = 0
    -- A subject that counts once a day may turn bad until its day is over; the steps of an engine are read again for hours.
    and s.touched_at <= heard_at - case when s.failed > 0 or of_measure <> '' and exists (
        select from public.rollout_configuration c
        where c.feature_name = feature and (c.spec #>> array['guardrails', of_measure, 'per'] = 'subject'
          or c.spec #>> array['guardrails', of_measure, 'source'] = 'prometheus'))
      then interval '1 day' else interval '5 minutes' end;
  update public.rollout_levels v set settled_slice = u.upto, settled_levels = f.levels, settled_pages = f.pages,
    settled_run_slices = f.runs
  from public.rollout_timelines t
  cross join lateral (
    select least(t.slice - 1, (
      select max(l.slice) from public.rollout_slices l
      where l.feature_name = feature and l.epoch = of_epoch and l.scope = t.scope
        and l.started_at <= heard_at - interval '5 minutes'
    ), (
      select min(case when public.rollout_category_of(t.scope) is null then s.slice else s.category_slice end) - 1
      from public.rollout_spans s
      where s.feature_name = feature and s.epoch = of_epoch and s.measure = of_measure
        and t.scope = any (public.rollout_scopes(s.measure, s.category))
        and (s.open > 0 or s.touched_at > heard_at - interval '5 minutes')
    )) as upto
  ) u
  join public.rollout_levels o on o.feature_name = feature and o.epoch = of_epoch
  cross join lateral public.rollout_levels_after(feature, of_epoch, o.scope, o.settled_slice + 1, u.upto, o.tolerated,
    o.settled_levels, o.settled_pages, o.settled_run_slices, '{}') f
  where t.feature_name = feature and t.epoch = of_epoch and public.rollout_measure_of(t.scope) = of_measure
    and o.scope = t.scope and o.settled_slice < u.upto
    and v.feature_name = feature and v.epoch = of_epoch and v.scope = o.scope and v.kind = o.kind;
end
$$;
