-- What people are told of an incident where its file is kept.
alter table rollout_incidents
  add column write_back_url text,
  add column issue_digest text,
  add column issue_closed boolean not null default false;
comment on column rollout_incidents.write_back_url is 'Where a person can open the pull request that the controller may not open.';
comment on column rollout_incidents.issue_number is 'Issue of the incident, or until it has one of its own (issue_digest) that of the incident it supersedes.';
comment on column rollout_incidents.issue_digest is 'Digest of what its own issue says; null: there is none yet.';
comment on column rollout_incidents.issue_closed is 'The issue says how it ended and is closed.';

alter table rollout_state add column deployments jsonb not null default '{}';
comment on column rollout_state.deployments is 'Feature -> number of the history row that was last noted as a deployment.';
