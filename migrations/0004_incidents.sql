create table rollout_incidents (
  id bigint generated always as identity primary key,
  feature_name text not null references rollout_configuration (feature_name),
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
  superseded_by bigint references rollout_incidents (id),
  write_back text not null default 'pending' check (write_back in ('pending', 'proposed', 'done', 'not_needed')),
  write_back_commit text,
  write_back_pull_request integer,
  write_back_attempts integer not null default 0,
  write_back_error text,
  issue_number integer
);
create unique index rollout_incidents_one_open on rollout_incidents (feature_name) where state = 'open';
create index rollout_incidents_feature on rollout_incidents (feature_name, id);
comment on table rollout_incidents is 'Rollbacks, stops and reductions by hand. While one is open it is a hold: nothing raises the feature.';
comment on column rollout_incidents.held is 'Exposure that may be live while the incident is open.';
comment on column rollout_incidents.before is 'Exposure before it; a resume may go up to its percentage.';
comment on column rollout_incidents.permit is 'Leave of a person to raise the feature again: ceiling, granted_by, reason, expires_at.';

-- A new incident takes the place of the open one and inherits what still has to be written back.
create function rollout_open_incident(
  feature text, kind text, severity text, reason text, held jsonb, before jsonb,
  evidence jsonb default '{}', actor text default null
) returns bigint
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  earlier rollout_incidents;
  opened bigint;
begin
  update rollout_incidents i set state = 'superseded'
  where i.feature_name = feature and i.state = 'open'
  returning * into earlier;
  insert into rollout_incidents
    (feature_name, kind, severity, reason, held, before, evidence, opened_by,
     write_back_pull_request, issue_number)
  values
    (feature, rollout_open_incident.kind, rollout_open_incident.severity, rollout_open_incident.reason,
     rollout_open_incident.held, coalesce(earlier.before, rollout_open_incident.before),
     coalesce(rollout_open_incident.evidence, '{}'),
     coalesce(actor, nullif(current_setting('rollout.actor', true), ''), 'sql:' || session_user),
     earlier.write_back_pull_request, earlier.issue_number)
  returning id into opened;
  update rollout_incidents set superseded_by = opened where id = earlier.id;
  return opened;
end
$$;
