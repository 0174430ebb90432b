set local search_path = pg_catalog, pg_temp;

-- Append-only and chained: each row contains the digest of the row before it. Texts that may name a person or a
-- repository are in the digest only as a seal, salted with a value that only the row has. So a name can be erased
-- from a row, together with its salt, while the chain stays valid; the row's new texts are sealed in the later row
-- that records the erasure.
create table public.rollout_history (
  id bigint primary key,
  feature_name text references public.rollout_configuration (feature_name) on update restrict on delete restrict,
  action text not null check (action in (
    'created', 'updated', 'advanced', 'rollback', 'emergency_stop', 'resumed', 'drift_repaired',
    'drift_adopted', 'archived', 'population_changed', 'quarantined', 'released', 'env_override', 'note', 'forgotten')),
  previous_percentage numeric(5, 2),
  new_percentage numeric(5, 2),
  reason text,
  triggered_by text not null,
  session_role text not null,
  verified_by text,
  revision text,
  epoch integer,
  metadata jsonb not null default '{}',
  created_at timestamptz not null,
  salt bytea not null,
  seal bytea not null,
  previous_digest bytea not null,
  digest bytea not null
);
create index rollout_history_feature on public.rollout_history (feature_name, id);
create index rollout_history_created on public.rollout_history (created_at);
comment on table public.rollout_history is 'Who switched what, when and why. Rows are only ever added; check with: select * from public.rollout_verify_history().';
comment on column public.rollout_history.triggered_by is 'The actor as claimed; session_role is the role the server saw.';
comment on column public.rollout_history.verified_by is 'Who it was as a proxy or an issuer of tokens proved to the server that wrote the row; null: nobody proved who it was.';
comment on column public.rollout_history.salt is 'Chance, so that nobody finds out by trying what a seal was made of. A new one where a name was erased.';
comment on column public.rollout_history.seal is 'Digest of the salt and the texts as they were when the row was written.';

-- Seals the texts of a row with its salt.
create function public.rollout_history_seal(entry public.rollout_history) returns bytea
language sql stable set search_path = pg_catalog, pg_temp as $$
  select sha256(entry.salt || convert_to(jsonb_build_array(entry.reason, entry.metadata)::text, 'UTF8'))
$$;

-- Uses seconds since 1970, because a timestamp's text depends on the session's time zone and date style.
create function public.rollout_history_digest(entry public.rollout_history) returns bytea
language sql stable set search_path = pg_catalog, pg_temp as $$
  select sha256(entry.previous_digest || convert_to(jsonb_build_array(
    entry.id, entry.feature_name, entry.action, entry.previous_percentage, entry.new_percentage,
    entry.triggered_by, entry.session_role, entry.verified_by, entry.revision, entry.epoch, encode(entry.seal, 'hex'),
    extract(epoch from entry.created_at))::text, 'UTF8'))
$$;

-- Numbers, chains and signs every row. A row that the controller's own functions did not write becomes a note: the
-- call stack is the one thing that a statement cannot claim. Its second line is the statement that inserts, its third
-- the function that ran it, in the language of the server; no comment can pass for the end of the second.
create function public.rollout_chain_history() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  stack text;
begin
  if tg_relid <> 'public.rollout_history'::regclass then
    raise exception '% is not a trigger of %', tg_name, tg_relid::regclass using errcode = 'insufficient_privilege';
  end if;
  get diagnostics stack = pg_context;
  if stack !~ ('^([^\n]+?)public\.rollout_chain_history\(\)[^\n]*\n'
    '[^\n/*-]{1,30}insert into public\.rollout_history select entry\.\*[^\n/*,''$-]{1,3}\n'
    '\1public\.rollout_(record_change|append_history)\(') then
    new.action := 'note';
    new.created_at := null;
    -- What history says of a spec, only the controller says.
    if new.metadata ? 'spec' then
      new.metadata := jsonb_build_object('claimed', new.metadata);
    end if;
  end if;
  select s.history_id + 1, s.history_digest into new.id, new.previous_digest from public.rollout_state s for update;
  new.created_at := coalesce(new.created_at, clock_timestamp());
  new.session_role := session_user;
  new.triggered_by := coalesce(
    new.triggered_by, nullif(current_setting('rollout.actor', true), ''), 'sql:' || session_user);
  new.verified_by := nullif(current_setting('rollout.verified_by', true), '');
  new.salt := uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid());
  new.seal := public.rollout_history_seal(new);
  new.digest := public.rollout_history_digest(new);
  update public.rollout_state set history_id = new.id, history_digest = new.digest;
  return new;
end
$$;
create trigger rollout_chain_history before insert on public.rollout_history
  for each row execute function public.rollout_chain_history();

