set local search_path = pg_catalog, pg_temp;

alter table public.rollout_state add column source_tried_at timestamptz, add column source_failing_since timestamptz;
comment on column public.rollout_state.source_tried_at is 'When a tick last began to read the view rollout_repository_source; null: never.';
comment on column public.rollout_state.source_failing_since is 'The first attempt of a tick to read the view that failed; null: the last one did not fail.';

-- Begins a tick's import from the view, and returns whether the last one failed; no row if there is no view, or if a
-- tick began an import within the last day. Written before the import, so that a run that dies of it is not repeated
-- at once.
create function public.rollout_begin_source() returns table (began_at timestamptz, failing boolean)
language sql security definer set search_path = pg_catalog, pg_temp as $$
  update public.rollout_state set source_tried_at = now()
  where to_regclass('public.rollout_repository_source') is not null
    and coalesce(source_tried_at not between now() - interval '1 day' and now(), true)
  returning source_tried_at, source_failing_since is not null
$$;

-- Records whether the view could be read.
create function public.rollout_end_source(was_read boolean) returns void
language sql security definer set search_path = pg_catalog, pg_temp as $$
  update public.rollout_state set source_failing_since = case when not was_read then coalesce(source_failing_since, now()) end
$$;
