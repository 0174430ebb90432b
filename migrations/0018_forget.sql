set local search_path = pg_catalog, pg_temp;

-- Erasing a subject: a random alias replaces it everywhere, so that counts and lists stay valid while nobody can be
-- found by them. The texts of a history row are sealed again in the row that records the erasure.

-- Does a text contain the id or one of the names? Names are given in lower case. Quick, and in doubt true.
create function public.rollout_mentions(said text, id text, names text[]) returns boolean
language sql immutable parallel safe set search_path = pg_catalog, pg_temp as $$
  select said is not null and (position(id in said) > 0
    or exists (select from unnest(names) n(name) where position(n.name in lower(said collate "C")) > 0))
$$;

-- Returns a text without the id and the names as whole words. An id of fewer than five digits may be any number: it
-- is replaced only if it is the whole text.
create function public.rollout_erased(said text, id text, names text[], alias text) returns text
language plpgsql immutable set search_path = pg_catalog, pg_temp as $$
declare
  word text;
begin
  if not public.rollout_mentions(said, id, names) then
    return said;
  elsif said = id or lower(said collate "C") = any (names) then
    return alias;
  end if;
  foreach word in array names || case when id ~ '^\d{1,4}$' then '{}' else array[id] end loop
    said := regexp_replace(said, '(?<![[:alnum:]_-])' || regexp_replace(word, '([^[:alnum:]_/ -])', '\\\1', 'g')
      || '(?![[:alnum:]_-])', alias, case when word = id then 'g' else 'gi' end);
  end loop;
  return said;
end
$$;

