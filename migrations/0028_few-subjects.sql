set local search_path = pg_catalog, pg_temp;

-- Few subjects in the fuse: with `rollback.few_subjects: quarantine` the transaction that records their failures takes them out
-- of the feature, as the tick would. In doubt it leaves them to the tick.

-- Subjects whose routed jobs of the last hour ran in another arm than the database gives them; a subject with jobs in both
-- arms of an epoch is one of them. Only what nobody changed meanwhile is compared: jobs that were routed five minutes and more
-- after the last change of the feature or of the registry's population, by when every process follows it, and subjects whose
-- own row is older than the jobs. At most 200 subjects of a feature are looked at, other ones each quarter of an hour. Features
-- without such a job are missing.
create function public.rollout_wrong_arms(features text[], epochs integer[], started timestamptz[])
returns table (feature text, subjects bigint, wrong bigint, named text[])
language sql stable set search_path = pg_catalog, pg_temp as $$
  with settled as (
    select a.feature, a.epoch, greatest(now() - interval '1 hour', a.started + interval '5 minutes',
      (select max(h.created_at) + interval '5 minutes' from public.rollout_history h
        where h.feature_name = a.feature and h.action not in ('note', 'env_override')),
      (select max(h.created_at) + interval '5 minutes' from public.rollout_history h where h.feature_name is null)) as since
    from unnest(features, epochs, started) a(feature, epoch, started)
  ), routed as (
    select s.feature, j.subject_id as subject, j.arm, dense_rank() over (
      partition by s.feature order by hashtextextended(j.subject_id, floor(extract(epoch from now()) / 900)::bigint), j.subject_id) as place
    from settled s
    join public.rollout_jobs j on j.feature_name = s.feature and j.epoch = s.epoch
      and j.day >= (now() at time zone 'UTC' - interval '1 hour')::date
    where j.arm in ('treatment', 'control') and j.routed_at >= s.since and position(chr(31) in j.id) = 0
      and not exists (
        select from public.repository_categories r where r.repository_id = j.subject_id and r.updated_at >= s.since)
      and not exists (select from public.rollout_customers c where c.customer_id = j.subject_id and c.updated_at >= s.since)
    group by 1, 2, 3
  ), sampled as materialized (
    select r.feature, r.subject, r.arm from routed r where r.place <= 200
  ), compared as (
    select s.feature, s.subject, bool_or(s.arm <> e.arm) as wrong
    from sampled s
    join public.rollout_resolve_jobs(array(select m.feature from sampled m), array(select m.subject from sampled m)) e
      on e.feature = s.feature and e.subject = s.subject
    group by 1, 2
  )
  select c.feature, count(*), count(*) filter (where c.wrong),
    coalesce((array_agg(c.subject order by c.subject collate "C") filter (where c.wrong))[1:3], '{}')
  from compared c group by c.feature
$$;

-- Jobs of treatment that processes routed which fell silent without a word, while others that were there before go on: open
-- for so long that they should have ended. A deploy that replaces every process leaves nobody who was there before; jobs that
-- ended elsewhere are not missing. A process that says each minute that it is there is silent after ten. Features without
-- such jobs are left out.
create function public.rollout_silent_hosts(features text[], epochs integer[])
returns table (feature text, missing bigint, processes bigint, silent interval, finished bigint)
language sql stable set search_path = pg_catalog, pg_temp as $$
  with gone as materialized (
    select p.process, p.seen_at from public.rollout_processes p
    where p.left_at is null and p.seen_at < now() - interval '10 minutes' and exists (
      select from public.rollout_processes o
      where o.left_at is null and o.started_at <= p.seen_at and o.seen_at >= now() - interval '10 minutes')
  ), missing as (
    select a.feature, a.epoch, count(*) as jobs, count(distinct g.process) as processes, min(j.routed_at) as first,
      min(g.seen_at) as since
    from unnest(features, epochs) a(feature, epoch)
    cross join lateral public.rollout_patience(a.feature, 900, 4) p
    join public.rollout_jobs j on j.feature_name = a.feature and j.epoch = a.epoch and j.state = 'open' and j.arm = 'treatment'
      and j.routed_at < now() - p.patience
    join gone g on g.process = left(j.id, 8)
    group by 1, 2
  )
  select m.feature, m.jobs, m.processes, now() - m.since, (
    select coalesce(sum(b.jobs), 0)::bigint from public.rollout_evidence_buckets b
    where b.feature_name = m.feature and b.epoch = m.epoch and b.bucket_start >= date_bin('15 minutes', m.first, 'epoch'))
  from missing m
