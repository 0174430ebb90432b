-- Outcomes of jobs in five-minute windows: per subject, and rolled up for health. Both are written in one flush.
create table rollout_metrics (
  feature_name text not null,
  subject_id text not null,
  processor_type text not null,
  arm text not null check (arm in ('treatment', 'control', 'fallback')),
  epoch integer not null,
  job_class text not null default '',
  category text not null default '',
  metrics_window_start timestamptz not null,
  total_jobs integer not null default 0,
  success_count integer not null default 0,
  error_count integer not null default 0,
  timed_jobs integer not null default 0,
  processing_ms double precision not null default 0,
  last_error_message text,
  last_error_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (feature_name, subject_id, metrics_window_start, processor_type, arm, epoch, job_class)
) partition by range (metrics_window_start);
comment on column rollout_metrics.processing_ms is 'Sum over timed_jobs, the jobs whose time is known; their mean is processing_ms / timed_jobs.';
create table rollout_metrics_default partition of rollout_metrics default;

create table rollout_evidence (
  feature_name text not null,
  epoch integer not null,
  arm text not null check (arm in ('treatment', 'control', 'fallback')),
  processor_type text not null,
  job_class text not null default '',
  category text not null default '',
  window_start timestamptz not null,
  total_jobs integer not null default 0,
  error_count integer not null default 0,
  timed_jobs integer not null default 0,
  processing_ms double precision not null default 0,
  primary key (feature_name, epoch, window_start, arm, processor_type, category, job_class)
) partition by range (window_start);
comment on table rollout_evidence is 'rollout_metrics without subjects: what health reads.';
create table rollout_evidence_default partition of rollout_evidence default;

-- Routed jobs that were still open at a flush.
create table rollout_jobs (
  id text primary key,
  feature_name text not null,
  subject_id text not null,
  epoch integer not null,
  arm text not null check (arm in ('treatment', 'control', 'fallback')),
  category text not null default '',
  processor_type text not null,
  job_class text not null default '',
  routed_at timestamptz not null
);
create index rollout_jobs_age on rollout_jobs (feature_name, routed_at);

create table rollout_health_checks (
  id bigint generated always as identity primary key,
  feature_name text not null references rollout_configuration (feature_name),
  epoch integer not null,
  checked_at timestamptz not null default clock_timestamp(),
  verdict text not null check (verdict in
    ('healthy', 'warning', 'suspect', 'harmful', 'insufficient', 'no_data', 'error')),
  reason_code text not null,
  reason text not null,
  severity text not null,
  scope text not null,
  action text not null,
  jobs integer not null,
  errors integer not null,
  scores jsonb not null,
  evidence jsonb not null default '{}'
);
create index rollout_health_checks_feature on rollout_health_checks (feature_name, checked_at);

-- What happened to single subjects (pilot).
create table rollout_events (
  id uuid primary key default gen_random_uuid(),
  feature_name text not null,
  customer_id text not null,
  event text not null check (event in ('enabled', 'disabled', 'error', 'rollback')),
  "timestamp" timestamptz not null default now(),
  metadata jsonb not null default '{}'
);
create index rollout_events_feature on rollout_events (feature_name, "timestamp");

-- Partitions by day, from yesterday on; rows of other days go to the default partition.
create function rollout_create_partitions(day date, days integer) returns integer
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  parent text;
  from_day date;
  name text;
  created integer := 0;
begin
  foreach parent in array array['rollout_metrics', 'rollout_evidence'] loop
    for from_day in select day + n from generate_series(0, days - 1) n loop
      name := format('%s_%s', parent, to_char(from_day, 'YYYYMMDD'));
      continue when to_regclass(format('public.%I', name)) is not null;
      -- Rows of that day that came before the partition would make the default refuse it.
      execute format(
        'create table public.%1$I (like public.%2$I including defaults including constraints);
         alter table public.%1$I enable row level security;
         with moved as (delete from public.%2$s_default where %3$I >= %4$L and %3$I < %5$L returning *)
         insert into public.%1$I select * from moved;
         alter table public.%2$I attach partition public.%1$I for values from (%4$L) to (%5$L)',
        name, parent, case parent when 'rollout_metrics' then 'metrics_window_start' else 'window_start' end,
        from_day::timestamp at time zone 'UTC', (from_day + 1)::timestamp at time zone 'UTC');
      created := created + 1;
    end loop;
  end loop;
  return created;
end
$$;
select rollout_create_partitions((now() at time zone 'UTC')::date - 1, 9);