-- Returns a JSON value without them: in its texts, and in the keys of its objects.
create function public.rollout_erased(said jsonb, id text, names text[], alias text) returns jsonb
language plpgsql immutable set search_path = pg_catalog, pg_temp as $$
begin
  if said is null or not public.rollout_mentions(said::text, id, names) then
    return said;
  end if;
  case jsonb_typeof(said)
    when 'string' then
      return to_jsonb(public.rollout_erased(said #>> '{}', id, names, alias));
    when 'array' then
      return (select coalesce(jsonb_agg(public.rollout_erased(e.value, id, names, alias) order by e.place), '[]')
        from jsonb_array_elements(said) with ordinality e(value, place));
    when 'object' then
      return (select coalesce(jsonb_object_agg(
          case when e.key = id and id ~ '^\d{1,4}$' then e.key else public.rollout_erased(e.key, id, names, alias) end,
          public.rollout_erased(e.value, id, names, alias)), '{}')
        from jsonb_each(said) e(key, value));
    else
      return said;
  end case;
end
$$;

create function public.rollout_erased(said text[], id text, names text[], alias text) returns text[]
language sql immutable set search_path = pg_catalog, pg_temp as $$
  select case when said is null then null else array(
    select public.rollout_erased(e.entry, id, names, alias) from unnest(said) with ordinality e(entry, place)
    order by e.place) end
$$;

-- Text columns that can name a subject: all of the controller's columns except those with texts of the controller, of
-- the file or of the application's code, and those that rollout_forget writes itself. A new column is included
-- automatically.
create function public.rollout_naming_columns() returns table (relation regclass, column_name text, type text)
language sql stable set search_path = pg_catalog, pg_temp as $$
  select c.oid::regclass, a.attname::text, format_type(a.atttypid, null)
  from pg_class c
  join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
  where c.relkind = 'r' and c.relnamespace = 'public'::regnamespace
    and a.atttypid in ('text'::regtype, 'text[]'::regtype, 'jsonb'::regtype)
    and c.relname not in ('rollout_history', 'rollout_configuration', 'rollout_incidents', 'rollout_state',
      'repository_categories', 'rollout_customers', 'rollout_category_history', 'rollout_facts_history', 'rollout_allowed', 'rollout_migrations')
    and (c.oid in (select to_regclass('public.' || g.object) from public.rollout_grants() g where g.privilege = 'select')
      or exists (select from pg_inherits i join public.rollout_grants() g
        on g.privilege = 'select' and to_regclass('public.' || g.object) = i.inhparent where i.inhrelid = c.oid))
    and a.attname not in ('feature_name', 'processor_type', 'job_class', 'arm', 'category', 'categories',
      'control_categories', 'scope', 'kind', 'measure', 'metric', 'state', 'severity', 'verdict', 'reason_code', 'action',
      'keeping', 'excuse', 'event', 'basis', 'lines', 'process', 'breakers')
  order by c.relname, a.attnum
$$;

-- The present and former names of a subject, in lower case.
create function public.rollout_names_of(subject text) returns text[]
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select array(
    select lower(r.full_name collate "C") from public.repository_categories r
    where r.repository_id = subject and r.full_name is not null
    union
    select lower(c.name collate "C") from public.rollout_customers c where c.customer_id = subject and c.name <> ''
    union
    select lower(e.key collate "C") from public.rollout_configuration c, jsonb_each_text(c.resolved) e
    where e.value = subject
    union
    select lower(e.key collate "C") from public.rollout_history h, jsonb_each_text(h.metadata -> 'resolved') e
    where jsonb_typeof(h.metadata -> 'resolved') = 'object' and e.value = subject)
$$;

-- Erases a subject from all stored data; returns a row for each table with the number of its rows that named it.
-- `names` in lower case. Facts of the registry are deleted; everywhere else an untraceable alias replaces it.
create function public.rollout_forget(subject text, names text[], reason text, actor text default null)
returns table (place text, entries bigint)
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  -- Texts of JSON that mean something to the controller: in place of them an alias would be nonsense.
  words constant text[] := array['repository', 'customer', 'percentage', 'whitelist', 'blacklist', 'repository_size', 'test',
    'small', 'medium', 'large', 'enterprise', 'manual', 'commit', 'pull_request', 'rollback', 'freeze', 'warn', 'open',
    'settled', 'resumed', 'superseded', 'treatment', 'control', 'running', 'paused', 'completed'];
  alias constant text := 'forgotten-' || left(encode(uuid_send(gen_random_uuid()), 'hex'), 12);
  t record;
  changed bigint;
  touched bigint[];
  whole record;
begin
  names := array(select distinct lower(n.name collate "C") from unnest(names) n(name) where n.name <> '' and n.name <> subject);
  if coalesce(subject, '') = '' then
    raise exception 'no subject to forget' using errcode = 'invalid_parameter_value';
  elsif array[lower(subject)] || names && words or exists (
    select from public.rollout_configuration c where array[c.feature_name, c.salt] && (subject || names))
  then
    raise exception '% is also a word of the controller, or the key or salt of a feature', quote_literal(left(subject, 100))
      using errcode = 'invalid_parameter_value', hint = 'It cannot be told apart in what is kept.';
  end if;
  for place, entries in select * from public.rollout_forget_errors(subject, names, alias) loop
    return next;
  end loop;
  -- What is large first: from the history lock on everybody else who changes something waits.
  for t in
    select n.relation::text as place, string_agg(format('%1$I = public.rollout_erased(r.%1$I, $1, $2, $3)', n.column_name), ', ') as sets,
      string_agg(format('(public.rollout_mentions(r.%1$I::text, $1, $2) and r.%1$I <> public.rollout_erased(r.%1$I, $1, $2, $3))', n.column_name), ' or ') as finds
    from public.rollout_naming_columns() n group by n.relation order by n.relation::text
  loop
    execute format('update %s r set %s where %s', t.place, t.sets, t.finds) using subject, names, alias;
    get diagnostics changed = row_count;
    place := regexp_replace(t.place, '^public\.', '');
    entries := changed;
    if changed > 0 then return next; end if;
  end loop;
  perform public.rollout_lock_registry();
  delete from public.repository_categories r where r.repository_id = subject or lower(r.full_name collate "C") = any (names);
  get diagnostics changed = row_count;
  delete from public.rollout_customers c where c.customer_id = subject;
  get diagnostics entries = row_count;
  place := 'registry';
  entries := entries + changed;
  if entries > 0 then return next; end if;
  delete from public.rollout_category_history k where k.repository_id = subject;
  delete from public.rollout_facts_history f where f.subject_id = subject;
  delete from public.rollout_facts_history k where k.subject_id = subject;
  -- The deletion stands in here too: all is counted again instead.
  update public.rollout_registry_changes c set ids = null, names = null, categories = null, facts = null, signs = null;

  perform 1 from public.rollout_state for update;
  select v.valid, v.problem into whole from public.rollout_verify_history() v;
  if not whole.valid then
    raise exception 'the history does not hold: %', whole.problem
      using errcode = 'data_exception', hint = 'Find out first who changed it: an erasure would hide it.';
  end if;
  perform set_config('rollout.state', 'controlled', true), set_config('rollout.action', 'note', true),
    set_config('rollout.reason', 'a subject was forgotten', true), set_config('rollout.metadata', '', true),
    set_config('rollout.revision', '', true);
  update public.rollout_state s set
    test_repositories = public.rollout_erased(s.test_repositories, subject, names, alias),
    freezes = public.rollout_erased(s.freezes, subject, names, alias),
    global_stop_reason = public.rollout_erased(s.global_stop_reason, subject, names, alias)
  where public.rollout_mentions(array_to_string(s.test_repositories, ' ') || s.freezes || coalesce(s.global_stop_reason, ''), subject, names);
  update public.rollout_configuration c set
    target_repositories = public.rollout_erased(c.target_repositories, subject, names, alias),
    excluded_repositories = public.rollout_erased(c.excluded_repositories, subject, names, alias),
    quarantined = c.quarantined,
    metadata = public.rollout_erased(c.metadata, subject, names, alias),
    spec = public.rollout_erased(c.spec, subject, names, alias),
    resolved = public.rollout_erased(c.resolved, subject, names, alias),
    seal = public.rollout_seal(c.revision, public.rollout_erased(c.resolved, subject, names, alias)),
    updated_at = now()
  where public.rollout_mentions(to_jsonb(c)::text, subject, names)
    and public.rollout_erased(to_jsonb(c) - 'feature_name' - 'salt' - 'spec_digest' - 'seal', subject, names, alias)
      <> to_jsonb(c) - 'feature_name' - 'salt' - 'spec_digest' - 'seal';
  get diagnostics entries = row_count;
  place := 'rollout_configuration';
  if entries > 0 then return next; end if;
  perform set_config('rollout.state', '', true), set_config('rollout.action', '', true), set_config('rollout.reason', '', true);

  entries := 0;
  for t in
    select i.id, i.state, i.feature_name from public.rollout_incidents i
    where public.rollout_mentions(to_jsonb(i)::text, subject, names)
      and public.rollout_erased(to_jsonb(i), subject, names, alias) <> to_jsonb(i) order by i.id
  loop
    entries := entries + 1;
    perform public.rollout_mention(t.id, t.state);
    perform public.rollout_append_history(t.feature_name, 'note', format('a name was erased from incident %s', t.id), '{}', actor);
    update public.rollout_incidents i set held = public.rollout_erased(i.held, subject, names, alias) where i.id = t.id;
    update public.rollout_incidents i set
      reason = public.rollout_erased(i.reason, subject, names, alias),
      evidence = public.rollout_erased(i.evidence, subject, names, alias),
      before = public.rollout_erased(i.before, subject, names, alias),
      permit = public.rollout_erased(i.permit, subject, names, alias),
      write_back_error = public.rollout_erased(i.write_back_error, subject, names, alias)
    where i.id = t.id;
  end loop;
  place := 'rollout_incidents';
  if entries > 0 then return next; end if;

  select coalesce(array_agg(h.id), '{}') into touched from public.rollout_history h
  where public.rollout_mentions(coalesce(h.reason, '') || ' ' || h.metadata::text, subject, names)
    and (public.rollout_erased(h.reason, subject, names, alias) is distinct from h.reason
      or public.rollout_erased(h.metadata, subject, names, alias) <> h.metadata);
  update public.rollout_history h set reason = public.rollout_erased(h.reason, subject, names, alias), metadata = public.rollout_erased(h.metadata, subject, names, alias), salt = uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()) where h.id = any (touched);
  perform public.rollout_append_history(null, 'forgotten', public.rollout_erased(coalesce(nullif(trim(reason), ''), 'asked for'), subject, names, alias),
    -- Numbers, which are no texts: as keys they would be erased with a subject whose id is one of them.
    jsonb_build_object('seals', coalesce((
      select jsonb_agg(jsonb_build_array(h.id, encode(public.rollout_history_seal(h), 'hex')) order by h.id)
      from public.rollout_history h where h.id = any (touched)), '[]')), actor);
  place := 'rollout_history';
  entries := cardinality(touched);
  return next;
end
$$;
