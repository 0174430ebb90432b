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
