set local search_path = pg_catalog, pg_temp;

-- Events of single subjects (pilot).
create table public.rollout_events (
  id uuid primary key default gen_random_uuid(),
  feature_name text not null,
  customer_id text not null,
  event text not null check (event in ('enabled', 'disabled', 'error', 'rollback')),
  "timestamp" timestamptz not null default now(), -- when it happened
  metadata jsonb not null default '{}'
);
create index rollout_events_feature on public.rollout_events (feature_name, "timestamp");
create index rollout_events_age on public.rollout_events ("timestamp");
create index rollout_events_customer on public.rollout_events (feature_name, customer_id, "timestamp");

-- Health of single customers' events: one customer is one outcome in each time window of the feature. Counted are
-- customers for whom it was enabled and is still on, and those with an error; failed are those with an error event in
-- the window. rollout_metrics remembers the counted ones, as processor `pilot`.
--
-- The counted customers of a feature, with their events since a moment.
create function public.rollout_heard_customers(feature text, since timestamptz, only_this text default null)
returns table (customer_id text, enabled boolean, failed boolean, said text)
language sql stable set search_path = pg_catalog, pg_temp as $$
  select h.customer_id, h.latest is not distinct from 'enabled', h.failed, h.said
  from (
    select e.customer_id,
      (array_agg(e.event order by e."timestamp" desc) filter (where e.event <> 'error'))[1] as latest,
      coalesce(bool_or(e.event = 'error' and e."timestamp" >= since), false) as failed,
      (array_agg(e.metadata ->> 'error' order by e."timestamp" desc)
        filter (where e.event = 'error' and e."timestamp" >= since))[1] as said
    from public.rollout_events e
    where e.feature_name = feature and (only_this is null or e.customer_id = only_this)
    group by e.customer_id
  ) h
  join public.rollout_configuration c on c.feature_name = feature
  where (h.latest = 'enabled' or h.failed)
    and public.rollout_admits(c.is_active, c.emergency_stop, c.rollout_strategy, c.rollout_percentage, c.categories,
      c.target_repositories, c.denied, c.salt, c.audience, h.customer_id, null, null,
      case when c.audience is not null then (
        select k.facts from public.rollout_customers k where k.customer_id = h.customer_id) end)
$$;

-- Updates the outcomes of the present window from the events, of one customer or of all: a new customer is added, and
-- one that was a success may become a failure. Repeating it changes nothing. `heard_late` is the moment of an error
-- that was received only now: it counts in the present window, unless it is older than the epoch.
create function public.rollout_count_customers(
  feature text, only_this text default null, heard_late timestamptz default null
) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  c public.rollout_configuration;
  counted_from timestamptz;
  added integer;
  failures integer;
