set local search_path = pg_catalog, pg_temp;

-- Durations of jobs, in places whose bounds grow by a tenth: the place of a duration is defined in
-- domain/evidence/time-counters. One row has the places of a category in an hour, so any rows add up to the counters
-- of all of them.
create table public.rollout_evidence_times (
  feature_name text not null,
  epoch integer not null,
  hour_start timestamptz not null,
  arm text not null check (arm in ('treatment', 'control', 'fallback')),
  processor_type text not null,
  category text not null default '',
  places integer[] not null,
  counts bigint[] not null,
  primary key (feature_name, epoch, hour_start, arm, processor_type, category),
  check (cardinality(places) = cardinality(counts))
);
create index rollout_evidence_times_age on public.rollout_evidence_times (hour_start);
comment on table public.rollout_evidence_times is 'Times of jobs as mergeable counters; written in the same transaction as rollout_evidence.';
comment on column public.rollout_evidence_times.places is 'Sorted; a time of ms milliseconds has the place ceil(ln(ms) / ln(1.1)), at least 0 and at most 290.';

-- The place from which on a job is slower than 95% of control's, by processor: for guardrails with `slower_than:
-- control_p95`.
create table public.rollout_time_limits (
  feature_name text not null,
  processor_type text not null,
  place integer not null,
  jobs bigint not null,
  measured_at timestamptz not null default now(),
  primary key (feature_name, processor_type)
);
comment on table public.rollout_time_limits is 'The 95th percentile of the times of control in the week before measured_at.';
comment on column public.rollout_time_limits.place is 'A job in a higher place is a bad event; see rollout_time_place.';
comment on column public.rollout_time_limits.jobs is 'Timed jobs of control that it rests on.';

-- The place of a duration in milliseconds.
create function public.rollout_time_place(ms double precision) returns integer
language sql immutable parallel safe
return case when ms <= 1 then 0 else least(290, ceil(ln(ms) / ln(1.1::double precision)))::integer end;

-- Adds durations to the counters: for each place of counted jobs, how many of them took that long.
create function public.rollout_record_times(
  features text[], processors text[], arms text[], epochs integer[], categories text[], ended timestamptz[],
  places integer[], counts bigint[]
) returns void
language sql set search_path = pg_catalog, pg_temp as $$
  with summed as (
    select o.feature, o.epoch, date_bin('1 hour', public.rollout_window(o.at), 'epoch') as start, o.arm, o.processor,
      o.category, o.place, sum(o.jobs)::bigint as jobs
    from unnest(features, processors, arms, epochs, categories, ended, places, counts)
      o(feature, processor, arm, epoch, category, at, place, jobs)
    where o.place between 0 and 290 and o.jobs between 1 and 10000000
    group by 1, 2, 3, 4, 5, 6, 7
  )
  insert into public.rollout_evidence_times as t
    (feature_name, epoch, hour_start, arm, processor_type, category, places, counts)
  select s.feature, s.epoch, s.start, s.arm, s.processor, s.category,
    array_agg(s.place order by s.place), array_agg(s.jobs order by s.place)
  from summed s
  group by 1, 2, 3, 4, 5, 6
  order by 1, 2, 3, 4, 5, 6
  on conflict (feature_name, epoch, hour_start, arm, processor_type, category) do update set
    (places, counts) = (
      select array_agg(m.place order by m.place), array_agg(m.jobs order by m.place)
      from (
        select u.place, sum(u.jobs)::bigint as jobs
        from unnest(t.places || excluded.places, t.counts || excluded.counts) u(place, jobs) group by 1
      ) m)
$$;

-- Adds durations of jobs that are one line each.
create function public.rollout_record_single_times(
  features text[], processors text[], arms text[], epochs integer[], categories text[], ended timestamptz[],
  timed bigint[], times_ms double precision[]
) returns void
language sql set search_path = pg_catalog, pg_temp as $$
  select public.rollout_record_times(array_agg(o.feature), array_agg(o.processor), array_agg(o.arm), array_agg(o.epoch),
    array_agg(o.category), array_agg(o.at), array_agg(public.rollout_time_place(o.ms)), array_agg(1::bigint))
  from unnest(features, processors, arms, epochs, categories, ended, timed, times_ms)
    o(feature, processor, arm, epoch, category, at, timed, ms)
  where o.timed = 1
  having count(*) > 0
$$;

-- Measures the limits again if control has enough timed jobs; otherwise the earlier measurement stays.
create function public.rollout_measure_times() returns integer
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  least_jobs constant bigint := 100;
  measured integer;
begin
  with counted as (
    select t.feature_name, t.processor_type, u.place, sum(u.jobs)::bigint as jobs
    from public.rollout_configuration c
    join public.rollout_evidence_times t on t.feature_name = c.feature_name and t.arm = 'control'
      and t.hour_start > now() - interval '7 days'
    cross join lateral unnest(t.places, t.counts) u(place, jobs)
    where c.archived_at is null and c.spec ? 'guardrails'
      and jsonb_path_exists(c.spec, '$.guardrails.* ? (@.slower_than == "control_p95")')
    group by 1, 2, 3
  ), added as (
    select c.feature_name, c.processor_type, c.place,
      sum(c.jobs) over (partition by c.feature_name, c.processor_type order by c.place)::bigint as below,
      sum(c.jobs) over (partition by c.feature_name, c.processor_type)::bigint as jobs
    from counted c
  )
  insert into public.rollout_time_limits as l (feature_name, processor_type, place, jobs)
  select a.feature_name, a.processor_type, min(a.place), a.jobs
  from added a where a.jobs >= least_jobs and a.below * 20 >= a.jobs * 19
  group by 1, 2, 4
  order by 1, 2
  on conflict (feature_name, processor_type) do update set
    place = excluded.place, jobs = excluded.jobs, measured_at = excluded.measured_at;
  get diagnostics measured = row_count;
  return measured;
end
$$;

-- Converts timed jobs to events of the guardrails that compare with control: bad are those in a higher place than 95%
-- of control. Jobs of a processor without a limit are not events yet. `line_times` has the counters of a line of
-- several jobs, as `place:count place:count`.
create function public.rollout_observe_slow(
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
