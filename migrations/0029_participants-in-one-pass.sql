set local search_path = pg_catalog, pg_temp;

-- Of the subjects that are eligible now those that had a treatment job in the window; null: of every feature. Outcomes
-- are looked through once for hundreds of features: their rows lie by time, and those of one feature are no fewer to
-- read. They are gathered by subject, with a bit for each feature, so that a million subjects stay a million rows however many
-- features each of them has. Who is admitted is asked with the exposures as constants (`rollout_audiences`).
create or replace function public.rollout_count_participants(only_this text)
returns table (feature text, subjects bigint)
language plpgsql stable security definer set search_path = pg_catalog, pg_temp set work_mem = '64MB' as $$
declare
  at_once constant integer := 500;
  names text[];
  counts text;
begin
  for names in
    select array_agg(n.name order by n.name) from (
      select c.feature_name as name, row_number() over (order by c.feature_name) - 1 as place
      from public.rollout_configuration c
      where (only_this is null or c.feature_name = only_this) and c.is_active and not c.emergency_stop
        and not (select s.global_stop from public.rollout_state s)
    ) n group by n.place / at_once
  loop
    select string_agg(format('count(*) filter (where get_bit(r.features, %s) = 1 and %s)', a.place - 1, a.admits), ', '
      order by a.place) into counts
    from public.rollout_audiences((
      select jsonb_agg(public.rollout_audience_of(c) order by c.feature_name)
      from public.rollout_configuration c where c.feature_name = any (names))) a;
    return query execute format('with asked as materialized (
        select c.feature_name, c.subject_type, set_bit(repeat(''0'', %s)::varbit, n.place::integer - 1, 1) as features,
          now() - make_interval(secs => (c.monitoring_window_hours * 3600)::double precision) as since
        from unnest($1) with ordinality n(name, place) join public.rollout_configuration c on c.feature_name = n.name
      ), heard as materialized (
        select asked.subject_type, m.subject_id, bit_or(asked.features) as features from public.rollout_metrics m
        join asked on asked.feature_name = m.feature_name and m.metrics_window_start > asked.since
        where m.arm = ''treatment'' and m.metrics_window_start > (select min(a.since) from asked a)
        group by 1, 2
      ), counted as (
        select array[%s] as subjects from (
          select h.features, s.subject_id as id, s.name, s.category, s.facts
          from heard h
          join public.rollout_subjects s on s.subject_type = h.subject_type and s.subject_id = h.subject_id
          -- A fence: to join every feature with every subject first takes four times as long.
          offset 0
        ) r
      )
      select n.name, c.subjects[n.place] from counted c cross join unnest($1) with ordinality n(name, place)
      where c.subjects[n.place] > 0', cardinality(names), counts)
    using names;
  end loop;
end
$$;