create function public.rollout_head_history() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  if tg_relid <> 'public.rollout_history'::regclass then
    raise exception '% is not a trigger of %', tg_name, tg_relid::regclass using errcode = 'insufficient_privilege';
  end if;
  update public.rollout_configuration set history_id = new.id, history_digest = new.digest
  where feature_name = new.feature_name;
  return null;
end
$$;
create trigger rollout_head_history after insert on public.rollout_history
  for each row when (new.feature_name is not null) execute function public.rollout_head_history();

create function public.rollout_refuse_history_change() returns trigger
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  stack text;
begin
  if tg_relid <> 'public.rollout_history'::regclass then
    raise exception '% is not a trigger of %', tg_name, tg_relid::regclass using errcode = 'insufficient_privilege';
  end if;
  -- A subject is erased from the texts of rows; the call stack is the one thing that a statement cannot claim.
  if tg_op = 'UPDATE' then
    get diagnostics stack = pg_context;
    if stack ~ ('^([^\n]+?)public\.rollout_refuse_history_change\(\)[^\n]*\n'
      '[^\n/*-]{1,30}update public\.rollout_history h set reason = public\.rollout_erased\(h\.reason, [^\n/*$-]+, salt = uuid_send\(gen_random_uuid\(\)\) \|\| uuid_send\(gen_random_uuid\(\)\) where h\.id = any \(touched\)[^\n/*,''$-]{1,3}\n'
      '\1public\.rollout_forget\(') then
      return new;
    end if;
  end if;
  raise exception 'rollout_history is append-only: % is refused', tg_op
    using errcode = 'insufficient_privilege',
          hint = 'To add a remark, insert a row: it is kept as a note.';
end
$$;
create trigger rollout_refuse_history_change before update or delete on public.rollout_history
  for each row execute function public.rollout_refuse_history_change();
create trigger rollout_refuse_history_truncate before truncate on public.rollout_history
  for each statement execute function public.rollout_refuse_history_change();
alter table public.rollout_history enable always trigger rollout_refuse_history_change;
alter table public.rollout_history enable always trigger rollout_refuse_history_truncate;

-- Records an incident whose state this transaction changes, for its next history row.
create function public.rollout_mention(incident bigint, state text) returns void
language sql set search_path = pg_catalog, pg_temp as $$
  select set_config('rollout.incidents', (
    coalesce(nullif(current_setting('rollout.incidents', true), ''), '{}')::jsonb
    || jsonb_build_object(incident, state))::text, true)
  where incident is not null
$$;

-- Adds the incidents that were mentioned since the preceding history row to a row's details.
create function public.rollout_with_incidents(details jsonb) returns jsonb
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  mentioned jsonb := nullif(current_setting('rollout.incidents', true), '')::jsonb;
begin
  if mentioned is null then
    return details;
  end if;
  perform set_config('rollout.incidents', '', true);
  return details || jsonb_build_object('incidents', coalesce(details -> 'incidents', '{}') || mentioned);
end
$$;

-- For events without a change of a configuration row. `happened_at` is for migrated rows. Only for the owner: other
-- functions restrict the contents.
create function public.rollout_append_history(
  feature text, action text, reason text, metadata jsonb default '{}', actor text default null,
  previous_percentage numeric default null, new_percentage numeric default null,
  revision text default null, happened_at timestamptz default null
) returns bigint
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  entry public.rollout_history;
begin
  entry.feature_name := feature;
  entry.action := action;
  entry.reason := reason;
  entry.metadata := public.rollout_with_incidents(coalesce(metadata, '{}'));
  entry.triggered_by := actor;
  entry.previous_percentage := previous_percentage;
  entry.new_percentage := new_percentage;
  entry.revision := revision;
  entry.epoch := (select c.epoch from public.rollout_configuration c where c.feature_name = feature);
  entry.created_at := happened_at;
  insert into public.rollout_history select entry.*;
  return (select s.history_id from public.rollout_state s);
end
$$;

-- Entries that the controller itself may add to history.
create function public.rollout_add_history(
  feature text, action text, reason text, metadata jsonb default '{}', actor text default null
) returns bigint
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  if coalesce(action, '') not in ('note', 'population_changed') then
    raise exception '% is written with the change that it tells of, never alone', coalesce(action, 'null')
      using errcode = 'invalid_parameter_value', hint = 'Add a note.';
  end if;
  if metadata ? 'spec' then
    metadata := jsonb_build_object('claimed', metadata);
  end if;
  return public.rollout_append_history(feature, action, reason, metadata, actor);
end
$$;