begin
  select * into c from public.rollout_configuration f where f.feature_name = feature and f.subject_type = 'customer';
  if not found then
    return;
  end if;
  -- A step that begins within a window counts its customers itself: it soaks on its own evidence.
  counted_from := greatest(public.rollout_window(c.step_started_at), public.rollout_window(
    date_bin(make_interval(secs => (c.monitoring_window_hours * 3600)::float8), now(), 'epoch')));
  perform pg_advisory_xact_lock(hashtextextended(feature, 16));
  with heard as materialized (
    select h.* from public.rollout_heard_customers(feature,
      greatest(least(counted_from, heard_late), c.epoch_started_at), only_this) h
  ), inserted as (
    insert into public.rollout_metrics
      (feature_name, subject_id, metrics_window_start, processor_type, arm, epoch, total_jobs, success_count,
       error_count, last_error_message, last_error_at)
    select feature, h.customer_id, counted_from, 'pilot', 'treatment', c.epoch, 1, (not h.failed)::integer,
      h.failed::integer, left(h.said, 300), case when h.failed then now() end
    from heard h order by h.customer_id
    on conflict do nothing
    returning error_count
  ), failed as (
    update public.rollout_metrics m set error_count = 1, success_count = 0, last_error_message = left(h.said, 300),
      last_error_at = now(), updated_at = now()
    from heard h
    where m.feature_name = feature and m.subject_id = h.customer_id and m.metrics_window_start = counted_from
      and m.processor_type = 'pilot' and m.arm = 'treatment' and m.epoch = c.epoch and m.job_class = ''
      and m.error_count = 0 and h.failed
    returning m.error_count
  )
  select (select count(*) from inserted),
    coalesce((select sum(error_count) from inserted), 0) + (select count(*) from failed)
  into added, failures;
  if added + failures = 0 then
    return;
  end if;
  -- First the outcomes and then the failures among them: a failure may be of an outcome that is there already.
  insert into public.rollout_evidence as e
    (feature_name, epoch, arm, processor_type, window_start, total_jobs)
  values (feature, c.epoch, 'treatment', 'pilot', counted_from, added)
  on conflict (feature_name, epoch, window_start, arm, processor_type, category, job_class) do update set
    total_jobs = e.total_jobs + excluded.total_jobs;
  update public.rollout_evidence e set error_count = e.error_count + failures
  where e.feature_name = feature and e.epoch = c.epoch and e.window_start = counted_from and e.arm = 'treatment'
    and e.processor_type = 'pilot' and e.category = '' and e.job_class = '';
  insert into public.rollout_evidence_buckets as b (feature_name, epoch, bucket_start, jobs)
  values (feature, c.epoch, date_bin('15 minutes', counted_from, 'epoch'), added)
  on conflict (feature_name, epoch, bucket_start, category) do update set jobs = b.jobs + excluded.jobs;
  update public.rollout_evidence_buckets b set errors = b.errors + failures
  where b.feature_name = feature and b.epoch = c.epoch and b.category = ''
    and b.bucket_start = date_bin('15 minutes', counted_from, 'epoch');
  insert into public.rollout_evidence_hours as h (feature_name, epoch, hour_start, arm, processor_type, total_jobs)
  values (feature, c.epoch, date_bin('1 hour', counted_from, 'epoch'), 'treatment', 'pilot', added)
  on conflict (feature_name, epoch, hour_start, arm, processor_type, category, job_class) do update set
    total_jobs = h.total_jobs + excluded.total_jobs;
  update public.rollout_evidence_hours h set error_count = h.error_count + failures
  where h.feature_name = feature and h.epoch = c.epoch and h.hour_start = date_bin('1 hour', counted_from, 'epoch')
    and h.arm = 'treatment' and h.processor_type = 'pilot' and h.category = '' and h.job_class = '';
end
$$;

-- Records an event of a customer; returns its id. The error text is in `details` under `error`, the time in `at`;
-- null, or a time in the future, counts as now. An error counts at once, other events with the next judgement.
create function public.rollout_record_event(
  feature text, customer text, event text, details jsonb default '{}', at timestamptz default null
) returns uuid
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  recorded uuid;
  said constant text := details ->> 'error';
  happened constant timestamptz := least(coalesce(at, now()), now());
begin
  if not exists (select from public.rollout_configuration f where f.feature_name = feature and f.subject_type = 'customer'
    and f.archived_at is null) then
    raise exception 'there is no feature % that is rolled out to customers', quote_literal(left(feature, 100))
      using errcode = 'no_data_found', hint = 'see them with: rollout status';
  end if;
  insert into public.rollout_events (feature_name, customer_id, event, "timestamp", metadata)
  values (feature, customer, event, happened, coalesce(details, '{}'))
  returning id into recorded;
  if event = 'error' then
    perform public.rollout_count_customers(feature, customer, happened);
    if said is not null then
      perform public.rollout_record_errors(
        array[feature], array['pilot'], array['treatment'], array[said], array[1], array[now()]);
    end if;
  end if;
  return recorded;
end
$$;

-- Observations of applications besides jobs, for guardrails: events of a metric and the bad ones among them, per
-- subject and five minutes. If a guardrail counts subjects (`per: subject`), a subject has one row per day, with one
-- event.
create table public.rollout_observations (
  feature_name text not null,
  metric text not null,
  epoch integer not null,
  window_start timestamptz not null,
  subject_id text collate "C" not null,
  arm text not null check (arm in ('treatment', 'control')),
  category text not null default '',
  events bigint not null,
  bad bigint not null,
  primary key (feature_name, metric, epoch, window_start, subject_id, arm),
  check (bad between 0 and events)
);
create index rollout_observations_age on public.rollout_observations (window_start);
create index rollout_observations_subject on public.rollout_observations (feature_name, metric, subject_id, window_start);
comment on table public.rollout_observations is 'Events of the metrics of guardrails, as rollout_metrics has the jobs.';

