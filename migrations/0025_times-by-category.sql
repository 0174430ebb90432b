set local search_path = pg_catalog, pg_temp;

-- Jobs that ended, each a line, as events of the guardrails on time: bad is one that took longer than it may, whatever its
-- category or by it; where a category has no time, its jobs are no events. Sums of several jobs have lost the times of each;
-- whoever adds them up observes those itself.
create or replace function public.rollout_observe_times(
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
  perform public.rollout_record_observations(gen_random_uuid(), array_agg(o.feature), array_agg(g.key),
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
