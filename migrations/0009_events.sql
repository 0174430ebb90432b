set local search_path = pg_catalog, pg_temp;

-- What happened to single subjects (pilot).
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

-- What health makes of the events of single customers: one customer is one outcome in each time window of the
-- feature. The customers that count are those it was enabled for and is still on for, and those of an error; failed
-- are those with an error event in the window. rollout_metrics remembers who was counted, as processor `pilot`.
--
-- The customers of a feature that count, with what was heard of them since a moment.
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
      c.target_repositories, c.excluded_repositories, c.salt, h.customer_id, null, null)
$$;

-- Brings the outcomes of the present window in line with the events, of one customer or of all: who is new is
-- added, and who was a success until now becomes a failure. Doing it again changes nothing. `heard_late` is the moment
-- of an error that was received only now: it counts in the present window, unless it is older than the epoch.
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
end
$$;

-- Records an event of a customer; returns its id. What an error said stands in `details` under `error`, when it happened
-- in `at`; null or in the future, it is now. An error counts at once, the others with the next judgement.
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