-- How far the events of each guardrail were read from an engine, and the error that prevents reading.
create table public.rollout_metric_reads (
  feature_name text not null,
  metric text not null,
  read_until timestamptz,
  problem text,
  failing_since timestamptz,
  retry_at timestamptz,
  primary key (feature_name, metric)
);
comment on column public.rollout_metric_reads.read_until is 'End of the last step that was read; null: none was.';
comment on column public.rollout_metric_reads.retry_at is 'The engine asked not to be asked before; null: it did not.';

-- The features of an event (of source `library`: events and times): the one that it names, or every one with a
-- guardrail on its metric. By index.
create function public.rollout_event_features(
  features text[], metrics text[], of_source text, out place bigint, out feature text
)
returns setof record
language sql stable set search_path = pg_catalog, pg_temp as $$
  with given as (
    select * from unnest(features, metrics) with ordinality o(feature, metric, place)
  ), found as materialized (
    select d.feature as asked, d.metric, c.feature_name
    from (select distinct g.feature, g.metric from given g) d
    join public.rollout_configuration c on c.feature_name = coalesce(d.feature, c.feature_name)
      and c.archived_at is null and c.spec #>> array['guardrails', d.metric, 'source'] = any (
        case of_source when 'library' then array['events', 'time'] else array[of_source] end)
  )
  select g.place, f.feature_name from given g
  join found f on f.metric = g.metric and f.asked is not distinct from g.feature
$$;

-- Events with an unknown feature, metric or subject, by their index.
create function public.rollout_refused_events(
  features text[], metrics text[], subjects text[], any_subject boolean, of_source text default 'events'
) returns jsonb
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  with given as (
    select * from unnest(features, metrics, subjects) with ordinality o(feature, metric, subject, place)
  ), targets as materialized (
    select t.place, t.feature, subjects[t.place] as subject from public.rollout_event_features(features, metrics, of_source) t
  ), resolved as (
    select t.place, count(*) as features, count(p.id) as known, bool_or(p.other_type) as other_type, min(p.type) as type
    from targets t
    join public.rollout_resolve_jobs(
      (select array_agg(x.feature) from targets x), (select array_agg(x.subject) from targets x)) p
      on p.feature = t.feature and p.subject = t.subject
    group by 1
  ), problems as (
    select g.*, r.type, case
        when g.feature is not null and not exists (
          select from public.rollout_configuration c where c.feature_name = g.feature) then 'unknown_feature'
        when r.features is null then 'unknown_metric'
        when r.known > 0 or any_subject then null
        when r.other_type then 'other_subject_type'
        else 'unknown_subject' end as problem
    from given g left join resolved r on r.place = g.place
  )
  select coalesce(jsonb_agg(jsonb_build_object('place', p.place, 'subject_type', p.type, 'problem', p.problem,
    'metrics', case when p.problem = 'unknown_metric' then (
      select coalesce(jsonb_agg(distinct m.metric order by m.metric), '[]') from public.rollout_configuration c
      cross join lateral jsonb_each(case jsonb_typeof(c.spec -> 'guardrails') when 'object' then c.spec -> 'guardrails' else '{}' end)
        m(metric, guardrail)
      where c.feature_name = coalesce(p.feature, c.feature_name) and c.archived_at is null
        and m.guardrail ->> 'source' = of_source) else '[]' end) order by p.place), '[]')
  from problems p where p.problem is not null
$$;