-- The deciding columns as JSON with the names of rollout.yaml; lists resolved.
create function public.rollout_exposure(c public.rollout_configuration) returns jsonb
language sql immutable parallel safe
return jsonb_build_object(
    'active', c.is_active, 'emergency_stop', c.emergency_stop, 'strategy', coalesce(c.audience ->> 'strategy', c.rollout_strategy),
    'percentage', c.rollout_percentage, 'categories', to_jsonb(c.categories),
    'whitelist', to_jsonb(c.target_repositories) || coalesce(c.audience -> 'whitelist', '[]'),
    'blacklist', to_jsonb(c.excluded_repositories) || coalesce(c.audience -> 'blacklist', '[]'),
    'salt', c.salt) || (coalesce(c.audience, '{}') - array['strategy', 'whitelist', 'blacklist']);

-- Records every change of a configuration row, whoever made it. The settings rollout.* are the claim of the session
-- and apply to its transaction; without them the change counts as SQL by hand.
create function public.rollout_record_change() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  -- What the controller counts of a soak is its own affair; by hand it is a change like another.
  bookkeeping constant text[] := array['history_id', 'history_digest', 'updated_at'] || case
    when current_setting('rollout.state', true) = 'controlled' then array['soak_exposed', 'soak_entered'] end;
  told constant text[] := array['spec', 'resolved', 'applied', 'subject', 'archived', 'before', 'seals'];
  by_hand text := 'created';
  details jsonb;
  entry public.rollout_history;
begin
  if tg_relid <> 'public.rollout_configuration'::regclass then
    raise exception '% is not a trigger of %', tg_name, tg_relid::regclass using errcode = 'insufficient_privilege';
  end if;
  if tg_op = 'UPDATE' then
    if to_jsonb(new) - bookkeeping = to_jsonb(old) - bookkeeping then
      return null;
    end if;
    entry.previous_percentage := old.rollout_percentage;
    by_hand := case when new.emergency_stop and not old.emergency_stop then 'emergency_stop' else 'updated' end;
  end if;
  -- What the row says is never what the session claims.
  details := coalesce(nullif(current_setting('rollout.metadata', true), '')::jsonb, '{}') - told
    || jsonb_build_object(
      'spec', (coalesce(new.spec, '{}') - array['where', 'not', 'group_by']) || public.rollout_exposure(new), 'resolved', new.resolved,
      'applied', new.revision, 'subject', new.subject_type, 'archived', new.archived_at is not null);
  if tg_op = 'UPDATE' and public.rollout_exposure(new) <> public.rollout_exposure(old) then
    details := details || jsonb_build_object('before', public.rollout_exposure(old));
  end if;
  entry.feature_name := new.feature_name;
  -- What was erased is told by rollout_forget alone: its row says what other rows say by now.
  entry.action := coalesce(nullif(nullif(current_setting('rollout.action', true), ''), 'forgotten'), by_hand);
  entry.new_percentage := new.rollout_percentage;
  entry.reason := coalesce(nullif(current_setting('rollout.reason', true), ''), 'changed by SQL');
  entry.revision := nullif(current_setting('rollout.revision', true), '');
  entry.epoch := new.epoch;
  entry.metadata := public.rollout_with_incidents(details);
  insert into public.rollout_history select entry.*;
  perform pg_notify('rollout_changed', new.feature_name);
  return null;
end
$$;
create trigger rollout_record_change after insert or update on public.rollout_configuration
  for each row execute function public.rollout_record_change();

-- The applied commit and the ids of names, as the controller wrote them: from the row if its seal fits, otherwise
-- from the history row that the seal fits, otherwise from the last row that was not made by hand.
create function public.rollout_sealed(c public.rollout_configuration)
returns table (revision text, resolved jsonb)
language sql stable set search_path = pg_catalog, pg_temp as $$
  select c.revision, c.resolved where c.seal = public.rollout_seal(c.revision, c.resolved)
  union all
  select said.revision, said.resolved from (
    select found.revision, found.resolved from (
      select 1 as source, h.id, h.metadata ->> 'applied' as revision, h.metadata -> 'resolved' as resolved,
        public.rollout_seal(h.metadata ->> 'applied', h.metadata -> 'resolved') = c.seal as fits,
        h.reason <> 'changed by SQL' as controlled
      from public.rollout_history h
      where h.feature_name = c.feature_name and h.action <> 'note' and h.metadata ? 'resolved'
      union all
      select 2, null, null, '{}', false, true
    ) found
    where c.seal <> public.rollout_seal(c.revision, c.resolved) and (found.fits or found.controlled)
    order by found.fits desc, found.source, found.id desc
    limit 1
  ) said
$$;

-- Records SQL by hand on the controller's own state in history; the controller's functions mark their writes by a
-- claim of the transaction. Changes of freezes, policy and the way in which outcomes are stored are recorded whoever
-- made them: they decide when and how far a feature may be raised, and on what evidence.
create function public.rollout_record_state() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  kept constant text[] := array['environment', 'revision', 'freezes', 'policy', 'outcomes', 'notify', 'test_repositories', 'global_stop',
    'global_stop_reason', 'global_stop_by', 'global_stop_at'];
  noted constant jsonb := '{"freezes": "the freezes", "policy": "the policy", "outcomes": "how outcomes are kept"}';
  by_hand boolean := coalesce(current_setting('rollout.state', true), '') <> 'controlled';
  changed text[];
