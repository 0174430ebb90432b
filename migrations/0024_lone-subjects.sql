set local search_path = pg_catalog, pg_temp;

-- A subject that fails everything is found by its own failures, long before they raise the score over all:
-- `src/domain/verdict/lone-subject.ts` in SQL. The definition is there, with its reasons; a test compares the two.

-- The run of one subject after its windows of five minutes, in the order of time: `runOfSubject`.
create function public.rollout_lone_run(
  jobs double precision[], failed double precision[], tolerated double precision,
  out score double precision, out first integer, out run_jobs double precision, out run_failed double precision,
  out failed_windows integer
) language plpgsql immutable parallel safe set search_path = pg_catalog, pg_temp as $$
declare
  of_one constant double precision := least(0.95, greatest(0.2, 5 * tolerated / (1 + 4 * tolerated)));
  bad constant double precision := ln(0.95 / of_one);
  good constant double precision := ln((1 - 0.95) / (1 - of_one));
  page double precision := 0;
  factor double precision;
begin
  score := '-infinity';
  for i in 1 .. cardinality(jobs) loop
    factor := jobs[i] / (1 + (jobs[i] - 1) / 3) * (failed[i] / jobs[i] * bad + (1 - failed[i] / jobs[i]) * good);
    score := greatest(score, 0) + ln(1 + exp(greatest(-700, -abs(score)))) + factor;
    if page <= 0 then
      select i, 0, 0, 0 into first, run_jobs, run_failed, failed_windows;
    end if;
    page := greatest(0, page) + factor;
    run_jobs := run_jobs + jobs[i];
    run_failed := run_failed + failed[i];
    failed_windows := failed_windows + (failed[i] > 0)::integer;
  end loop;
end
$$;

-- The subjects of an epoch that are each to blame alone (`isToBlame`), the worst first. Candidates are those with
-- stored spans with a failure, which are kept for a day; their jobs are in their windows. Nothing is returned if
-- fewer than five subjects have had a job since, and, for jobs that are reported only at their end, before most
-- successes that began with them have ended: failures end in seconds.
create function public.rollout_lone_subjects(feature text, of_epoch integer, at timestamptz)
returns table (subject_id text, jobs bigint, failed bigint, failed_windows integer, score double precision, since timestamptz,
  everybody bigint)
language plpgsql stable security definer set search_path = pg_catalog, pg_temp set plan_cache_mode = force_generic_plan as $$
declare
  tolerated double precision;
  routed boolean;
  late interval;
  suspect record;
  windows record;
  run record;
begin
  select least(100, c.max_error_rate)::double precision / 100 into tolerated
  from public.rollout_configuration c where c.feature_name = feature;
  for suspect in
    -- What ended since a moment stands in spans that were touched since. So of somebody to blame these hold more failures than
    -- the limit allows of all jobs since: nobody else has to be looked at.
    with failing as materialized (
      select public.rollout_window(s.touched_at) as moment, s.subject_id as id, s.failed
      from public.rollout_spans s
      where s.feature_name = feature and s.epoch = of_epoch and s.measure = '' and s.failed > 0
        and s.touched_at > at - interval '1 day' and position(chr(31) in s.subject_id) = 0
    ), told as (
      select e.window_start as moment, null::text as id, 0 as failed, sum(e.total_jobs) as jobs
      from public.rollout_evidence e
      where e.feature_name = feature and e.epoch = of_epoch and e.arm = 'treatment'
        and e.window_start >= public.rollout_window(at - interval '1 day')
        -- Asked once: mostly nobody has failures enough, and a day of everybody's jobs need not be added up.
        and (select exists (select from failing f group by f.id having sum(f.failed) >= 10))
      group by 1
      union all
      select f.moment, f.id, f.failed, 0 from failing f
    ), summed as (
      select t.id, sum(t.failed) over (partition by t.id order by t.moment desc) as failed,
        sum(t.jobs) over (order by t.moment desc) as jobs
      from told t
    )
    select s.id, greatest(public.rollout_window(at - interval '1 day'),
      (select max(q.ended_at) from public.rollout_quarantine q where q.feature_name = feature and q.subject_id = s.id)) as since
    from summed s
    where s.id is not null and s.failed >= 10 and s.failed > tolerated * s.jobs
      and not exists (select from public.rollout_quarantine q
        where q.feature_name = feature and q.subject_id = s.id and q.ended_at is null)
    group by s.id
    -- Where more of them fail, nobody is alone.
    order by max(s.failed) desc, s.id limit 20
  loop
    routed := coalesce(routed, public.rollout_is_routed(feature, of_epoch, ''));
    late := coalesce(late, public.rollout_late_after(feature, of_epoch));
    select array_agg(w.jobs order by w.at) as jobs, array_agg(w.failed order by w.at) as failed,
      array_agg(w.at order by w.at) as moments
    into windows
    from (
      select e.at, sum(e.jobs)::double precision as jobs, sum(e.failed)::double precision as failed from (
        select t.at, m.total_jobs as jobs, m.error_count as failed
        from generate_series(suspect.since, at, interval '5 minutes') n(moment)
        cross join lateral (select public.rollout_window(n.moment) as at offset 0) t
        cross join lateral (
          select r.total_jobs, r.error_count from public.rollout_metrics r
          where r.metrics_window_start = t.at and r.subject_id = suspect.id and r.feature_name = feature
            and r.arm = 'treatment' and r.epoch = of_epoch
        ) m
        -- What began before it was released does not put it in again.
        where t.at >= suspect.since
        union all
        select public.rollout_window(s.started_at), s.open, 0 from public.rollout_spans s
        where s.feature_name = feature and s.epoch = of_epoch and s.measure = '' and s.subject_id = suspect.id
          and s.open > 0 and s.started_at >= suspect.since
      ) e
      group by e.at having sum(e.jobs) > 0
    ) w;
    continue when windows.jobs is null;
    select * into run from public.rollout_lone_run(windows.jobs, windows.failed, tolerated);
    since := windows.moments[run.first];
    continue when run.score < ln(10000::double precision) or run.failed_windows < 3 or run.run_failed < 10
      or not routed and at < since + late;
    select coalesce(sum(v.total_jobs), 0) into everybody from public.rollout_evidence v
    where v.feature_name = feature and v.epoch = of_epoch and v.window_start >= rollout_lone_subjects.since
      and v.arm = 'treatment';
    continue when run.run_failed <= everybody * tolerated
      or not public.rollout_has_subjects(feature, of_epoch, since, at, 5);
    subject_id := suspect.id;
    jobs := run.run_jobs;
    failed := run.run_failed;
    failed_windows := run.failed_windows;
    score := run.score;
    return next;
  end loop;
end
$$;

-- Did at least this many subjects have a treatment job between two moments? Checked window by window, the newest
-- first, and no further than needed.
create function public.rollout_has_subjects(feature text, of_epoch integer, since timestamptz, at timestamptz, enough integer)
returns boolean
language plpgsql stable set search_path = pg_catalog, pg_temp set plan_cache_mode = force_generic_plan as $$
declare
  moment timestamptz := public.rollout_window(at);
  found_subjects text[] := '{}';
begin
  while moment >= since and cardinality(found_subjects) < enough loop
    found_subjects := array(
      select unnest(found_subjects)
      union
      select m.subject_id from public.rollout_metrics m
      where m.metrics_window_start = moment and m.feature_name = feature and m.epoch = of_epoch and m.arm = 'treatment');
    moment := moment - interval '5 minutes';
  end loop;
  return cardinality(found_subjects) >= enough;
end
$$;
select public.rollout_grant_roles();
