set local search_path = pg_catalog, pg_temp;

-- Moves the tables of the hand-written rollout managers aside, with their indexes and policies, so that the
-- controller's tables can take their names. 0012 copies every row and drops these tables.
do $$
declare
  originals constant text[] := array['rollout_configuration', 'repository_categories', 'rollout_metrics',
    'rollout_history', 'feature_rollouts', 'rollout_events'];
  original text;
  found regclass;
  dependents text;
begin
  if to_regclass('public.rollout_state') is not null then
    raise exception 'the tables of the controller are there, but not the list of the migrations that made them'
      using hint = 'Nothing was changed. Restore public.rollout_migrations from where the other tables came from.';
  end if;
  foreach original in array originals loop
    found := to_regclass(format('public.%I', original));
    continue when found is null;
    if (select relkind from pg_class where oid = found) not in ('r', 'p') then
      raise exception '% is not a table, and the controller needs the name', original
        using hint = 'Nothing was changed. Rename it, and migrate again.';
    end if;
    -- Dropping the table would break them, and to drop them with it is not ours to decide.
    select string_agg(distinct dependent, ', ') into dependents from (
      select 'view ' || r.ev_class::regclass as dependent
      from pg_depend d join pg_rewrite r on r.oid = d.objid
      where d.classid = 'pg_rewrite'::regclass and d.refclassid = 'pg_class'::regclass and d.refobjid = found
        and r.ev_class <> found
      union all
      select 'foreign key of ' || c.conrelid::regclass from pg_constraint c
      where c.contype = 'f' and c.confrelid = found
        and not exists (select from unnest(originals) o where to_regclass(format('public.%I', o)) = c.conrelid)
    ) each;
    if dependents is not null then
      raise exception '% is still used by %', original, dependents
        using hint = 'Nothing was changed. Drop what uses it, migrate, and make it again over the new table.';
    end if;
    create schema if not exists rollout_original;
    execute format('alter table public.%I set schema rollout_original', original);
  end loop;
end
$$;

drop function if exists public.categorize_repository(uuid);
drop function if exists public.is_repository_eligible_for_rollout(uuid, text);
