set local search_path = pg_catalog, pg_temp;

-- Processes that record outcomes report once a minute that they are alive, and report when they end by themselves.
-- The ids of jobs that a process routes begin with its name.
create table public.rollout_processes (
  process text primary key check (process ~ '^[0-9a-f]{8}$'),
  started_at timestamptz not null,
  seen_at timestamptz not null,
  left_at timestamptz,
  breakers jsonb not null default '[]' constraint breakers_are_named check (coalesce(
    jsonb_typeof(breakers) = 'array' and jsonb_array_length(breakers) = jsonb_array_length(jsonb_path_query_array(breakers,
      'strict $[*] ? (@.feature.type() == "string" && @.processor.type() == "string" && @.state.type() == "string")')), false))
);
create index rollout_processes_age on public.rollout_processes (seen_at);
comment on column public.rollout_processes.left_at is 'When it said that it ends; null: it did not.';
comment on column public.rollout_processes.breakers is 'Its breakers that are not closed: feature, processor, state.';

-- Records that a process is alive or ends; at most 10,000 are stored, and 100 breakers of each.
create function public.rollout_note_process(process_name text, age_seconds double precision, leaving boolean, open_breakers jsonb)
returns void language sql security definer set search_path = pg_catalog, pg_temp as $$
  insert into public.rollout_processes as p (process, started_at, seen_at, left_at, breakers)
  select process_name, now() - make_interval(secs => least(greatest(age_seconds, 0), 31536000)), now(), case when leaving then now() end,
    (select coalesce(jsonb_agg(jsonb_build_object('feature', left(b ->> 'feature', 255), 'processor', left(b ->> 'processor', 100),
        'state', b ->> 'state')), '[]')
      from (select b from jsonb_array_elements(case jsonb_typeof(open_breakers) when 'array' then open_breakers else '[]' end) e(b)
        where b ->> 'state' in ('open', 'half_open') and b ->> 'feature' is not null and b ->> 'processor' is not null limit 100) f)
  where exists (select from public.rollout_processes k where k.process = process_name)
    or (select count(*) from public.rollout_processes) < 10000
  on conflict (process) do update set seen_at = excluded.seen_at, left_at = excluded.left_at, breakers = excluded.breakers
$$;
