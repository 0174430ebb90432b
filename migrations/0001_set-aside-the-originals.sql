-- Tables of the hand-written rollout managers step aside, with their indexes and policies, so that the tables
-- of the controller can take their names. 0009 brings every row over and drops what is left here.
do $$
declare
  original text;
begin
  foreach original in array array[
    'rollout_configuration', 'repository_categories', 'rollout_metrics', 'rollout_history',
    'feature_rollouts', 'rollout_events'
  ] loop
    if to_regclass(format('public.%I', original)) is null then
      continue;
    end if;
    create schema if not exists rollout_original;
    execute format('alter table public.%I set schema rollout_original', original);
  end loop;
end
$$;

drop function if exists public.categorize_repository(uuid);
drop function if exists public.is_repository_eligible_for_rollout(uuid, text);