-- Records events as reported by programs. Without arm, epoch and category they get the subject's at that moment. Only
-- the first event per id, metric and feature counts, and a batch counts once. Events with an unknown feature, metric
-- or subject are refused with their index, and nothing is recorded unless they are to be skipped. Then they are added
-- to the score, like jobs.
create function public.rollout_record_observations(
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

-- One step of an engine: what it has of a metric in the five minutes around a moment, by arm and subject. Counts are those
-- of the whole step, so whoever reads it, and however often, only what is not there yet is added: samples that came late.
-- What was counted stays, also where the engine has less of it by now. Returns how many events were added.
create function public.rollout_record_step(
  feature text, metric text, epoch integer, at timestamptz, subjects text[], arms text[], events bigint[], bad bigint[]
) returns bigint
language plpgsql security definer set search_path = pg_catalog, pg_temp set plan_cache_mode = force_custom_plan as $$
declare
  most_of_line constant bigint := 1000000000;
  lines constant integer := cardinality(subjects);
  step constant timestamptz := public.rollout_window(least(at, now()));
  of_feature constant text := feature;
  of_metric constant text := metric;
  of_epoch constant integer := epoch;
  per text;
  heard_at timestamptz;
  added bigint;
  increments public.rollout_increments[];
begin
  if exists (
    select from unnest(events, bad) o(events, bad)
    where not coalesce(o.events between 1 and most_of_line and o.bad between 0 and o.events, false)
  ) then
    raise exception 'impossible counts in a step of %', quote_literal(left(metric, 100))
      using errcode = 'check_violation', hint = format('A line has 1 to %s events and at most as many bad ones.', most_of_line);
  end if;
  select c.spec #>> array['guardrails', of_metric, 'per'] into per from public.rollout_configuration c
  where c.feature_name = of_feature and c.archived_at is null and c.epoch >= of_epoch
    and c.spec #>> array['guardrails', of_metric, 'source'] = 'prometheus';
  if not found or lines = 0 then
    return 0;
  end if;
  if per = 'subject' then
    -- A subject has one row a day, which is the same however often it is recorded.
    return (public.rollout_record_observations(null, array_fill(feature, array[lines]), array_fill(metric, array[lines]), subjects,
      arms, array_fill(epoch, array[lines]), array_fill(null::text, array[lines]), array_fill(at, array[lines]), events, bad,
      array_fill(null::text, array[lines]), true, true, 'prometheus') ->> 'recorded')::bigint;
  end if;
  perform pg_advisory_xact_lock(hashtextextended('rollout observe ' || feature || ' ' || metric, 0));
  heard_at := clock_timestamp();
  with known as materialized (
    select o.subject_id, o.arm, o.events, o.bad from public.rollout_observations o
    where o.feature_name = of_feature and o.metric = of_metric and o.epoch = of_epoch and o.window_start = step
  ), given as materialized (
    -- Where smaller subjects were one, no more are told apart later: what they had then is in that row.
    select g.arm, g.subject_id, case when g.subject_id = '' then '' else max(g.category) end as category, sum(g.events) as events,
      sum(g.bad) as bad
    from (
      select o.arm, case when exists (select from known k where k.arm = o.arm and k.subject_id = '') and not exists (
          select from known k where k.arm = o.arm and k.subject_id = coalesce(p.id, o.subject))
        then '' else coalesce(p.id, o.subject) end as subject_id, coalesce(p.category, '') as category, o.events, o.bad
      from unnest(subjects, arms, events, bad) o(subject, arm, events, bad)
      join public.rollout_resolve_jobs(array_fill(of_feature, array[lines]), subjects) p on p.subject = o.subject
      where o.arm in ('treatment', 'control')
    ) g
    group by g.arm, g.subject_id
  ), grown as (
    -- All of an arm grows by as much as its engine has more of it now, whoever of its subjects is told apart.
    select a.arm, greatest(0, a.events - coalesce(k.events, 0)) as events, greatest(0, a.bad - coalesce(k.bad, 0)) as bad
    from (select g.arm, sum(g.events) as events, sum(g.bad) as bad from given g group by 1) a
    left join (select k.arm, sum(k.events) as events, sum(k.bad) as bad from known k group by 1) k on k.arm = a.arm
  ), by_subject as (
    select g.arm, g.subject_id, g.category, k.events as had, least(w.events, greatest(0, g.events - coalesce(k.events, 0))) as events,
      least(w.bad, greatest(0, g.bad - coalesce(k.bad, 0))) as bad, w.events as all_events, w.bad as all_bad
    from given g
    join grown w on w.arm = g.arm
    left join known k on k.arm = g.arm and k.subject_id = g.subject_id
  ), missing as materialized (
    select s.arm, s.subject_id, s.category, s.had is null as is_new,
      case when s.subject_id <> '' then s.events else least(s.events, greatest(0, s.all_events - t.events)) end as events,
      case when s.subject_id <> '' then s.bad else least(s.bad, greatest(0, s.all_bad - t.bad)) end as bad
    from by_subject s
    cross join lateral (
      select coalesce(sum(o.events), 0) as events, coalesce(sum(o.bad), 0) as bad from by_subject o
      where o.arm = s.arm and o.subject_id <> ''
    ) t
  ), continued as (
    update public.rollout_observations o set events = o.events + m.events, bad = least(o.events + m.events, o.bad + m.bad)
    from missing m
    where not m.is_new and m.events + m.bad > 0 and o.feature_name = of_feature and o.metric = of_metric and o.epoch = of_epoch
      and o.window_start = step and o.subject_id = m.subject_id and o.arm = m.arm
  ), begun as (
    insert into public.rollout_observations
      (feature_name, metric, epoch, window_start, subject_id, arm, category, events, bad)
    select of_feature, of_metric, of_epoch, step, m.subject_id, m.arm, m.category, m.events, least(m.events, m.bad)
    from missing m where m.is_new and m.events > 0
  ), heard as (
    select m.* from missing m where m.events + m.bad > 0
  ), treatment as (
    select coalesce(array_agg(h.subject_id), '{}') as subjects, coalesce(array_agg(h.category), '{}') as categories,
      coalesce(array_agg(at), '{}') as began_at, coalesce(array_agg(least(most_of_line, h.events)::integer), '{}') as began,
      coalesce(array_agg(0), '{}') as nothing, coalesce(array_agg(least(most_of_line, h.bad)::integer), '{}') as failed
    from heard h where h.arm = 'treatment'
  ), control as (
    select coalesce(array_agg(k.category), '{}') as categories, coalesce(array_agg(k.events), '{}') as jobs,
      coalesce(array_agg(k.bad), '{}') as failed
    from (
      select h.category, sum(h.events)::bigint as events, sum(h.bad)::bigint as bad from heard h where h.arm = 'control' group by 1
    ) k
  )
  select coalesce((select sum(h.events) from heard h), 0), (
      select array[(0, of_feature, of_epoch, of_metric, heard_at, t.subjects, t.categories, t.began_at, t.began, t.nothing, t.nothing,
        t.failed, k.categories, k.jobs, k.failed)::public.rollout_increments]
      from treatment t cross join control k where exists (select from heard))
  into added, increments;
  perform public.rollout_score(increments);
  return added;
end
$$;

-- Converts ended jobs, one per line, to events of the guardrails on durations: bad is a job that took longer than its
-- limit, which is common or by category; jobs of a category without a limit are not events. Sums of several jobs have
-- lost the single durations, so the process that adds them up reports those itself.
create function public.rollout_observe_times(
  features text[], subjects text[], arms text[], epochs integer[], categories text[], ended timestamptz[], timed bigint[],
  times_ms double precision[]
) returns void
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  if not exists (
    select from public.rollout_configuration c where c.feature_name = any (features) and c.spec ? 'guardrails'
      and jsonb_path_exists(c.spec, '$.guardrails.*.slower_than ? (@.type() == "number" || @.type() == "object")')
  ) then
    return;
  end if;
  perform public.rollout_record_observations(null, array_agg(o.feature), array_agg(g.key),
    array_agg(o.subject), array_agg(o.arm), array_agg(o.epoch), array_agg(o.category), array_agg(o.at),
    array_agg(1::bigint), array_agg((o.ms > (l.most #>> '{}')::double precision * 1000)::integer::bigint),
    array_agg(null::text), true, true, 'time')
  from unnest(features, subjects, arms, epochs, categories, ended, timed, times_ms)
    o(feature, subject, arm, epoch, category, at, timed, ms)
  join public.rollout_configuration c on c.feature_name = o.feature and c.spec ? 'guardrails'
  cross join lateral jsonb_each(c.spec -> 'guardrails') g
  cross join lateral (
    select case jsonb_typeof(g.value -> 'slower_than') when 'object' then g.value -> 'slower_than' -> o.category
      else g.value -> 'slower_than' end as most
  ) l
  where o.timed = 1 and o.arm in ('treatment', 'control') and jsonb_typeof(l.most) = 'number'
  having count(*) > 0;
end
$$;
