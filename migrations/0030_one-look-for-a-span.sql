set local search_path = pg_catalog, pg_temp;

-- Puts the treatment jobs of some flushes into their spans, and what these gained into the slices in which they began. A
-- job belongs to the span of its subject that covers the moment at which it began, else to one that begins less than
-- five minutes after it, else to a new one. So spans of a subject are five minutes apart, also where jobs are
-- heard of late. A failure that finds no span counts as a job that began. Planned as if tables were large: rows are found
-- by their place, whatever was known of the table when the plan was made.
create or replace function public.rollout_fold_spans(
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
