set local search_path = pg_catalog, pg_temp;

create table public.rollout_incidents (
  id bigint generated always as identity primary key,
  feature_name text not null references public.rollout_configuration (feature_name),
  kind text not null check (kind in ('rollback', 'emergency_stop', 'drift')),
  state text not null default 'open' check (state in ('open', 'settled', 'resumed', 'superseded')),
  severity text not null default 'warning' check (severity in ('info', 'warning', 'critical')),
  reason text not null,
  evidence jsonb not null default '{}',
  held jsonb not null,
  before jsonb,
  permit jsonb,
  opened_at timestamptz not null default clock_timestamp(),
  opened_by text not null,
  settled_at timestamptz,
  settled_by text,
  resumed_at timestamptz,
  resumed_by text,
  superseded_by bigint references public.rollout_incidents (id),
  write_back text not null default 'pending' check (write_back in ('pending', 'proposed', 'done', 'not_needed')),
  write_back_commit text,
  write_back_pull_request integer,
  write_back_attempts integer not null default 0,
  write_back_error text,
  issue_number integer,
  write_back_url text,
  issue_digest text,
  issue_closed boolean not null default false
);
create unique index rollout_incidents_one_open on public.rollout_incidents (feature_name) where state = 'open';
create index rollout_incidents_feature on public.rollout_incidents (feature_name, id);
comment on table public.rollout_incidents is 'Rollbacks, stops and reductions by hand. While one is open it is a hold: nothing raises the feature.';
comment on column public.rollout_incidents.held is 'Exposure that may be live while the incident is open.';
comment on column public.rollout_incidents.before is 'Exposure before it; a resume may go up to its percentage.';
comment on column public.rollout_incidents.permit is 'Leave of a person to raise the feature again: ceiling, granted_by, reason, expires_at.';
comment on column public.rollout_incidents.write_back_url is 'Where a person can open the pull request that the controller may not open.';
comment on column public.rollout_incidents.issue_number is 'Issue of the incident, or until it has one of its own (issue_digest) that of the incident it supersedes.';
comment on column public.rollout_incidents.issue_digest is 'Digest of what its own issue says; null: there is none yet.';
comment on column public.rollout_incidents.issue_closed is 'The issue says how it ended and is closed.';

-- A new incident takes the place of the open one and inherits what still has to be written back.
create function public.rollout_open_incident(
  feature text, kind text, severity text, reason text, held jsonb, before jsonb,
  evidence jsonb default '{}', actor text default null
) returns bigint
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  earlier public.rollout_incidents;
  opened bigint;
begin
  update public.rollout_incidents i set state = 'superseded'
  where i.feature_name = feature and i.state = 'open'
  returning * into earlier;
  insert into public.rollout_incidents
    (feature_name, kind, severity, reason, held, before, evidence, opened_by,
     write_back_pull_request, issue_number)
  values
    (feature, rollout_open_incident.kind, rollout_open_incident.severity, rollout_open_incident.reason,
     rollout_open_incident.held, coalesce(earlier.before, rollout_open_incident.before),
     coalesce(rollout_open_incident.evidence, '{}'),
     coalesce(actor, nullif(current_setting('rollout.actor', true), ''), 'sql:' || session_user),
     earlier.write_back_pull_request, earlier.issue_number)
  returning id into opened;
  update public.rollout_incidents set superseded_by = opened where id = earlier.id;
  return opened;
end
$$;

-- Was a row that is visible written by this transaction, or by a part of it that can be rolled back alone (those have
-- later numbers)? A later transaction that is not over would not be visible.
create function public.rollout_written_here(row_xmin xid) returns boolean
language sql volatile set search_path = pg_catalog, pg_temp as $$
  select case when age(row_xmin) <= 0 then
    pg_xact_status((pg_current_xact_id()::text::bigint - age(row_xmin))::text::xid8) = 'in progress'
  else false end
$$;

-- A change of what an incident holds or permits is in history, whoever made it: where the transaction that made it
-- wrote no row of its feature, this writes a note. Asked at its end, because a rollback opens its incident first.
create function public.rollout_record_incident() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  told constant text[] := array['state', 'held', 'permit'];
begin
  if tg_relid <> 'public.rollout_incidents'::regclass then
    raise exception '% is not a trigger of %', tg_name, tg_relid::regclass using errcode = 'insufficient_privilege';
  end if;
  if exists (
    select from public.rollout_configuration c join public.rollout_history h on h.id = c.history_id
    where c.feature_name = new.feature_name and public.rollout_written_here(h.xmin)
  ) then
    return null;
  end if;
  perform public.rollout_append_history(new.feature_name, 'note',
    format('incident %s was %s by SQL', new.id, case tg_op when 'INSERT' then 'opened' else 'changed' end),
    jsonb_strip_nulls(jsonb_build_object('incident', new.id,
      'before', case when tg_op = 'UPDATE' then (
        select jsonb_object_agg(key, value) from jsonb_each(to_jsonb(old)) where key = any (told)) end,
      'after', (select jsonb_object_agg(key, value) from jsonb_each(to_jsonb(new)) where key = any (told)))));
  return null;
end
$$;
create constraint trigger rollout_record_new_incident after insert on public.rollout_incidents
  deferrable initially deferred for each row execute function public.rollout_record_incident();
create constraint trigger rollout_record_incident after update on public.rollout_incidents
  deferrable initially deferred for each row
  when ((old.state, old.held, old.permit) is distinct from (new.state, new.held, new.permit))
  execute function public.rollout_record_incident();
