set local search_path = pg_catalog, pg_temp;

-- Is a value a valid exposure, in the form of rollout_exposure()? Readers rely on that.
create function public.rollout_is_exposure(value jsonb) returns boolean
language sql immutable parallel safe
return coalesce(value @? 'strict $ ? (
    @.active.type() == "boolean" && @.emergency_stop.type() == "boolean" && @.salt.type() == "string"
    && (@.strategy == "percentage" || @.strategy == "whitelist" || @.strategy == "repository_size")
    && @.percentage.type() == "number" && @.percentage >= 0 && @.percentage <= 100
    && @.whitelist.type() == "array" && !exists(@.whitelist[*] ? (@.type() != "string"))
    && @.blacklist.type() == "array" && !exists(@.blacklist[*] ? (@.type() != "string"))
    && (@.categories.type() == "null" || @.categories.type() == "array"
      && !exists(@.categories[*] ? (@.type() != "string" || !(@ == "test" || @ == "small" || @ == "medium"
        || @ == "large" || @ == "enterprise")))))', false)
  and (not value ? 'where' or public.rollout_is_filter(value -> 'where'))
  and (not value ? 'not' or public.rollout_is_filter(value -> 'not'))
  and (not value ? 'group_by' or jsonb_typeof(value -> 'group_by') = 'string');

create table public.rollout_incidents (
  id bigint generated always as identity primary key,
  feature_name text not null references public.rollout_configuration (feature_name),
  kind text not null check (kind in ('rollback', 'emergency_stop', 'drift')),
  state text not null default 'open' check (state in ('open', 'settled', 'resumed', 'superseded')),
  severity text not null default 'warning' check (severity in ('info', 'warning', 'critical')),
  reason text not null,
  evidence jsonb not null default '{}' constraint evidence_is_an_object check (
    jsonb_typeof(evidence) = 'object' and coalesce(evidence -> 'via', '"commit"') in ('"commit"', '"pull_request"')),
  held jsonb not null constraint held_is_an_exposure check (public.rollout_is_exposure(held)),
  before jsonb constraint before_is_an_exposure check (public.rollout_is_exposure(before) or before is null),
  permit jsonb constraint permit_is_complete check (permit is null or (
    public.rollout_is_exposure(permit -> 'ceiling') and jsonb_typeof(permit -> 'reason') = 'string'
    and jsonb_typeof(permit -> 'granted_by') = 'string' and jsonb_typeof(permit -> 'expires_at') = 'string'
    and (permit ->> 'expires_at')::timestamptz is not null)),
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
  issue_state text check (issue_state in ('unsure', 'told', 'off')),
  issue_digest text,
  issue_closed boolean not null default false,
  merged_digest text
);
create unique index rollout_incidents_one_open on public.rollout_incidents (feature_name) where state = 'open';
create index rollout_incidents_feature on public.rollout_incidents (feature_name, id);
comment on table public.rollout_incidents is 'Rollbacks, stops and reductions by hand. While one is open it is a hold: nothing raises the feature.';
comment on column public.rollout_incidents.held is 'Exposure that may be live while the incident is open, and the kind of its subjects.';
comment on column public.rollout_incidents.before is 'Exposure before it; a resume may go up to its percentage.';
comment on column public.rollout_incidents.permit is 'Leave of a person to raise the feature again: ceiling, granted_by, reason, expires_at.';
comment on column public.rollout_incidents.write_back_url is 'Where a person can open the pull request that the controller may not open.';
comment on column public.rollout_incidents.issue_number is 'Issue of the incident, or until it has one of its own (issue_digest) that of the incident it supersedes.';
comment on column public.rollout_incidents.issue_state is 'unsure: just created, and another run may have created one too; told: it says what issue_digest digests; off: the repository has issues switched off.';
comment on column public.rollout_incidents.issue_digest is 'Digest of what its own issue says; null: there is none yet.';
comment on column public.rollout_incidents.merged_digest is 'Digest of what the merged pull request that brought the feature there says of it; null: nothing.';
comment on column public.rollout_incidents.issue_closed is 'The issue says how it ended and is closed.';

-- A feature's subject type, to be stored with an incident's held state: subjects of another type are all others.
create function public.rollout_kind_of(feature text) returns jsonb
language sql stable set search_path = pg_catalog, pg_temp as $$
  select jsonb_build_object('subject', c.subject_type) from public.rollout_configuration c where c.feature_name = feature