$$;

-- Is the evidence of an epoch not whole, so that a tick would call it an error? `misrouting` and `silence` of
-- `src/domain/verdict/not-whole.ts`.
create function public.rollout_is_in_doubt(c public.rollout_configuration) returns boolean
language sql stable set search_path = pg_catalog, pg_temp as $$
  select exists (
      select from public.rollout_wrong_arms(array[c.feature_name], array[c.epoch], array[c.epoch_started_at]) w
      where w.wrong >= 3 and w.wrong > 0.01 * w.subjects)
    or exists (
      select from public.rollout_silent_hosts(array[c.feature_name], array[c.epoch]) s
      where s.missing >= 3 and 100 * s.missing > c.max_error_rate * (s.missing + s.finished))
$$;

-- `acme/api (18 of 20 failed), acme/web (9 of 9 failed) and 2 more`, the first five of them.
create function public.rollout_failing_names(subjects text[], jobs bigint[], failed bigint[]) returns text
language sql immutable parallel safe set search_path = pg_catalog, pg_temp as $$
  select string_agg(format('%s (%s of %s failed)', s.subject, s.failed, s.jobs), ', ' order by s.place)
      filter (where s.place <= 5)
    || case when count(*) > 5 then format(' and %s more', count(*) - 5) else '' end
  from unnest(subjects, jobs, failed) with ordinality s(subject, jobs, failed, place)
$$;

-- Subjects that each are to blame alone, the worst first, with what the tick says of them (`loneText` of
-- `src/domain/health/sentence.ts`).
create function public.rollout_lone_blame(
  feature text, of_epoch integer, at timestamptz, out subjects text[], out jobs bigint[], out failed bigint[], out reason text
) language sql stable set search_path = pg_catalog, pg_temp as $$
  with lone as (
    select l.*, row_number() over (order by l.failed desc, l.subject_id) as place
    from public.rollout_lone_subjects(feature, of_epoch, at) l
  ), others as (
    select array_agg(l.subject_id order by l.place) as subjects, array_agg(l.jobs order by l.place) as jobs,
      array_agg(l.failed order by l.place) as failed
    from lone l where l.place > 1
  )
  select array_agg(l.subject_id order by l.place), array_agg(l.jobs order by l.place), array_agg(l.failed order by l.place), (
    select format('%s alone is to blame: %s of %s job%s failed since %s, in %s windows of five minutes, which is %s%% of all %s'
        ' jobs; that it fails nearly everything is evidence %s against %s needed%s: quarantine or fix %s',
      w.subject_id, w.failed, w.jobs, case when w.jobs = 1 then '' else 's' end,
      to_char(w.since at time zone 'UTC', case
        when (w.since at time zone 'UTC')::date = (at at time zone 'UTC')::date then 'HH24:MI' else 'YYYY-MM-DD HH24:MI' end),
      w.failed_windows, floor(100 * w.failed / greatest(1, w.everybody)::double precision), w.everybody,
      round(w.score::numeric, case when w.score >= 100 then 0 else 1 end), round(ln(10000::double precision)::numeric, 1),
      '; so are ' || public.rollout_failing_names(o.subjects, o.jobs, o.failed),
      case when o.subjects is null then 'it' else 'them' end)
    from lone w, others o where w.place = 1)
  from lone l
$$;

-- Whom a tick would put into quarantine now, the worst first, with their finished jobs, and why. Nothing where nobody is to
-- blame, and where the tick has to look: where another score of the feature speaks as well, or the evidence is not whole.
create function public.rollout_few_to_blame(
  feature text, at timestamptz, out subjects text[], out jobs bigint[], out failed bigint[], out reason text
) language plpgsql stable set search_path = pg_catalog, pg_temp set plan_cache_mode = force_generic_plan as $$
declare
  c public.rollout_configuration;
  v public.rollout_levels;
  run record;
  few record;
