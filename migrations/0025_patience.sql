set local search_path = pg_catalog, pg_temp;

-- How long a job of a feature may run before it should have ended: a number of mean durations of its slowest
-- processor of the last week, and at least `shortest` seconds.
create function public.rollout_patience(
  feature text, shortest double precision, means double precision, out mean_seconds double precision, out patience interval
) language sql stable set search_path = pg_catalog, pg_temp as $$
  select s.mean, make_interval(secs => greatest(shortest, means * s.mean))
  from (
    select coalesce(max(t.mean), 0) / 1000 as mean from (
      select sum(h.processing_ms) / sum(h.timed_jobs) as mean from public.rollout_evidence_hours h
      where h.feature_name = feature and h.hour_start >= now() - interval '7 days' and h.timed_jobs > 0
      group by h.processor_type
    ) t
  ) s
$$;
select public.rollout_grant_roles();