$$;

-- A new incident replaces the open one and inherits its remaining write-back.
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
     rollout_open_incident.held || public.rollout_kind_of(feature), coalesce(earlier.before, rollout_open_incident.before),
     coalesce(rollout_open_incident.evidence, '{}'),
     coalesce(actor, nullif(current_setting('rollout.actor', true), ''), 'sql:' || session_user),
     earlier.write_back_pull_request, earlier.issue_number)
  returning id into opened;
  update public.rollout_incidents set superseded_by = opened where id = earlier.id;
  perform public.rollout_mention(earlier.id, 'superseded'), public.rollout_mention(opened, 'open');
  return opened;
end
$$;

-- Was a visible row written by this transaction, or by a subtransaction (which has a later number)? A later
-- transaction that is still running would not be visible.
create function public.rollout_written_here(row_xmin xid) returns boolean
language sql volatile set search_path = pg_catalog, pg_temp as $$
  select case when age(row_xmin) <= 0 then
    pg_xact_status((pg_current_xact_id()::text::bigint - age(row_xmin))::text::xid8) = 'in progress'
  else false end
$$;

-- Protects the held state: it decides what may be live while the incident is open, and only a reconcile that reopens
-- the incident may change it. The call stack is the one thing that a statement cannot claim.
create function public.rollout_keep_held() returns trigger
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  stack text;
begin
  if tg_relid <> 'public.rollout_incidents'::regclass then
    raise exception '% is not a trigger of %', tg_name, tg_relid::regclass using errcode = 'insufficient_privilege';
  end if;
  get diagnostics stack = pg_context;
  if stack !~ ('^([^\n]+?)public\.rollout_keep_held\(\)[^\n]*\n'
    '[^\n/*-]{1,30}update public\.rollout_incidents i set held = exposure where i\.id = incident[^\n/*,''$-]{1,3}\n'
    '\1public\.rollout_reopen_incident\(')
    and stack !~ ('^([^\n]+?)public\.rollout_keep_held\(\)[^\n]*\n'
    '[^\n/*-]{1,30}update public\.rollout_incidents i set held = public\.rollout_erased\(i\.held, subject, names, alias\) where i\.id = t\.id[^\n/*,''$-]{1,3}\n'
    '\1public\.rollout_forget\(') then
    raise exception 'held of incident % is not changed by SQL', old.id
      using errcode = 'insufficient_privilege',
            hint = format('To raise the feature, run: rollout resume %s --reason ...', old.feature_name);
  end if;
  return new;
end
$$;
create trigger rollout_keep_held before update of held on public.rollout_incidents
  for each row when (old.held is distinct from new.held) execute function public.rollout_keep_held();

-- Reopens a settled incident; the live exposure may be less than the held one.
create function public.rollout_reopen_incident(incident bigint, exposure jsonb) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  -- Its old write-back may be gone from the history; it would never be found contained again.
  update public.rollout_incidents i set state = 'open', write_back = 'pending', write_back_commit = null, settled_at = null
  where i.id = incident and i.state = 'settled';
  if found then
    exposure := exposure || public.rollout_kind_of((select i.feature_name from public.rollout_incidents i where i.id = incident));
    update public.rollout_incidents i set held = exposure where i.id = incident;
    perform public.rollout_mention(incident, 'open');
  end if;
end
$$;

-- Records every change of an incident's state or permit in history: if the transaction wrote no row that names the
-- incident with its final state, or its permit, this adds a note. Deferred to the end, because a rollback opens its
-- incident first.
create function public.rollout_record_incident() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  told constant text[] := array['state', 'held', 'permit'];
  entry record;
begin
  if tg_relid <> 'public.rollout_incidents'::regclass then
    raise exception '% is not a trigger of %', tg_name, tg_relid::regclass using errcode = 'insufficient_privilege';
  end if;
  -- Rows that this transaction wrote are the last: it holds the history lock.
  for entry in
    select h.metadata, h.xmin as written_by from public.rollout_history h
    where h.feature_name = new.feature_name order by h.id desc
  loop
    exit when not public.rollout_written_here(entry.written_by);
    if entry.metadata #>> array['incidents', new.id::text] = new.state or (
      tg_op = 'UPDATE' and old.state = new.state and entry.metadata ->> 'incident' = new.id::text
      and entry.metadata #> '{permit,ceiling}' = new.permit -> 'ceiling')
    then
      return null;
    end if;
  end loop;
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
