set local search_path = pg_catalog, pg_temp;

-- The fuse: the transaction that records the failing jobs switches the feature off. It only reduces exposure, acts in
-- clear cases, and leaves all others to the tick, which considers more. Crossings are decided as in
-- `src/domain/verdict/`; where that needs facts that only the tick knows, nothing crosses here.

-- May the fuse of this feature act now? A feature that is held by a person or by another rollback is left alone.
create function public.rollout_fuse_is_live(c public.rollout_configuration) returns boolean
language sql stable set search_path = pg_catalog, pg_temp as $$
  select c.archived_at is null and c.is_active and not c.emergency_stop and c.auto_rollback_enabled and c.spec is not null
    and c.spec ->> 'analysis' is distinct from 'threshold'
    and coalesce((c.spec #>> '{rollback,enabled}')::boolean, true)
    and coalesce((c.spec #>> '{rollback,fuse}')::boolean, true)
    and not (select s.global_stop from public.rollout_state s)
    and not exists (
      select from public.rollout_incidents i where i.feature_name = c.feature_name and i.state = 'open')
$$;

-- May a crossing of this scope roll the feature back? For a guardrail its reaction decides, and if its metric does
-- not tell subjects apart, its back-test as well.
create function public.rollout_may_act(feature text, of_scope text) returns boolean
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
declare
  measure constant text := public.rollout_measure_of(of_scope);
begin
  return measure = '' or exists (
    select from public.rollout_configuration c
    cross join lateral (select c.spec #> array['guardrails', measure] as guardrail) g
    where c.feature_name = feature and g.guardrail ->> 'on_harm' = 'rollback'
      and not coalesce((g.guardrail ->> 'dry_run')::boolean, false)
      and (g.guardrail ->> 'source' <> 'prometheus' or g.guardrail #>> '{query,subject_label}' is not null
        or public.rollout_back_test_allows(feature, measure, g.guardrail)));
end
$$;

-- The evidence at which a scope acts, as odds to 1: the weights of all that may act add up to at most 1. A single
-- category of a measure equals all of them and is not judged. Null: not judged.
create function public.rollout_evidence_needed(feature text, of_epoch integer, of_scope text) returns double precision
language sql stable set search_path = pg_catalog, pg_temp as $$
  with beside as (
    select t.scope, public.rollout_category_of(t.scope) is not null as is_category,
      count(*) filter (where public.rollout_category_of(t.scope) is not null)
        over (partition by public.rollout_measure_of(t.scope)) as categories
    from public.rollout_timelines t
    where t.feature_name = feature and t.epoch = of_epoch and t.scope <> 'all' and t.slice > 0
      and public.rollout_may_act(feature, t.scope)
  ), judged as (
    select b.scope from beside b where not b.is_category or b.categories >= 2
  )
  select case when of_scope = 'all' then case when n.scopes = 0 then 5000 else 10000 end
    when exists (select from judged j where j.scope = of_scope) then 10000 * n.scopes end
  from (select count(*) as scopes from judged) n
$$;

-- The counts of a scope from one of its slices on.
create function public.rollout_counts_since(feature text, of_epoch integer, of_scope text, from_slice integer)
returns table (since timestamptz, jobs bigint, finished bigint, failed bigint, failed_spans bigint,
  control_jobs bigint, control_failed bigint)
language sql stable set search_path = pg_catalog, pg_temp as $$
  select min(l.started_at), coalesce(sum(l.jobs), 0)::bigint, coalesce(sum(l.finished), 0)::bigint,
    coalesce(sum(l.failed), 0)::bigint, coalesce(sum(l.failed_spans), 0)::bigint,
    coalesce(sum(l.control_jobs), 0)::bigint, coalesce(sum(l.control_failed), 0)::bigint
  from public.rollout_slices l
  where l.feature_name = feature and l.epoch = of_epoch and l.scope = of_scope and l.slice >= from_slice
$$;

-- The part of a score whose runs have enough finished jobs and three spans with a failure, and the slice in which the
-- leading one of these began; null if there is none.
create function public.rollout_firm(
  v public.rollout_levels, minimum_jobs integer, out firm double precision, out run_slice integer
) language sql stable set search_path = pg_catalog, pg_temp as $$
  with runs as (
    select k.level, k.run, k.place, r.finished >= minimum_jobs and r.failed_spans >= 3 as enough
    from unnest(v.levels, v.run_slices) with ordinality k(level, run, place)
    cross join lateral public.rollout_counts_since(v.feature_name, v.epoch, v.scope, k.run) r
  ), leader as (
    select r.enough from runs r order by r.level desc, r.place limit 1
  ), high as (
    select max(r.level) as level from runs r where r.enough
  )
  select case when (select l.enough from leader l) then v.score
      else (select h.level + ln(sum(exp(greatest(-700, r.level - h.level))) / 5) from runs r, high h
        where r.enough group by h.level) end,
    (select r.run from runs r where r.enough order by r.level desc, r.place limit 1)
$$;

-- The time within which most successes end, from the beginning of the judged period, for `rollout_is_young`.
create function public.rollout_late_after(feature text, of_epoch integer) returns interval
language sql stable set search_path = pg_catalog, pg_temp as $$
  select make_interval(secs => case when t.others >= 30 then 3.1 * t.others_ms / t.others / 1000
    when t.everybody >= 30 then 3.1 * t.ms / t.everybody / 1000
    when t.everybody >= 5 then greatest(900, 3.1 * t.ms / t.everybody / 1000)
    when t.timed > 0 then 10800 else 900 end)
  from (
    select sum(h.timed_jobs) as timed, sum(h.processing_ms) as ms,
      least(sum(h.timed_jobs), sum(h.total_jobs - h.error_count)) as everybody,
      sum(h.processing_ms) filter (where h.epoch < of_epoch or h.arm = 'control') as others_ms,
      least(sum(h.timed_jobs) filter (where h.epoch < of_epoch or h.arm = 'control'),
        sum(h.total_jobs - h.error_count) filter (where h.epoch < of_epoch or h.arm = 'control')) as others
    from public.rollout_evidence_hours h where h.feature_name = feature and h.epoch <= of_epoch
  ) t
$$;

-- Were nine in ten of these jobs reported when they began? Then no waiting is needed.
create function public.rollout_is_routed(feature text, of_epoch integer, of_measure text) returns boolean
language sql stable set search_path = pg_catalog, pg_temp as $$
  select coalesce(sum(l.opened), 0) >= 0.9 * coalesce(sum(l.finished), 0) from public.rollout_slices l
  where l.feature_name = feature and l.epoch = of_epoch and l.scope = public.rollout_scope(of_measure)
$$;

-- Failures end in seconds and successes take longer: while an epoch is younger than most successes take, ended jobs
-- do not represent the running ones. Durations are stored for all jobs, and their sum is divided by the successes; if
-- too few of these are known, the wait is three hours, or a quarter of an hour if no job ever reported a duration. If
-- nine in ten jobs were reported when they began, no wait is needed, nor for the events of a guardrail, which take no
-- time.
create function public.rollout_is_young(feature text, of_epoch integer, of_measure text, at timestamptz)
returns boolean
language sql stable set search_path = pg_catalog, pg_temp as $$
  select of_measure = '' and at < c.epoch_started_at + public.rollout_late_after(feature, of_epoch)
    and not public.rollout_is_routed(feature, of_epoch, of_measure)
  from public.rollout_configuration c where c.feature_name = feature
$$;

-- What remains of a score without its worst subject, from 50 subjects on without its worst 2%. The worst are those of
-- `readWorstSubjects` in `src/store/score/worst-subjects.ts`: by ln(1 + 4 f) over their spans, of those with three failed
-- ones. Null with fewer than five subjects in the run, or in its last hour. Spans without a failure are removed early,
-- so subjects are counted by their outcomes.
create function public.rollout_without_worst(
  v public.rollout_levels, run_slice integer, run_since timestamptz, at timestamptz,
  out everybody integer, out worst text[], out score double precision
) language plpgsql stable set search_path = pg_catalog, pg_temp as $$
declare
  settled boolean := v.settled_slice < run_slice;
begin
  with subjects as (
    select s.subject_id, sum((public.rollout_span_gain(s.jobs, s.failed))[4]) as gain, sum(s.failed) as failed,
      count(*) filter (where s.failed > 0) as failed_spans
    from public.rollout_spans s
    where s.feature_name = v.feature_name and s.epoch = v.epoch and s.measure = public.rollout_measure_of(v.scope)
      and v.scope = any (public.rollout_scopes(s.measure, s.category))
      and case when public.rollout_category_of(v.scope) is null then s.slice else s.category_slice end >= run_slice
    group by 1
  ), counted as (
    select greatest((select count(*) from subjects), (
      select count(distinct m.subject_id) from public.rollout_metrics m
      where m.metrics_window_start >= public.rollout_window(greatest(run_since, at - interval '1 hour'))
        and m.feature_name = v.feature_name and m.epoch = v.epoch and m.arm = 'treatment'
        and m.category = coalesce(public.rollout_category_of(v.scope), m.category)
        and public.rollout_measure_of(v.scope) = ''
    ), (
      select count(distinct o.subject_id) from public.rollout_observations o
      where o.feature_name = v.feature_name and o.metric = public.rollout_measure_of(v.scope) and o.epoch = v.epoch
        and o.window_start >= public.rollout_window(greatest(run_since, at - interval '1 hour')) and o.arm = 'treatment'
        and o.category = coalesce(public.rollout_category_of(v.scope), o.category)
    ))::integer as n
  )
  select c.n, array(
    select r.subject_id from (
      select s.subject_id, s.failed_spans from subjects s order by s.gain desc, s.failed desc, s.subject_id
      limit case when c.n < 50 then 1 else ceil(c.n * 0.02)::integer end
    ) r where r.failed_spans >= 3)
  into everybody, worst from counted c;
  if everybody < 5 or worst = '{}' then
    return;
  end if;
  score := public.rollout_score_of(f.levels) from public.rollout_levels_after(v.feature_name, v.epoch, v.scope,
    case when settled then v.settled_slice + 1 else run_slice end,
    (select t.slice from public.rollout_timelines t
      where t.feature_name = v.feature_name and t.epoch = v.epoch and t.scope = v.scope),
    v.tolerated, case when settled then v.settled_levels else '{0,0,0,0,0}' end, '{0,0,0,0,0}', '{0,0,0,0,0}', worst) f;
end
$$;

-- The standard normal distribution, by the approximation of Abramowitz and Stegun (26.2.17).
create function public.rollout_normal_below(z double precision) returns double precision
language sql immutable parallel safe set search_path = pg_catalog, pg_temp as $$
  select case when z < 0 then t.tail else 1 - t.tail end
  from (select 1 / (1 + 0.2316419 * abs(z)) as x) u
  cross join lateral (
    select exp(greatest(-700, -z * z / 2)) / sqrt(2 * pi()) * u.x
      * (0.31938153 + u.x * (-0.356563782 + u.x * (1.781477937 + u.x * (-1.821255978 + u.x * 1.330274429)))) as tail
  ) t
$$;

-- The probability of fewer than `bound` of `trials` with this share, which is at most a half (binomial).
create function public.rollout_binomial_below(bound bigint, trials bigint, share double precision) returns double precision
language plpgsql immutable parallel safe set search_path = pg_catalog, pg_temp as $$
declare
  term double precision := exp(greatest(-700, trials * ln(1 - share)));
  total double precision := 0;
begin
  for n in 0 .. least(bound - 1, trials, 1000000) loop
    total := total + term;
    term := term * ((trials - n)::double precision / (n + 1)) * (share / (1 - share));
    exit when term < 1e-30 and n > trials * share;
  end loop;
  return total;
end
$$;

-- The probability that at most `most` of `trials` succeed, given their mean and variance: `chanceOfAtMost` of
-- `src/domain/comparison/sharing.ts`.
create function public.rollout_chance_of_at_most(most bigint, trials bigint, mean double precision, variance double precision)
returns double precision
language sql immutable parallel safe set search_path = pg_catalog, pg_temp as $$
  select case when trials = 0 or variance <= 0 then 1
    when variance > 100 then public.rollout_normal_below((most + 0.5 - mean) / sqrt(variance))
    when mean / trials <= 0.5 then public.rollout_binomial_below(most + 1, trials, mean / trials)
    else 1 - public.rollout_binomial_below(trials - most, trials, 1 - mean / trials) end
$$;

-- The result of comparing a run with control: null if control does not fail alike. Compared are the categories and hours
-- with treatment's failures, each with itself, by the test of `treatmentIsWorse`: so few of both arms' failures on control
-- would have a probability of less than 1%. If control ended a job within the last hour, it is awaited until the
-- comparison is clear, or until it has been silent for longer than its own pace explains, and for at least a minute.
create function public.rollout_control_says(v public.rollout_levels, run_since timestamptz, at timestamptz) returns text
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
declare
  c public.rollout_configuration;
  shared record;
  worse boolean;
  heard_at timestamptz;
  lately bigint;
begin
  select * into c from public.rollout_configuration f where f.feature_name = v.feature_name;
  if c.spec #>> '{rollback,on_shared_outage}' = 'rollback' then
    return null;
  end if;
  with scopes as (
    select t.scope, date_bin('1 hour', l.started_at, 'epoch') as hour, sum(l.finished) as finished, sum(l.failed) as failed,
      sum(l.control_jobs) as control_jobs, sum(l.control_failed) as control_failed
    from public.rollout_timelines t
    cross join lateral (
      select max(l.slice) as first from public.rollout_slices l
      where l.feature_name = t.feature_name and l.epoch = t.epoch and l.scope = t.scope and l.started_at <= run_since
    ) b
    join public.rollout_slices l
      on l.feature_name = t.feature_name and l.epoch = t.epoch and l.scope = t.scope and l.slice >= coalesce(b.first, 1)
    where t.feature_name = v.feature_name and t.epoch = v.epoch
      and public.rollout_measure_of(t.scope) = public.rollout_measure_of(v.scope)
      and (public.rollout_category_of(v.scope) is null or v.scope = t.scope)
    group by 1, 2
  ), strata as (
    select s.finished, s.failed, s.control_jobs, s.control_failed from scopes s
    where public.rollout_category_of(s.scope) is not null
    union all
    -- Subjects of no category.
    select a.finished - coalesce(sum(s.finished), 0), a.failed - coalesce(sum(s.failed), 0),
      a.control_jobs - coalesce(sum(s.control_jobs), 0), a.control_failed - coalesce(sum(s.control_failed), 0)
    from scopes a left join scopes s on s.hour = a.hour and public.rollout_category_of(s.scope) is not null
    where public.rollout_category_of(a.scope) is null
    group by a.hour, a.finished, a.failed, a.control_jobs, a.control_failed
  )
  select coalesce(sum(s.finished), 0)::bigint as jobs, coalesce(sum(s.failed), 0)::bigint as failed,
    coalesce(sum(s.control_jobs), 0)::bigint as control_jobs, coalesce(sum(s.control_failed), 0)::bigint as control_failed,
    sum(s.finished * s.control_failed / s.control_jobs::double precision) as control_would,
    coalesce(sum((s.failed + s.control_failed) * p.share), 0) as mean,
    coalesce(sum((s.failed + s.control_failed) * p.share * (1 - p.share)), 0) as variance
  into shared
  from strata s
  cross join lateral (
    select s.control_jobs / (2 * s.finished + s.control_jobs)::double precision as share
  ) p
  where s.failed > 0 and s.control_jobs > 0 and s.finished > 0;
  worse := public.rollout_chance_of_at_most(
    shared.control_failed, shared.failed + shared.control_failed, shared.mean, shared.variance) < 0.01;
  if shared.control_jobs >= coalesce((c.spec #>> '{thresholds,minimum_jobs}')::integer, 10) and shared.control_failed >= 3
    and shared.control_would > shared.jobs * v.tolerated and not worse then
    return 'shared_outage';
  end if;
  select t.control_heard_at, (
      select sum(l.control_jobs) from public.rollout_slices l
      where l.feature_name = t.feature_name and l.epoch = t.epoch and l.scope = t.scope
        and l.started_at > at - interval '1 hour')
  into heard_at, lately
  from public.rollout_timelines t
  where t.feature_name = v.feature_name and t.epoch = v.epoch and t.scope = v.scope;
  if worse or heard_at is null or heard_at < at - interval '1 hour' then
    return null;
  elsif v.excuse = 'awaiting_control' and greatest(v.excused_at, heard_at) < at - interval '1 minute'
    -- So long a silence of control has a chance of 1%.
    and at - heard_at > make_interval(secs => 3600 * ln(100::double precision) / greatest(1, coalesce(lately, 0))) then
    return null;
  end if;
  return 'awaiting_control';
end
$$;

-- Is a feature that crosses now one of too many? If more than three features, and more than a fifth of the live ones,
-- are rolled back within ten minutes, the cause is outside of them: a bad deployment, or a recorder that reports
-- wrong outcomes.
create function public.rollout_is_storm(feature text, at timestamptz) returns boolean
language sql stable set search_path = pg_catalog, pg_temp as $$
  select 1 + (
      select count(distinct i.feature_name) from public.rollout_incidents i
      where i.kind = 'rollback' and i.opened_at > at - interval '10 minutes' and i.feature_name <> feature
        and not i.evidence ? 'by_hand')
    > greatest(3, 0.2 * (
      select count(*) from public.rollout_configuration c
      where c.is_active and not c.emergency_stop and c.archived_at is null))
$$;

-- Why a score that is high enough does not act; null: no reason against it.
create function public.rollout_excuse(v public.rollout_levels, needed double precision, at timestamptz) returns text
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
declare
  least_jobs integer;
  few_act boolean;
  rest record;
begin
  select coalesce((c.spec #>> '{thresholds,minimum_jobs}')::integer, 10),
    coalesce(c.spec #>> '{rollback,few_subjects}' = 'rollback', false)
  into least_jobs, few_act
  from public.rollout_configuration c where c.feature_name = v.feature_name;
  select f.firm, f.run_slice, r.since into rest from public.rollout_firm(v, least_jobs) f
  left join lateral public.rollout_counts_since(v.feature_name, v.epoch, v.scope, f.run_slice) r on true;
  if rest.firm is null or rest.firm < ln(needed) then
    return 'too_few_jobs';
  elsif public.rollout_is_young(v.feature_name, v.epoch, public.rollout_measure_of(v.scope), at) then
    return 'young_epoch';
  elsif not few_act and (
    select w.score < ln(100) from public.rollout_without_worst(v, rest.run_slice, rest.since, at) w) then
    return 'few_subjects';
  elsif public.rollout_is_storm(v.feature_name, at) then
    return 'storm';
  end if;
  return public.rollout_control_says(v, rest.since, at);
end
$$;

-- Finds scopes of the present epoch that cross. Called at the end of a fold, so by one transaction at a time. An
-- excuse that lasts for seconds is checked again once a second, or at any time by a process that `looks_after` it.
create function public.rollout_look_for_crossings(feature text, looks_after boolean) returns void
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  at constant timestamptz := clock_timestamp();
  v public.rollout_levels;
  needed double precision;
  why text;
begin
  for v in
    select l.* from public.rollout_levels l
    join public.rollout_configuration c on c.feature_name = l.feature_name and c.epoch = l.epoch
    where l.feature_name = feature and l.kind = 'limit' and l.crossed_at is null and l.score >= ln(5000::double precision)
      and (l.looked_at is null or l.looked_at < at - case when looks_after or l.excuse is null
        or l.excused_at > at - interval '3 seconds' then interval '100 milliseconds' else interval '1 second' end)
    order by l.scope
  loop
    needed := public.rollout_evidence_needed(feature, v.epoch, v.scope);
    continue when needed is null or v.score < ln(needed);
    why := public.rollout_excuse(v, needed, at);
    update public.rollout_levels l set looked_at = at, excuse = why, crossed_at = case when why is null then at end,
      excused_at = case when why = l.excuse then l.excused_at when why is not null then at end
    where l.feature_name = feature and l.epoch = v.epoch and l.scope = v.scope and l.kind = 'limit';
    if why = 'storm' then
      perform public.rollout_call_for_storm(v);
    end if;
  end loop;
end
$$;

-- The crossing of a feature that is not acted upon yet; null if there is none, or the fuse must not act. A crossing
-- of a limit that the file has changed since, or of a guardrail that was removed or may no longer act, does not
-- count.
create function public.rollout_pending_crossing(feature text) returns public.rollout_levels
language sql stable set search_path = pg_catalog, pg_temp as $$
  select l from public.rollout_levels l
  join public.rollout_configuration c on c.feature_name = l.feature_name and c.epoch = l.epoch
  where l.feature_name = feature and l.kind = 'limit' and l.crossed_at is not null and public.rollout_fuse_is_live(c)
    and public.rollout_may_act(feature, l.scope)
    and l.tolerated = (select r.tolerated from public.rollout_limits(feature, l.scope) r where r.kind = 'limit')
  order by l.crossed_at, l.scope limit 1
$$;

-- Acts on the crossing of a feature, or else on few subjects that are to blame. It waits at most a fifth of a second for
-- the history lock; then, as after any other failure, the crossing stays and another process tries again: exposure is
-- never raised. False: pending.
create function public.rollout_act(feature text) returns boolean
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  -- Nothing crossed, as nearly always: asked by a statement whose plan is kept.
  if not exists (
    select from public.rollout_levels l
    join public.rollout_configuration c on c.feature_name = l.feature_name and c.epoch = l.epoch
    where l.feature_name = feature and l.kind = 'limit' and l.crossed_at is not null and c.is_active
  ) or (public.rollout_pending_crossing(feature)).feature_name is null then
    if exists (
      select from public.rollout_timelines t
      join public.rollout_configuration c on c.feature_name = t.feature_name and c.epoch = t.epoch
      where t.feature_name = feature and t.scope = 'all' and t.few_due
    ) then
      perform public.rollout_quarantine_now(feature);
    end if;
    return true;
  end if;
  perform public.rollout_roll_back_now(feature);
  return true;
exception
  when lock_not_available or deadlock_detected or query_canceled then
    return false;
  when others then
    insert into public.rollout_score_faults as f (feature_name, problem) values (feature, left(sqlerrm, 300))
    on conflict (feature_name) do update set problem = excluded.problem, last_at = excluded.last_at,
      occurrences = f.occurrences + 1;
    return false;
end
$$;

-- The rollback itself: off for all subjects, with incident, history, a new epoch and the notification, all or
-- nothing. Everything is checked again under the history lock, so of two crossings at once, or a crossing and a stop,
-- one acts.
create function public.rollout_roll_back_now(feature text) returns void
language plpgsql set search_path = pg_catalog, pg_temp set lock_timeout = '200ms' as $$
declare
  claims constant text[] := array['rollout.actor', 'rollout.action', 'rollout.reason', 'rollout.revision', 'rollout.metadata'];
  claimed text[];
  c public.rollout_configuration;
  v public.rollout_levels;
  why text;
  proof jsonb;
  incident bigint;
  grave boolean;
begin
  perform 1 from public.rollout_state for update;
  v := public.rollout_pending_crossing(feature);
  if v.feature_name is null then
    return;
  end if;
  if public.rollout_is_storm(feature, clock_timestamp()) then
    update public.rollout_levels l set crossed_at = null, excuse = 'storm', excused_at = clock_timestamp()
    where l.feature_name = feature and l.epoch = v.epoch and l.crossed_at is not null;
    perform public.rollout_call_for_storm(v);
    return;
  end if;
  select * into c from public.rollout_configuration f where f.feature_name = feature for no key update;
  select e.reason, e.evidence into why, proof from public.rollout_fuse_evidence(v) e;
  select coalesce(bool_or(l.score >= ln(1000::double precision)), false) into grave from public.rollout_levels l
  where l.feature_name = feature and l.epoch = v.epoch and l.scope = v.scope and l.kind = 'critical';
  -- What the transaction goes on to do is still done as whoever it said it is.
  claimed := array(select coalesce(current_setting(k.name, true), '') from unnest(claims) with ordinality k(name, place)
    order by k.place);
  perform set_config('rollout.actor', 'fuse', true), set_config('rollout.action', 'rollback', true),
    set_config('rollout.reason', why, true), set_config('rollout.revision', '', true),
    set_config('rollout.metadata', jsonb_build_object('evidence', proof)::text, true);
  incident := public.rollout_open_incident(feature, 'rollback', case when grave then 'critical' else 'warning' end, why,
    public.rollout_exposure(c) || '{"active": false, "percentage": 0}',
    -- What SQL raised beyond the file was never anybody's decision: a resume may not go back up to it.
    public.rollout_exposure(c) || jsonb_build_object(
      'percentage', least(c.rollout_percentage, (c.spec ->> 'percentage')::numeric)),
    proof, 'fuse');
  update public.rollout_configuration f set is_active = false, rollout_percentage = 0, epoch = f.epoch + 1,
    epoch_started_at = clock_timestamp(), step_started_at = clock_timestamp(), updated_at = clock_timestamp()
  where f.feature_name = feature;
  insert into public.rollout_outbox (dedupe_key, feature_name, severity, kind, message, details)
  values (format('incident:%s:opened', incident), feature, case when grave then 'critical' else 'warning' end, 'rolled_back',
    format('%s was rolled back from %s%%: %s', feature, trim_scale(c.rollout_percentage), why),
    jsonb_build_object('incident', incident::text, 'from', c.rollout_percentage, 'to', 0))
  on conflict (dedupe_key) do nothing;
  perform set_config(k.name, claimed[k.place], true) from unnest(claims) with ordinality k(name, place);
end
$$;

-- Evidence of the fuse's incident: the counts of the run, since when, the limit, the evidence and the evidence
-- needed.
create function public.rollout_fuse_evidence(v public.rollout_levels, out reason text, out evidence jsonb)
language sql stable set search_path = pg_catalog, pg_temp as $$
  select format('%s%s%s of %s %s since %s UTC, in %s spans; at a limit of %s%% that is evidence %s against %s needed',
      'guardrail ' || nullif(m.measure, '') || ': ', 'in category ' || public.rollout_category_of(v.scope) || ': ',
      r.failed, r.finished, case m.measure when '' then 'finished jobs failed' else 'events were bad' end, to_char(r.since at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS'), r.failed_spans,
      trim_scale((v.tolerated * 100)::numeric), round(v.score::numeric, 1), round(ln(n.needed)::numeric, 1)),
    jsonb_build_object('scope', case m.measure
        when '' then coalesce(public.rollout_category_of(v.scope), 'all') else replace(v.scope, '/category:', '/') end,
      'jobs', r.finished, 'errors', r.failed, 'failed_spans', r.failed_spans, 'control_jobs', r.control_jobs,
      'control_errors', r.control_failed, 'since', r.since, 'score', v.score, 'needed', ln(n.needed),
      'limit', v.tolerated * 100, 'crossed_at', v.crossed_at)
  from (
    select u.run from unnest(v.levels, v.run_slices) with ordinality u(level, run, place)
    order by u.level desc, u.place limit 1
  ) k
  cross join lateral public.rollout_counts_since(v.feature_name, v.epoch, v.scope, k.run) r
  cross join lateral (select public.rollout_evidence_needed(v.feature_name, v.epoch, v.scope) as needed) n
  cross join lateral (select public.rollout_measure_of(v.scope) as measure) m
$$;

-- Notifies a person of one of too many crossing features: once an epoch, whoever finds it, with the key that the tick
-- uses.
create function public.rollout_call_for_storm(v public.rollout_levels) returns void
language sql set search_path = pg_catalog, pg_temp as $$
  insert into public.rollout_outbox (dedupe_key, feature_name, severity, kind, message, details)
  select format('storm:%s:%s', v.feature_name, v.epoch), v.feature_name, 'critical', 'suspect',
    format('%s is suspect, its ramp is frozen: too many features crossed their limits within ten minutes, so this one is not'
      ' rolled back and a person has to look; %s', v.feature_name, e.reason),
    jsonb_build_object('verdict', 'suspect', 'reason_code', 'storm', 'reason', e.reason, 'scope', e.evidence ->> 'scope',
      'scores', jsonb_build_object('absolute', v.score))
  from public.rollout_fuse_evidence(v) e
  on conflict (dedupe_key) do nothing
$$;

-- Folds increments that flushes left, and acts on crossings that could not be acted upon; of one feature, or with
-- null of all. Returns how many features are still pending: increments without a failure are left to the next flush.
-- Every role that may record may call it, because it only reduces exposure.
create function public.rollout_trip(feature text default null) returns integer
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  left_over text[];
  pending integer := 0;
begin
  left_over := array(
    select c.feature_name from public.rollout_configuration c
    where (feature is null or c.feature_name = feature) and (
      exists (select from public.rollout_increments i where i.feature_name = c.feature_name)
      or exists (
        select from public.rollout_timelines t where t.feature_name = c.feature_name and t.epoch = c.epoch and (
          t.stale or t.few_due or t.scope = 'all' and t.failing_at > t.few_looked_at
            -- Asked first, because most features leave it to the tick and a call takes longer than this.
            and c.spec #>> '{rollback,few_subjects}' = 'quarantine' and public.rollout_asks_for_few(c)))
      or exists (
        select from public.rollout_levels l where l.feature_name = c.feature_name and l.epoch = c.epoch
          and l.kind = 'limit' and (l.excuse is not null or l.crossed_at is not null) and c.is_active))
    order by 1);
  for i in 1 .. cardinality(left_over) loop
    perform public.rollout_fold(left_over[i]);
  end loop;
  for i in 1 .. cardinality(left_over) loop
    if not public.rollout_act(left_over[i]) or exists (
      select from public.rollout_increments n where n.feature_name = left_over[i] and 0 < any (n.failed)) or exists (
      select from public.rollout_levels l join public.rollout_configuration c
        on c.feature_name = l.feature_name and c.epoch = l.epoch
      where l.feature_name = left_over[i] and l.excuse = 'awaiting_control') or exists (
      select from public.rollout_timelines t join public.rollout_configuration c
        on c.feature_name = t.feature_name and c.epoch = t.epoch
      where t.feature_name = left_over[i] and t.scope = 'all' and t.failing_at > t.few_looked_at
        and public.rollout_asks_for_few(c)) then
      pending := pending + 1;
    end if;
  end loop;
  return pending;
end
$$;
