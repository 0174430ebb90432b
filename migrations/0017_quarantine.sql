set local search_path = pg_catalog, pg_temp;

-- Single subjects that are out of a feature because nearly all of its failures are theirs. It is neither an incident
-- nor a part of exposure: a rollback neither ends it nor waits for it, and whatever file is reconciled, they stay out
-- until a person releases them.
create table public.rollout_quarantine (
  id bigint generated always as identity primary key,
  feature_name text not null references public.rollout_configuration (feature_name),
  subject_id text collate "C" not null,
  epoch integer not null,
  reason text not null,
  jobs bigint not null check (jobs >= 0),
  failed bigint not null check (failed between 0 and jobs),
  began_at timestamptz not null default clock_timestamp(),
  began_by text not null,
  ended_at timestamptz,
  ended_by text,
  write_back text not null default 'pending' check (write_back in ('pending', 'proposed', 'done', 'not_needed')),
  write_back_commit text,
  write_back_pull_request integer,
  write_back_attempts integer not null default 0,
  write_back_error text,
  write_back_url text
);
create unique index rollout_quarantine_one on public.rollout_quarantine (feature_name, subject_id) where ended_at is null;
create index rollout_quarantine_epoch on public.rollout_quarantine (feature_name, epoch);
comment on table public.rollout_quarantine is
  'Subjects that failed so much more than all others that they were taken out of a feature; they stay out until a person releases them.';
comment on column public.rollout_quarantine.jobs is 'Finished treatment jobs of the subject in the run of the score; `failed`: those that failed.';
comment on column public.rollout_quarantine.ended_at is 'When a person released it; null: it is out.';
comment on column public.rollout_quarantine.write_back is 'Does the file blacklist it? Of one that was released nothing is written any more.';

-- Sets the column from the table, whoever writes it.
create function public.rollout_keep_quarantine() returns trigger
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  if tg_relid <> 'public.rollout_configuration'::regclass then
    raise exception '% is not a trigger of %', tg_name, tg_relid::regclass using errcode = 'insufficient_privilege';
  end if;
  new.quarantined := array(
    select q.subject_id from public.rollout_quarantine q
    where q.feature_name = new.feature_name and q.ended_at is null order by 1);
  return new;
end
$$;
create trigger rollout_keep_quarantine before insert or update of quarantined on public.rollout_configuration
  for each row execute function public.rollout_keep_quarantine();

-- Puts subjects of a feature into quarantine, the worst first and up to an epoch's limit, and returns those who
-- entered. Only while this is the epoch, the feature is live and nothing else holds it: all of that is checked again
-- under the history lock. Each subject's numbers of jobs and of failed jobs are at its index.
create function public.rollout_quarantine_subjects(
  feature text, of_epoch integer, subjects text[], jobs bigint[], failed bigint[], most integer, reason text, actor text
) returns text[]
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  taken text[];
begin
  perform 1 from public.rollout_state for update;
  if not exists (
    select from public.rollout_configuration c
    where c.feature_name = feature and c.epoch = of_epoch and c.archived_at is null and c.is_active and not c.emergency_stop
      and not exists (select from public.rollout_incidents i where i.feature_name = feature and i.state = 'open'))
  then
    return '{}';
  end if;
  with chosen as (
    insert into public.rollout_quarantine (feature_name, subject_id, epoch, reason, jobs, failed, began_by)
    select feature, s.subject, of_epoch, rollout_quarantine_subjects.reason, s.jobs, s.failed, actor
    from unnest(subjects, jobs, failed) with ordinality s(subject, jobs, failed, place)
    where not exists (
      select from public.rollout_quarantine q
      where q.feature_name = feature and q.subject_id = s.subject and q.ended_at is null)
    order by s.place
    limit greatest(0, most - (
      select count(*) from public.rollout_quarantine q where q.feature_name = feature and q.epoch = of_epoch))
    returning subject_id
  )
  select coalesce(array_agg(c.subject_id order by c.subject_id), '{}') into taken from chosen c;
  if cardinality(taken) > 0 then
    perform set_config('rollout.actor', actor, true), set_config('rollout.action', 'quarantined', true),
      set_config('rollout.reason', reason, true), set_config('rollout.revision', '', true),
      set_config('rollout.metadata', jsonb_build_object('quarantined', taken)::text, true);
    update public.rollout_configuration c set quarantined = '{}', updated_at = clock_timestamp() where c.feature_name = feature;
  end if;
  return taken;
