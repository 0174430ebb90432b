set local search_path = pg_catalog, pg_temp;

-- Judging needs sums of outcomes by subject; they are stored without subjects, so that a tick reads only new
-- outcomes.

-- The number of jobs that were routed in a quarter of an hour, written with the jobs: together with
-- rollout_evidence_buckets it shows whether that quarter changed since its windows were stored.
create table public.rollout_opened_jobs (
  feature_name text not null,
  epoch integer not null,
  bucket_start timestamptz not null,
  jobs bigint not null,
  primary key (feature_name, epoch, bucket_start)
);
create index rollout_opened_jobs_age on public.rollout_opened_jobs (bucket_start);
comment on table public.rollout_opened_jobs is 'Routed jobs of treatment and control, by the quarter of an hour in which they were routed.';

-- The windows of a quarter of an hour as input of the score, a line for each window of five minutes and category.
-- They are valid while its counts and `basis` are unchanged.
create table public.rollout_score_windows (
  feature_name text not null,
  epoch integer not null,
  bucket_start timestamptz not null,
  basis text not null,
  jobs bigint not null,
  errors bigint not null,
  control_jobs bigint not null,
  control_errors bigint not null,
  opened bigint not null,
  lines text not null,
  primary key (feature_name, epoch, bucket_start)
);
create index rollout_score_windows_age on public.rollout_score_windows (bucket_start);
comment on table public.rollout_score_windows is
  'Sums over subjects that the judgement reads; made again from rollout_metrics and rollout_jobs wherever they are missing.';
comment on column public.rollout_score_windows.basis is 'A digest of the lists and the quarantine that these windows depend on.';
comment on column public.rollout_score_windows.lines is
  'Seconds since the beginning, spans, gains, and counts of both arms, then the category; src/store/score/window-lines.ts.';

-- The sum of all windows of an epoch before a full hour, with which a judgement goes on. It holds while the sums of
-- rollout_evidence_hours and rollout_opened_jobs before that hour are unchanged, and `started_at` and `basis` too.
create table public.rollout_score_checkpoints (
  feature_name text primary key,
  epoch integer not null,
  started_at timestamptz not null,
  until timestamptz not null,
  basis text not null,
  jobs bigint not null,
  errors bigint not null,
  opened bigint not null,
  state text not null,
  digest text not null
);
comment on table public.rollout_score_checkpoints is
  'The sum of the windows before an hour, with which judging goes on; made again wherever it is missing or outdated.';
comment on column public.rollout_score_checkpoints.started_at is 'Beginning of the evidence: of the epoch, or of the days that are read.';
comment on column public.rollout_score_checkpoints.state is 'JSON; src/domain/verdict/checkpoint.ts.';
comment on column public.rollout_score_checkpoints.digest is
  'MD5 of the format and the state: one that SQL edited, or that another version wrote, does not hold.';

-- Each subject's failure share in control in the week before an epoch, with which it is compared. `mean`: the share
-- of all subjects; if that is 0, nothing is stored by subject.
create table public.rollout_pasts (
  feature_name text not null,
  epoch integer not null,
  mean double precision not null,
  primary key (feature_name, epoch)
);
create table public.rollout_past_subjects (
  feature_name text not null,
  epoch integer not null,
  subject_id text collate "C" not null,
  jobs bigint not null,
  failed bigint not null,
  primary key (feature_name, epoch, subject_id)
);
comment on table public.rollout_past_subjects is 'Jobs of a subject in control in the week before an epoch, kept while the epoch lasts.';

create function public.rollout_note_openings() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  if tg_relid <> 'public.rollout_jobs'::regclass then
    raise exception '% is not a trigger of %', tg_name, tg_relid::regclass using errcode = 'insufficient_privilege';
  end if;
  insert into public.rollout_opened_jobs as o (feature_name, epoch, bucket_start, jobs)
  select j.feature_name, j.epoch, date_bin('15 minutes', j.routed_at, 'epoch'), count(*)
  from come_rows j
  -- A reported job that is tried again is not a routed one.
  where j.arm in ('treatment', 'control') and position(chr(31) in j.id) = 0
  group by 1, 2, 3
  order by 1, 2, 3
  on conflict (feature_name, epoch, bucket_start) do update set jobs = o.jobs + excluded.jobs;
  return null;
end
$$;
create trigger rollout_note_openings after insert on public.rollout_jobs
  referencing new table as come_rows for each statement execute function public.rollout_note_openings();