begin
  if tg_relid <> 'public.rollout_state'::regclass then
    raise exception '% is not a trigger of %', tg_name, tg_relid::regclass using errcode = 'insufficient_privilege';
  end if;
  changed := array(
    select k.name from unnest(kept) with ordinality k(name, place)
    where to_jsonb(new) -> k.name <> to_jsonb(old) -> k.name
      and (by_hand or (noted ? k.name and old.environment is not null)) order by k.place);
  if cardinality(changed) > 0 then
    perform public.rollout_append_history(null, 'note',
      case when by_hand then 'rollout_state was changed by SQL: ' || array_to_string(changed, ', ')
        when changed = array['policy'] then 'the policy of the file was applied'
        when changed = array['freezes'] then 'the freezes of the file were applied'
        else 'what the file says was applied: '
          || (select string_agg(noted ->> c.name, ', ' order by c.place) from unnest(changed) with ordinality c(name, place)) end,
      jsonb_build_object(
        'before', (select jsonb_object_agg(key, value) from jsonb_each(to_jsonb(old)) where key = any (changed)),
        'after', (select jsonb_object_agg(key, value) from jsonb_each(to_jsonb(new)) where key = any (changed))));
  end if;
  return null;
end
$$;
create trigger rollout_record_state after update on public.rollout_state
  for each row when (
    (old.environment, old.revision, old.freezes, old.policy, old.outcomes, old.notify, old.test_repositories, old.global_stop, old.global_stop_reason,
      old.global_stop_by, old.global_stop_at)
    is distinct from (new.environment, new.revision, new.freezes, new.policy, new.outcomes, new.notify, new.test_repositories, new.global_stop,
      new.global_stop_reason, new.global_stop_by, new.global_stop_at))
  execute function public.rollout_record_state();

-- Verifies the chain once. `expect` is a digest, in hexadecimal, that a commit, a deployment or a report contains.
create function public.rollout_verify_history(expect text default null)
returns table (valid boolean, entries bigint, first_bad bigint, problem text)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  with erased as (
    -- The seals of rows from which a name was erased since, the newest of each.
    select distinct on (1) (e.pair -> 0)::bigint as id, decode(e.pair ->> 1, 'hex') as seal
    from public.rollout_history h, jsonb_array_elements(h.metadata -> 'seals') e(pair)
    where h.action = 'forgotten' and (e.pair -> 0)::bigint < h.id order by 1, h.id desc
  ), chain as (
    select h.id, h.previous_digest, h.digest,
      public.rollout_history_digest(h) as computed,
      public.rollout_history_seal(h) = coalesce(e.seal, h.seal) as sealed,
      coalesce(lag(h.id) over by_id, 0) as before_id,
      coalesce(lag(h.digest) over by_id, '\x'::bytea) as before_digest
    from public.rollout_history h left join erased e on e.id = h.id
    window by_id as (order by h.id)
  ), faults as (
    select case when id <> before_id + 1 then before_id + 1 else id end as id, case
        when id <> before_id + 1 then format('row %s is missing', before_id + 1)
        when digest <> computed or not sealed then format('row %s was changed after it was written', id)
        else format('row %s does not follow from the row before it', id)
      end as problem
    from chain
    where id <> before_id + 1 or previous_digest <> before_digest or digest <> computed or not sealed
    union all
    select s.history_id, format('row %s, the last, is missing or was changed', s.history_id)
    from public.rollout_state s left join public.rollout_history h on h.id = s.history_id
    where s.history_id > 0 and h.digest is distinct from s.history_digest
    union all
    select min(h.id), 'the row was not numbered by the controller'
    from public.rollout_history h, public.rollout_state s where h.id > s.history_id having count(*) > 0
    union all
    select c.history_id, format('row %s, the last of feature %s, is missing or was changed', c.history_id, c.feature_name)
    from public.rollout_configuration c left join public.rollout_history h on h.id = c.history_id
    where c.history_id is not null and h.digest is distinct from c.history_digest
    union all
    select coalesce(max(h.id), 0) + 1, 'no row has the expected digest: the tail is missing or was rewritten'
    from public.rollout_history h
    having expect is not null and not coalesce(bool_or(encode(h.digest, 'hex') = lower(expect)), false)
  ), first as (
    select f.id, f.problem from faults f order by f.id, f.problem limit 1
  )
  select not exists (select 1 from first), (select count(*) from public.rollout_history),
    (select first.id from first), (select first.problem from first)
$$;