end
$$;

-- Releases subjects from quarantine; returns those who were in.
create function public.rollout_release_subjects(feature text, subjects text[], reason text, actor text) returns text[]
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  released text[];
begin
  perform 1 from public.rollout_state for update;
  with ended as (
    update public.rollout_quarantine q set ended_at = clock_timestamp(), ended_by = actor,
      write_back = case when q.write_back = 'done' then 'done' else 'not_needed' end
    where q.feature_name = feature and q.subject_id = any (subjects) and q.ended_at is null
    returning subject_id
  )
  select coalesce(array_agg(e.subject_id order by e.subject_id), '{}') into released from ended e;
  if cardinality(released) > 0 then
    perform set_config('rollout.actor', actor, true), set_config('rollout.action', 'released', true),
      set_config('rollout.reason', reason, true), set_config('rollout.revision', '', true),
      set_config('rollout.metadata', jsonb_build_object('released', released)::text, true);
    update public.rollout_configuration c set quarantined = '{}', updated_at = clock_timestamp() where c.feature_name = feature;
  end if;
  return released;
end
$$;

-- Removes the evidence of subjects in quarantine from the score, as if they had never been in: the remaining evidence
-- is that of the others. For a released subject, evidence that began earlier is removed. Called by the folding
-- process, so by one transaction at a time. True: the levels are not those of the remaining evidence.
create function public.rollout_forget_quarantined(feature text) returns boolean
language plpgsql set search_path = pg_catalog, pg_temp set plan_cache_mode = force_generic_plan as $$
begin
  if not exists (select from public.rollout_quarantine q where q.feature_name = feature) then
    return false;
  end if;
  with forgotten as (
    delete from public.rollout_spans s using (
      select q.subject_id, max(coalesce(q.ended_at, 'infinity')) as until
      from public.rollout_quarantine q where q.feature_name = feature group by 1) b
    where s.feature_name = feature and s.subject_id = b.subject_id and s.started_at < b.until returning s.*
  ), places as (
    select f.epoch, o.scope, o.slice, count(*) as spans, sum(f.jobs) as jobs, sum(f.failed) as failed,
      sum(f.jobs - f.open) as finished, count(*) filter (where f.failed > 0) as failed_spans,
      sum(g.gain[1]) as gain1, sum(g.gain[2]) as gain2, sum(g.gain[3]) as gain3, sum(g.gain[4]) as gain4, sum(g.gain[5]) as gain5
    from forgotten f
    cross join lateral (select public.rollout_scopes(f.measure, f.category) as scopes) n
    cross join lateral (values (n.scopes[1], f.slice), (n.scopes[2], f.category_slice)) o(scope, slice)
    cross join lateral (select public.rollout_span_gain(f.jobs, f.failed) as gain offset 0) g
    where o.slice is not null
    group by 1, 2, 3
  ), written as (
    update public.rollout_slices l set spans = greatest(0, l.spans - p.spans), jobs = greatest(0, l.jobs - p.jobs),
      failed = greatest(0, l.failed - p.failed), finished = greatest(0, l.finished - p.finished),
      opened = least(l.opened, greatest(0, l.jobs - p.jobs)), failed_spans = greatest(0, l.failed_spans - p.failed_spans),
      gain = array[greatest(0, l.gain[1] - p.gain1), greatest(0, l.gain[2] - p.gain2), greatest(0, l.gain[3] - p.gain3),
        greatest(0, l.gain[4] - p.gain4), greatest(0, l.gain[5] - p.gain5)]
    from places p
    where l.feature_name = feature and l.epoch = p.epoch and l.scope = p.scope and l.slice = p.slice
    returning l.epoch, l.scope, l.slice
  ), anew as (
    update public.rollout_levels v set settled_slice = 0, settled_levels = default, settled_pages = default,
      settled_run_slices = default
    where v.feature_name = feature and v.settled_slice > 0 and v.settled_slice >= (
      select min(w.slice) from written w where w.scope = v.scope and w.epoch = v.epoch)
  )
  update public.rollout_timelines t set stale = true
  where t.feature_name = feature and (t.epoch, t.scope) in (select w.epoch, w.scope from written w);
  return found;
end
$$;
select public.rollout_grant_roles();
