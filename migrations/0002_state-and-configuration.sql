set local search_path = pg_catalog, pg_temp;

-- One row for the whole database. Its row lock is the history lock: every change of configuration holds it until
-- commit, so generation and history grow in the order in which they become visible.
create table public.rollout_state (
  only_row boolean primary key default true check (only_row),
  environment text,
  generation bigint not null default 0,
  global_stop boolean not null default false,
  global_stop_reason text,
  global_stop_by text,
  global_stop_at timestamptz,
  test_repositories text[] not null default '{}',
  freezes jsonb not null default '[]' constraint freezes_are_days check (
    jsonb_typeof(freezes) = 'array' and jsonb_array_length(freezes) = jsonb_array_length(jsonb_path_query_array(freezes,
      'strict $[*] ? (@.from like_regex "^\\d{4}-\\d\\d-\\d\\d$" && @.to like_regex "^\\d{4}-\\d\\d-\\d\\d$"
        && @.reason.type() == "string")'))),
  policy jsonb constraint policy_is_whole check (policy is null or coalesce(jsonb_typeof(policy -> 'largest_raise') = 'object' and jsonb_typeof(policy -> 'require') = 'array'
      and jsonb_typeof(policy -> 'hours') in ('null', 'object') and jsonb_typeof(policy -> 'largest_category_last') = 'boolean', false)),
  outcomes jsonb constraint outcomes_are_kept_somehow check (outcomes is null or coalesce(
    jsonb_typeof(outcomes) = 'object' and outcomes ->> 'by_subject' in ('full', 'top', 'off')
      and (jsonb_typeof(outcomes -> 'keep_days') = 'null'
        or not outcomes @? 'strict $ ? (@.keep_days < 15 || @.keep_days > 3650 || @.keep_days.floor() != @.keep_days)'
          and jsonb_typeof(outcomes -> 'keep_days') = 'number'), false)),
  subjects_whole_since timestamptz,
  notify jsonb constraint routes_are_whole check (notify is null or coalesce(
    jsonb_typeof(notify) = 'array' and jsonb_array_length(notify) = jsonb_array_length(jsonb_path_query_array(notify,
      'strict $[*] ? (@.to.type() == "string" && @.severity.type() == "string"
        && (@.url_from == null || @.url_from like_regex "^ROLLOUT_NOTIFY_[A-Z0-9_]+$")
        && (@.token_from == null || @.token_from like_regex "^ROLLOUT_NOTIFY_[A-Z0-9_]+$")
        && (@.template == null || @.template.type() == "string")
        && (@.owners == null || @.owners.type() == "array") && (@.features == null || @.features.type() == "array"))')), false)),
  notified_history bigint,
  revision text,
  reconciled_at timestamptz,
  tick_holder text,
  tick_expires_at timestamptz,
  heartbeat_at timestamptz,
  plans_seen text,
  history_id bigint not null default 0,
  history_digest bytea not null default '\x',
  deployments jsonb not null default '{}' constraint deployments_are_numbers check (
    jsonb_typeof(deployments) = 'object' and not deployments @? '$.* ? (@.type() != "number")')
);
comment on table public.rollout_state is 'The controller itself: environment, global stop latch, lease and heartbeat of the tick, and the generation that every change of configuration raises.';
comment on column public.rollout_state.policy is 'Limits that the file reconciled last sets for the changes after it; null: none.';
comment on column public.rollout_state.outcomes is 'How outcomes are kept by subject: by_subject and keep_days of the file; null: every subject by its id.';
comment on column public.rollout_state.subjects_whole_since is 'Since when every subject is kept by its id again; null: it was never otherwise, or is otherwise now.';
comment on column public.rollout_state.notify is 'Where the file reconciled last sends notifications, by names of variables; null: to the webhook of the environment.';
comment on column public.rollout_state.notified_history is 'The last history row whose change of a percentage was notified; null: there are no routes.';
comment on column public.rollout_state.history_id is 'Number of the last history row, so that no number is given twice and a missing tail shows.';
comment on column public.rollout_state.plans_seen is 'Digest of the tip, the history and the open pull requests whose plans were last brought up to date.';
comment on column public.rollout_state.deployments is 'Feature -> number of the history row that was last noted as a deployment.';
insert into public.rollout_state default values;

-- Digest of what the controller last wrote from its own findings: the applied commit, and the ids of names in lists.
-- Neither can be read from the file again, so this digest reveals manual edits.
create function public.rollout_seal(revision text, resolved jsonb) returns text
language sql stable parallel safe set search_path = pg_catalog, pg_temp as $$
  select encode(sha256(convert_to(jsonb_build_array(revision, resolved)::text, 'UTF8')), 'hex')
$$;

-- Maps an attribute to the values that it may have, or may not have.
create function public.rollout_is_filter(value jsonb) returns boolean
language sql immutable parallel safe
return jsonb_typeof(value) = 'object' and value <> '{}'
  and coalesce(not value @? 'strict $.* ? (@.type() != "array" || @.size() == 0)', false)
  and coalesce(not value @? 'strict $.*[*] ? (@.type() != "string")', false);

-- The part of a feature that a library from before attributes would not understand.
create function public.rollout_is_audience(value jsonb) returns boolean
language sql immutable parallel safe
return jsonb_typeof(value) = 'object'
  and value - array['strategy', 'where', 'not', 'group_by', 'whitelist', 'blacklist'] = '{}'
  and coalesce(value ->> 'strategy' in ('percentage', 'whitelist', 'repository_size'), false)
  and (not value ? 'where' or public.rollout_is_filter(value -> 'where'))
  and (not value ? 'not' or public.rollout_is_filter(value -> 'not'))
  and (not value ? 'group_by' or jsonb_typeof(value -> 'group_by') = 'string')
  and coalesce(not value @? 'strict $.keyvalue() ? (@.key == "whitelist" || @.key == "blacklist").value ? (@.type() != "array")', false)
  and not value @? 'lax $.whitelist[*] ? (@.type() != "string")' and not value @? 'lax $.blacklist[*] ? (@.type() != "string")';

create table public.rollout_configuration (
  id uuid not null default gen_random_uuid() unique,
  feature_name text primary key check (length(feature_name) between 1 and 255),
  subject_type text not null default 'repository' check (subject_type in ('repository', 'customer')),
  rollout_strategy text not null default 'percentage'
    check (rollout_strategy in ('percentage', 'whitelist', 'repository_size')),
  rollout_percentage numeric(5, 2) not null default 0 check (rollout_percentage between 0 and 100),
  is_active boolean not null default false,
  emergency_stop boolean not null default false,
  categories text[] check (categories <@ array['test', 'small', 'medium', 'large', 'enterprise']),
  target_repositories text[] not null default '{}',
  excluded_repositories text[] not null default '{}',
  quarantined text[] not null default '{}',
  denied text[] not null generated always as (excluded_repositories || quarantined) stored,
  salt text not null default '',
  audience jsonb constraint audience_is_whole check (audience is null or public.rollout_is_audience(audience)),
  max_error_rate numeric(5, 2) not null default 5,
  monitoring_window_hours numeric(12, 4) not null default 24,
  auto_rollback_enabled boolean not null default true,
  metadata jsonb not null default '{}',
  spec jsonb check (jsonb_typeof(spec) = 'object'),
  spec_digest text,
  resolved jsonb not null default '{}' constraint resolved_are_ids check (
    jsonb_typeof(resolved) = 'object' and not resolved @? 'strict $.* ? (@.type() != "string" && @.type() != "null")'),
  revision text,
  seal text not null default public.rollout_seal(null, '{}'),
  epoch integer not null default 1,
  epoch_started_at timestamptz not null default now(),
  step_started_at timestamptz not null default now(),
  soak_exposed bigint,
  soak_entered bigint not null default 0,
  archived_at timestamptz,
  history_id bigint,
  history_digest bytea,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint audience_has_the_strategy check (audience is null or rollout_strategy = 'whitelist')
);
comment on table public.rollout_configuration is 'One row a feature: what is live. The file rollout.yaml says what should be.';
comment on column public.rollout_configuration.target_repositories is 'Whitelist with owner/name resolved to ids; an entry that nobody matches stands as written.';
comment on column public.rollout_configuration.excluded_repositories is 'Blacklist: ids, and names in lower case.';
comment on column public.rollout_configuration.audience is 'What narrows the feature by facts of the registry: where, not, group_by, owners in the lists, and the strategy, which rollout_strategy then does not show, because an older library would let more subjects in. Null: nothing does.';
comment on column public.rollout_configuration.quarantined is 'Ids in quarantine (rollout_quarantine): out, whatever the file says of them.';
comment on column public.rollout_configuration.denied is 'Blacklist and quarantine: who is out, whatever else admits them.';
comment on column public.rollout_configuration.spec is 'The spec last applied from the file; null for a row that was never reconciled.';
comment on column public.rollout_configuration.resolved is 'owner/name as the file writes it -> subject id, or null where no subject has that name.';
comment on column public.rollout_configuration.revision is 'Commit whose spec was applied last; null outside a repository.';
comment on column public.rollout_configuration.seal is 'Digest of revision and resolved as the controller wrote them. Where it does not fit, both are read from history and put back.';
comment on column public.rollout_configuration.step_started_at is 'When the present soak began: with the step, or with the last time that too many subjects entered.';
comment on column public.rollout_configuration.soak_exposed is 'Subjects that were in when the soak began; null until they are counted.';
comment on column public.rollout_configuration.soak_entered is 'Subjects that entered by the file, its lists and test repositories since the soak began.';
comment on column public.rollout_configuration.history_id is 'Number of the last history row of this feature, so that a missing tail shows.';

-- Entries of the file that a policy refused, for existing and new features.
create table public.rollout_refusals (
  feature_name text primary key check (length(feature_name) between 1 and 255),
  entry jsonb not null check (jsonb_typeof(entry) = 'object'),
  policy jsonb not null constraint refusing_policy_is_whole check (coalesce(jsonb_typeof(policy -> 'largest_raise') = 'object' and jsonb_typeof(policy -> 'require') = 'array'
      and jsonb_typeof(policy -> 'hours') in ('null', 'object') and jsonb_typeof(policy -> 'largest_category_last') = 'boolean', false)),
  refused_at timestamptz not null default now(),
  allowed jsonb check (jsonb_typeof(allowed) = 'object'),
  ended_at timestamptz
);
comment on table public.rollout_refusals is 'What the policy refused, with the policy that did: it stays refused while the entry in the file stays the same.';
comment on column public.rollout_refusals.ended_at is 'When the file said something else of the feature, or the entry was applied; null: it is refused.';
comment on column public.rollout_refusals.allowed is 'Who let this entry through, and why; null: nobody did.';

-- Takes the history lock before the first row is locked: with rows first, two statements over several features could
-- wait for each other.
create function public.rollout_take_history_lock() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  if tg_relid <> 'public.rollout_configuration'::regclass then
    raise exception '% is not a trigger of %', tg_name, tg_relid::regclass using errcode = 'insufficient_privilege';
  end if;
  update public.rollout_state set generation = generation + 1;
  return null;
end
$$;
create trigger rollout_take_history_lock
  before insert or update or delete on public.rollout_configuration
  for each statement execute function public.rollout_take_history_lock();

-- Fills in what SQL by hand may omit: a salt, and the lower-case form in which blacklisted names are matched.
create function public.rollout_normalize_configuration() returns trigger
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  if tg_relid <> 'public.rollout_configuration'::regclass then
    raise exception '% is not a trigger of %', tg_name, tg_relid::regclass using errcode = 'insufficient_privilege';
  end if;
  if new.salt = '' then
    new.salt := new.feature_name;
  end if;
  if new.subject_type = 'repository' then
    new.excluded_repositories := new.excluded_repositories || array(
      select distinct lower(entry collate "C") from unnest(new.excluded_repositories) entry
      where position('/' in entry) > 0 and not lower(entry collate "C") = any (new.excluded_repositories)
    );
  end if;
  return new;
end
$$;
create trigger rollout_normalize_configuration
  before insert or update of feature_name, salt, excluded_repositories, subject_type on public.rollout_configuration
  for each row execute function public.rollout_normalize_configuration();

-- Evidence and soak are counted from these times: if one went back, older jobs would count for a step in which they
-- never ran.
create function public.rollout_keep_time() returns trigger
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  if tg_relid <> 'public.rollout_configuration'::regclass then
    raise exception '% is not a trigger of %', tg_name, tg_relid::regclass using errcode = 'insufficient_privilege';
  end if;
  if coalesce(current_setting('rollout.state', true), '') = 'controlled' then
    return new;
  end if;
  raise exception 'epoch and the times at which epoch and step of % began do not go back', old.feature_name
    using errcode = 'insufficient_privilege',
          hint = format('To go to the next step without waiting, run: rollout advance %s --force --reason ...', old.feature_name);
end
$$;
create trigger rollout_keep_time before update of epoch, epoch_started_at, step_started_at on public.rollout_configuration
  for each row when (new.epoch < old.epoch or new.epoch_started_at < old.epoch_started_at
    or new.step_started_at < old.step_started_at)
  execute function public.rollout_keep_time();

-- After every subject is stored by its id again, queries that count subjects cannot be answered until a whole window
-- has passed.
create function public.rollout_keep_whole_since() returns trigger
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  if tg_relid <> 'public.rollout_state'::regclass then
    raise exception '% is not a trigger of %', tg_name, tg_relid::regclass using errcode = 'insufficient_privilege';
  end if;
  new.subjects_whole_since := case
    when coalesce(new.outcomes ->> 'by_subject', 'full') <> 'full' then null
    when coalesce(old.outcomes ->> 'by_subject', 'full') <> 'full' then clock_timestamp()
    else old.subjects_whole_since end;
  return new;
end
$$;
create trigger rollout_keep_whole_since before update of outcomes on public.rollout_state
  for each row execute function public.rollout_keep_whole_since();

create function public.rollout_announce_state() returns trigger
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  if tg_relid <> 'public.rollout_state'::regclass then
    raise exception '% is not a trigger of %', tg_name, tg_relid::regclass using errcode = 'insufficient_privilege';
  end if;
  perform pg_notify('rollout_changed', '*');
  return null;
end
$$;
create trigger rollout_announce_state
  after update of global_stop, test_repositories on public.rollout_state
  for each row when (old.global_stop is distinct from new.global_stop
    or old.test_repositories is distinct from new.test_repositories)
  execute function public.rollout_announce_state();