begin
  select * into c from public.rollout_configuration f where f.feature_name = feature;
  if exists (
    select from public.rollout_levels l where l.feature_name = feature and l.epoch = c.epoch and l.kind = 'limit' and (
      l.crossed_at is not null or l.excuse not in ('few_subjects', 'too_few_jobs')
      or public.rollout_measure_of(l.scope) <> '' and l.score >= ln(1000::double precision)))
  then
    return;
  end if;
  -- Of several scopes the one that is worst: critical before others, then by its score.
  select l.* into v from public.rollout_levels l
  where l.feature_name = feature and l.epoch = c.epoch and l.kind = 'limit' and l.excuse = 'few_subjects'
    and public.rollout_measure_of(l.scope) = ''
    and l.score >= ln(public.rollout_evidence_needed(feature, c.epoch, l.scope))
  order by exists (
      select from public.rollout_levels g where g.feature_name = feature and g.epoch = c.epoch and g.scope = l.scope
        and g.kind = 'critical' and g.score >= ln(1000::double precision)) desc,
    l.score desc, l.scope
  limit 1;
  if v.feature_name is not null then
    select f.run_slice, r.since into run
    from public.rollout_firm(v, coalesce((c.spec #>> '{thresholds,minimum_jobs}')::integer, 10)) f
    cross join lateral public.rollout_counts_since(feature, c.epoch, v.scope, f.run_slice) r;
    select * into few from public.rollout_without_worst(v, run.run_slice, run.since, at);
    if few.score < ln(100::double precision) then
      -- A group of subjects cannot be taken out.
      select array_agg(w.subject order by w.place), array_agg(n.jobs order by w.place), array_agg(n.failed order by w.place)
      into subjects, jobs, failed
      from unnest(few.worst) with ordinality w(subject, place)
      cross join lateral (
        select coalesce(sum(m.total_jobs), 0)::bigint as jobs, coalesce(sum(m.error_count), 0)::bigint as failed
        from public.rollout_metrics m
        where m.metrics_window_start >= public.rollout_window(least(run.since - interval '15 minutes', (
            -- What is heard of late was earlier than its slice.
            select min(s.started_at) from public.rollout_spans s
            where s.feature_name = feature and s.epoch = c.epoch and s.measure = '' and s.subject_id = w.subject and case
              when public.rollout_category_of(v.scope) is null then s.slice else s.category_slice end >= run.run_slice)))
          and m.subject_id = w.subject and m.feature_name = feature and m.arm = 'treatment' and m.epoch = c.epoch
          and m.category = coalesce(public.rollout_category_of(v.scope), m.category)
      ) n
      where position(chr(31) in w.subject) = 0;
      reason := format('%s, but without %s of %s subjects it is %s against 4.6 needed: quarantine or fix them',
        (select e.reason from public.rollout_fuse_evidence(v) e), public.rollout_failing_names(subjects, jobs, failed),
        few.everybody, round(few.score::numeric, 1));
    end if;
  else
    select b.* into subjects, jobs, failed, reason from public.rollout_lone_blame(feature, c.epoch, at) b;
  end if;
  if subjects is not null and public.rollout_is_in_doubt(c) then
    subjects := null;
  end if;
end
$$;

-- How many subjects of an epoch may be in quarantine: `quarantineLimit` of `src/domain/quarantine/quarantine.ts`. Who is
-- exposed is counted only where three are too few for so many more.
create function public.rollout_quarantine_limit(feature text, of_epoch integer, more integer) returns integer
language sql stable set search_path = pg_catalog, pg_temp as $$
  select case when n.taken + more <= 3 then 3 else greatest(3, floor(0.01 * (
    select coalesce(sum(e.eligible), 0) from public.rollout_count_eligible(feature) e)))::integer end
  from (
    select count(*) as taken from public.rollout_quarantine q where q.feature_name = feature and q.epoch = of_epoch
  ) n
$$;

-- May the fuse put anybody into quarantine?
create function public.rollout_asks_for_few(c public.rollout_configuration) returns boolean
language sql stable set search_path = pg_catalog, pg_temp as $$
  select c.spec #>> '{rollback,few_subjects}' = 'quarantine' and public.rollout_fuse_is_live(c)
$$;

-- Is somebody to be put into quarantine? Asked at the end of a fold, so by one transaction at a time: after a failure, once a
-- second at most and for at most a thirtieth of the time.
create function public.rollout_look_for_few(feature text) returns void
language plpgsql set search_path = pg_catalog, pg_temp set plan_cache_mode = force_generic_plan as $$
declare
  began_at constant timestamptz := clock_timestamp();
  of_epoch integer;
  found_subjects text[];
  is_due boolean := false;
begin
  select c.epoch into of_epoch
  from public.rollout_configuration c
  join public.rollout_timelines t on t.feature_name = c.feature_name and t.epoch = c.epoch and t.scope = 'all'
  where c.feature_name = feature and c.spec #>> '{rollback,few_subjects}' = 'quarantine' and began_at > t.few_looked_at + greatest(interval '1 second', 30 * t.few_look)
    and (t.failing_at > t.few_looked_at or t.few_due or exists (
      select from public.rollout_levels l where l.feature_name = feature and l.epoch = c.epoch and l.excuse = 'few_subjects'))
    and public.rollout_asks_for_few(c);
  if of_epoch is null then
    return;
  end if;
  select b.subjects into found_subjects from public.rollout_few_to_blame(feature, began_at) b;
  if found_subjects is not null then
    is_due := public.rollout_quarantine_limit(feature, of_epoch, cardinality(found_subjects)) > (
      select count(*) from public.rollout_quarantine q where q.feature_name = feature and q.epoch = of_epoch);
  end if;
  update public.rollout_timelines t set few_looked_at = began_at, few_look = clock_timestamp() - began_at, few_due = is_due
  where t.feature_name = feature and t.epoch = of_epoch and t.scope = 'all';
end
$$;

-- The quarantine itself, as the tick does it, with history and the notification, all or nothing. Whether the fuse may act is
-- asked again under the history lock; and who is in by then, because the tick was quicker, is not put in twice.
create function public.rollout_quarantine_now(feature text) returns void
language plpgsql set search_path = pg_catalog, pg_temp set lock_timeout = '200ms' as $$
declare
  claims constant text[] := array['rollout.actor', 'rollout.action', 'rollout.reason', 'rollout.revision', 'rollout.metadata'];
  claimed text[];
  of_epoch integer;
  few record;
  most integer;
  taken text[];
begin
  select c.epoch into of_epoch from public.rollout_configuration c where c.feature_name = feature;
  select * into few from public.rollout_few_to_blame(feature, clock_timestamp());
  most := public.rollout_quarantine_limit(feature, of_epoch, coalesce(cardinality(few.subjects), 0));
  perform 1 from public.rollout_state for update;
  if few.subjects is not null and exists (
    select from public.rollout_configuration c
    where c.feature_name = feature and c.epoch = of_epoch and public.rollout_asks_for_few(c))
  then
    -- What the transaction goes on to do is still done as whoever it said it is.
    claimed := array(select coalesce(current_setting(k.name, true), '') from unnest(claims) with ordinality k(name, place)
      order by k.place);
    taken := public.rollout_quarantine_subjects(feature, of_epoch, few.subjects, few.jobs, few.failed, most, few.reason, 'fuse');
    perform set_config(k.name, claimed[k.place], true) from unnest(claims) with ordinality k(name, place);
    perform public.rollout_tell_quarantined(feature, taken, few.reason);
  end if;
  update public.rollout_timelines t set few_due = false
  where t.feature_name = feature and t.epoch = of_epoch and t.scope = 'all';
end
$$;

-- The notification of those who are in quarantine now, with the key and in the words of the tick.
create function public.rollout_tell_quarantined(feature text, taken text[], reason text) returns void
language sql set search_path = pg_catalog, pg_temp as $$
  insert into public.rollout_outbox (dedupe_key, feature_name, severity, kind, message, details)
  select format('quarantined:%s:%s:%s:%s', feature, w.epoch, w.ids[1],
      to_char(w.began_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')),
    feature, 'warning', 'quarantined',
    format('%s left %s and %s in quarantine: %s; once fixed, run: rollout resume %s --subject %s --reason "..."',
      array_to_string(w.names, ', '), feature, case cardinality(taken) when 1 then 'is' else 'are' end, reason, feature, w.names[1]),
    jsonb_build_object('subjects', w.ids, 'reason', reason)
  from (
    select array_agg(q.subject_id order by q.id) as ids, array_agg(left(coalesce(s.name, q.subject_id), 200) order by q.id) as names,
      min(q.epoch) as epoch, (array_agg(q.began_at order by q.id))[1] as began_at
    from public.rollout_quarantine q
    join public.rollout_configuration c on c.feature_name = q.feature_name
    left join public.rollout_subjects s on s.subject_type = c.subject_type and s.subject_id = q.subject_id
    where q.feature_name = feature and q.ended_at is null and q.subject_id = any (taken)
  ) w
  where w.ids is not null
  on conflict (dedupe_key) do nothing
$$;
select public.rollout_grant_roles();
