set local search_path = pg_catalog, pg_temp;

-- Counting a million subjects for a hundred features takes seconds, and every reader needs the counts. Counts are
-- stored by what decides them, and changes of the registry since then are stored beside them. A reader reads both on
-- one snapshot, so a count is never older than the rows that it counts.

-- Subjects that appeared, left or changed since the counts were stored; one row per statement that changed some.
create table public.rollout_registry_changes (
  change_id bigint generated always as identity primary key,
  subject_type text not null check (subject_type in ('repository', 'customer')),
  -- Null: too many to count one by one, so that all are counted again.
  ids text[],
  names text[],
  categories text[],
  facts jsonb[],
  signs integer[]
);
comment on table public.rollout_registry_changes is
  'Subjects as they were (sign -1) and as they are (sign 1), of every change of the registry since rollout_counts were kept.';

create table public.rollout_counts (
  audience text primary key,
  subject_type text not null check (subject_type in ('repository', 'customer')),
  categories text[] not null,
  eligible bigint[] not null,
  total bigint[] not null,
  counted_at timestamptz not null default now()
);
comment on table public.rollout_counts is
  'Subjects that an audience admits, by category, when rollout_registry_changes was last emptied; the audience is a digest of what decides it.';

create function public.rollout_note_registry() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  most constant integer := 20000;
  kind text;
  gone text;
  come text;
  columns text;
  many boolean;
begin
  if tg_relid = 'public.repository_categories'::regclass then
    kind := 'repository';
    columns := 'repository_id as id, full_name as name, category, facts';
  elsif tg_relid = 'public.rollout_customers'::regclass then
    kind := 'customer';
    columns := 'customer_id as id, name, null::text as category, facts';
  else
    raise exception '% is not a trigger of %', tg_name, tg_relid::regclass using errcode = 'insufficient_privilege';
  end if;
  if tg_op = 'TRUNCATE' then
    insert into public.rollout_registry_changes (subject_type) values (kind);
    return null;
  end if;
  gone := case when tg_op <> 'INSERT' then format('select %s, -1 as sign from gone_rows', columns) end;
  come := case when tg_op <> 'DELETE' then format('select %s, 1 as sign from come_rows', columns) end;
  if tg_op <> 'UPDATE' then
    execute format('select count(*) > $1 from (select from %s limit $1 + 1) few',
      case tg_op when 'INSERT' then 'come_rows' else 'gone_rows' end) into many using most;
    if many then
      insert into public.rollout_registry_changes (subject_type) values (kind);
      return null;
    end if;
  end if;
  -- Of an update only what decides: other columns are nobody's business here.
  execute format(
    'insert into public.rollout_registry_changes (subject_type, ids, names, categories, facts, signs)
     select %L, case when fit then ids end, case when fit then names end, case when fit then categories end,
       case when fit then facts end, case when fit then signs end
     from (select count(*) <= $1 as fit, array_agg(id) as ids, array_agg(name) as names, array_agg(category) as categories,
         array_agg(facts) as facts, array_agg(sign) as signs
       from (select id, name, category, facts, sum(sign)::integer as sign from (%s) each group by id, name, category, facts
         having sum(sign) <> 0 limit $1 + 1) moved) noted
     where ids is not null', kind, concat_ws(' union all ', gone, come)) using most;
  return null;
end
$$;
create trigger rollout_note_new after insert on public.repository_categories
  referencing new table as come_rows for each statement execute function public.rollout_note_registry();
create trigger rollout_note_changed after update on public.repository_categories
  referencing old table as gone_rows new table as come_rows for each statement execute function public.rollout_note_registry();
create trigger rollout_note_gone after delete on public.repository_categories
  referencing old table as gone_rows for each statement execute function public.rollout_note_registry();
create trigger rollout_note_emptied after truncate on public.repository_categories
  for each statement execute function public.rollout_note_registry();
create trigger rollout_note_new after insert on public.rollout_customers
  referencing new table as come_rows for each statement execute function public.rollout_note_registry();
create trigger rollout_note_changed after update on public.rollout_customers
  referencing old table as gone_rows new table as come_rows for each statement execute function public.rollout_note_registry();
create trigger rollout_note_gone after delete on public.rollout_customers
  referencing old table as gone_rows for each statement execute function public.rollout_note_registry();
create trigger rollout_note_emptied after truncate on public.rollout_customers
  for each statement execute function public.rollout_note_registry();

-- Audiences by their index in `exposures`, an array of results of rollout_exposure with `subject` added: the digest
-- of what decides who is in, and its expression on a subject `r`. The expression contains values instead of
-- parameters, so that look-ups in lists can be hashed.
create function public.rollout_audiences(exposures jsonb)
returns table (place integer, subject_type text, audience text, admits text)
language sql stable set search_path = pg_catalog, pg_temp as $$
  select a.place::integer, e.subject, encode(sha256(convert_to(jsonb_build_array(e.subject, o.whose, e.strategy,
      trim_scale(o.percentage), case when e.strategy = 'percentage' then to_jsonb(e.categories) end,
      (select jsonb_agg(distinct w) from unnest(e.whitelist) w), (select jsonb_agg(distinct b) from unnest(e.blacklist) b),
      case when e.strategy = 'percentage' and o.percentage > 0 and o.percentage < 100 then e.salt end, o.asked)::text, 'UTF8')), 'hex'),
    case when o.whose = 'nobody' then 'false' else format(
      'public.rollout_admits(true, false, %L, %L, %L, %L, %L, %L, %L, r.id, r.name, r.category, r.facts)', e.strategy,
      o.percentage, e.categories, array(select w from unnest(e.whitelist) w where w !~ '^[^/]+/[*]$'),
      array(select b from unnest(e.blacklist) b where b !~ '^[^/]+/[*]$'), e.salt,
      case when o.asked || o.owners <> '{}' then o.asked || o.owners || jsonb_build_object('strategy', e.strategy) end) end
  from jsonb_array_elements(exposures) with ordinality a(exposure, place)
  cross join lateral jsonb_to_record(a.exposure) e(subject text, active boolean, emergency_stop boolean, strategy text,
    percentage numeric, categories text[], whitelist text[], blacklist text[], salt text)
  cross join lateral (
    select case when not e.active or e.emergency_stop then 'nobody' else 'some' end as whose,
      case e.strategy when 'whitelist' then 0 else e.percentage end as percentage,
      coalesce((select jsonb_object_agg(n.key, n.value) from jsonb_each(a.exposure) n
        where n.key in ('where', 'not', 'group_by')), '{}') as asked,
      jsonb_strip_nulls(jsonb_build_object(
        'whitelist', (select jsonb_agg(w) from unnest(e.whitelist) w where w ~ '^[^/]+/[*]$'),
        'blacklist', (select jsonb_agg(b) from unnest(e.blacklist) b where b ~ '^[^/]+/[*]$'))) as owners
  ) o
$$;

-- Subjects by category, all of them and those that each expression admits; of the registry, or of its changes since
-- the counts were stored. One pass, however many expressions.
create function public.rollout_count_subjects(kind text, admits text[], changes boolean)
returns table (category text, eligible bigint[], total bigint)
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
begin
  return query execute format('select r.category, array[%s]::bigint[], %s from %s r group by r.category',
    (select string_agg(format(case when changes then 'coalesce(sum(r.sign) filter (where %s), 0)'
        else 'count(*) filter (where %s)' end, a), ', ' order by place)
      from unnest(admits) with ordinality u(a, place)),
    case when changes then 'sum(r.sign)::bigint' else 'count(*)' end,
    case when changes then format('(select u.* from public.rollout_registry_changes c,
        unnest(c.ids, c.names, c.categories, c.facts, c.signs) u(id, name, category, facts, sign) where c.subject_type = %L)', kind)
      when kind = 'customer' then
        '(select customer_id as id, name, null::text as category, facts from public.rollout_customers)'
      else '(select repository_id as id, full_name as name, category, facts from public.repository_categories)'
    end);
end
$$;

-- The number of subjects that each of these audiences admits now, by category: the stored counts, with later changes;
-- audiences without stored counts, or with too many changes, are counted.
create function public.rollout_count_audiences(exposures jsonb)
returns table (place integer, category text, eligible bigint, total bigint)
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
declare
  -- Above this the registry itself is quicker.
  most_changes constant bigint := 100000;
  at_once constant integer := 200;
  kind record;
  again boolean;
  changed boolean;
begin
  for kind in
    select w.subject_type as name, array_agg(w.audience order by w.audience) as wanted,
      array_agg(w.admits order by w.audience) as admits,
      array_agg(k.audience is not null order by w.audience) as kept
    from (select distinct on (a.audience) a.* from public.rollout_audiences(exposures) a) w
    left join public.rollout_counts k on k.audience = w.audience
    group by w.subject_type
  loop
    select coalesce(bool_or(c.ids is null), false) or coalesce(sum(cardinality(c.ids)), 0) > most_changes,
      count(*) > 0
    into again, changed from public.rollout_registry_changes c where c.subject_type = kind.name;
    for chunk in 0 .. (cardinality(kind.wanted) - 1) / at_once loop
      return query
      with wanted as (
        select w.* from unnest(kind.wanted, kind.admits, kind.kept)
          with ordinality w(audience, admits, kept, line)
        where (w.line - 1) / at_once = chunk
      ), numbered as materialized (
        select w.audience, w.admits, w.kept and not again as kept,
          row_number() over (partition by w.kept and not again order by w.line) as nth
        from wanted w
      ), fresh as (
        select f.* from public.rollout_count_subjects(kind.name, (
          select array_agg(n.admits order by n.nth) from numbered n where not n.kept), false) f
        where exists (select from numbered n where not n.kept)
      ), moved as (
        select m.* from public.rollout_count_subjects(kind.name, (
          select array_agg(n.admits order by n.nth) from numbered n where n.kept), true) m
        where changed and exists (select from numbered n where n.kept)
      ), counted as (
        select n.audience, f.category, f.eligible[n.nth] as eligible, f.total from numbered n, fresh f where not n.kept
        union all
        select n.audience, m.category, m.eligible[n.nth], m.total from numbered n, moved m where n.kept
        union all
        select n.audience, u.category, u.eligible, u.total
        from numbered n join public.rollout_counts k on k.audience = n.audience,
          unnest(k.categories, k.eligible, k.total) u(category, eligible, total)
        where n.kept
      ), summed as (
        select c.audience, c.category, sum(c.eligible)::bigint as eligible, sum(c.total)::bigint as total
        from counted c group by c.audience, c.category having sum(c.total) > 0
      )
      select a.place, s.category, s.eligible, s.total
      from public.rollout_audiences(exposures) a join summed s on s.audience = a.audience;
    end loop;
  end loop;
end
$$;

-- A feature's exposure, in the form of rollout_audiences' argument.
create function public.rollout_audience_of(c public.rollout_configuration) returns jsonb
language sql immutable parallel safe set search_path = pg_catalog, pg_temp
return public.rollout_exposure(c) || jsonb_build_object('subject', c.subject_type,
  'blacklist', to_jsonb(c.denied) || coalesce(c.audience -> 'blacklist', '[]'));

-- The number of subjects that each feature admits now, by category; null: all features.
create function public.rollout_count_features(only_these text[] default null)
returns table (feature text, category text, eligible bigint, total bigint)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  with asked as (
    select array_agg(c.feature_name order by c.feature_name) as names,
      jsonb_agg(public.rollout_audience_of(c) order by c.feature_name) as exposures
    from public.rollout_configuration c where only_these is null or c.feature_name = any (only_these)
  )
  select a.names[n.place], n.category, case when s.global_stop then 0 else n.eligible end, n.total
  from asked a, public.rollout_state s, public.rollout_count_audiences(a.exposures) n
  where a.names is not null
$$;

create function public.rollout_count_eligible(feature text)
returns table (category text, eligible bigint, total bigint)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select n.category, n.eligible, n.total from public.rollout_count_features(array[feature]) n
$$;

-- Stores the counts of every feature's audience and of these, on one snapshot with the changes that they include.
-- Other stored counts are removed. Returns how many are stored.
create function public.rollout_keep_counts(exposures jsonb default '[]') returns integer
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  wanted jsonb;
  counted record;
begin
  -- One after the other: what another one heard of is gone by the next statement.
  perform pg_advisory_xact_lock(hashtextextended('rollout counts', 0));
  select coalesce(jsonb_agg(public.rollout_audience_of(c)), '[]') || exposures into wanted
  from public.rollout_configuration c where c.archived_at is null;
  if jsonb_array_length(wanted) > 1000 then
    -- Nobody counts so many; what is kept would be let go of with the next change.
    return 0;
  end if;
  if not exists (select from public.rollout_registry_changes) and not exists (
    select from public.rollout_audiences(wanted) a
    where not exists (select from public.rollout_counts k
      where k.audience = a.audience and k.counted_at > now() - interval '1 day')) then
    return 0;
  end if;
  -- Once a day from the registry itself, whatever was changed with triggers disabled.
  delete from public.rollout_counts k where k.counted_at <= now() - interval '1 day';
  select (select array_agg(c.change_id) from public.rollout_registry_changes c) as heard,
    array_agg(n.place order by n.place, n.category) as places, array_agg(n.category order by n.place, n.category) as categories,
    array_agg(n.eligible order by n.place, n.category) as eligible, array_agg(n.total order by n.place, n.category) as total
  into counted from public.rollout_count_audiences(wanted) n;
  delete from public.rollout_registry_changes c where c.change_id = any (counted.heard);
  delete from public.rollout_counts k
  where not exists (select from public.rollout_audiences(wanted) a where a.audience = k.audience);
  insert into public.rollout_counts as k (audience, subject_type, categories, eligible, total)
  select distinct on (a.audience) a.audience, a.subject_type, n.categories, n.eligible, n.total
  from public.rollout_audiences(wanted) a
  cross join lateral (
    select coalesce(array_agg(u.category), '{}') as categories, coalesce(array_agg(u.eligible), '{}') as eligible,
      coalesce(array_agg(u.total), '{}') as total
    from unnest(counted.places, counted.categories, counted.eligible, counted.total) u(place, category, eligible, total)
    where u.place = a.place
  ) n
  order by a.audience
  on conflict (audience) do update set categories = excluded.categories, eligible = excluded.eligible,
    total = excluded.total;
  return jsonb_array_length(wanted);
end
$$;

-- The number of subjects with a treatment job in the window of each feature, if counting takes long.
create table public.rollout_participation (
  feature_name text primary key,
  epoch integer not null,
  subjects bigint not null,
  counted_at timestamptz not null default now(),
  took_seconds double precision not null
);
comment on table public.rollout_participation is
  'Subjects with a treatment job, as a tick counted them for all features at once; took_seconds is what that took.';

-- Counts the presently eligible subjects with a treatment job in the window; null: of every feature. Outcomes are
-- read once for hundreds of features: their rows are ordered by time, so reading those of one feature is no cheaper.
-- They are grouped by subject, with a bit for each feature, so that a million subjects stay a million rows however
-- many features each of them has. Eligibility is computed with the exposures as constants (`rollout_audiences`).
create function public.rollout_count_participants(only_this text)
returns table (feature text, subjects bigint)
language plpgsql stable security definer set search_path = pg_catalog, pg_temp set work_mem = '64MB' as $$
declare
  at_once constant integer := 500;
  names text[];
  counts text;
begin
  for names in
    select array_agg(n.name order by n.name) from (
      select c.feature_name as name, row_number() over (order by c.feature_name) - 1 as place
      from public.rollout_configuration c
      where (only_this is null or c.feature_name = only_this) and c.is_active and not c.emergency_stop
        and not (select s.global_stop from public.rollout_state s)
    ) n group by n.place / at_once
  loop
    select string_agg(format('count(*) filter (where get_bit(r.features, %s) = 1 and %s)', a.place - 1, a.admits), ', '
      order by a.place) into counts
    from public.rollout_audiences((
      select jsonb_agg(public.rollout_audience_of(c) order by c.feature_name)
      from public.rollout_configuration c where c.feature_name = any (names))) a;
    return query execute format('with asked as materialized (
        select c.feature_name, c.subject_type, set_bit(repeat(''0'', %s)::varbit, n.place::integer - 1, 1) as features,
          now() - make_interval(secs => (c.monitoring_window_hours * 3600)::double precision) as since
        from unnest($1) with ordinality n(name, place) join public.rollout_configuration c on c.feature_name = n.name
      ), heard as materialized (
        select asked.subject_type, m.subject_id, bit_or(asked.features) as features from public.rollout_metrics m
        join asked on asked.feature_name = m.feature_name and m.metrics_window_start > asked.since
        where m.arm = ''treatment'' and m.metrics_window_start > (select min(a.since) from asked a)
        group by 1, 2
      ), counted as (
        select array[%s] as subjects from (
          select h.features, s.subject_id as id, s.name, s.category, s.facts
          from heard h
          join public.rollout_subjects s on s.subject_type = h.subject_type and s.subject_id = h.subject_id
          -- A fence: to join every feature with every subject first takes four times as long.
          offset 0
        ) r
      )
      select n.name, c.subjects[n.place] from counted c cross join unnest($1) with ordinality n(name, place)
      where c.subjects[n.place] > 0', cardinality(names), counts)
    using names;
  end loop;
end
$$;

-- The stored number of participants if counting took longer than a person waits, otherwise the counted one.
create function public.rollout_participants(only_this text)
returns table (feature text, subjects bigint)
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
begin
  if exists (
    select from public.rollout_participation p
    where p.took_seconds > 0.5 and p.counted_at > now() - make_interval(secs => greatest(3600, 100 * p.took_seconds))
  ) then
    return query select p.feature_name, p.subjects from public.rollout_participation p
      join public.rollout_configuration c on c.feature_name = p.feature_name and c.epoch = p.epoch
      where only_this is null or p.feature_name = only_this;
  else
    return query select n.feature, n.subjects from public.rollout_count_participants(only_this) n;
  end if;
end
$$;

create function public.rollout_keep_participation() returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  began constant timestamptz := clock_timestamp();
begin
  perform pg_advisory_xact_lock(hashtextextended('rollout participation', 0));
  if exists (
    select from public.rollout_participation p
    where p.counted_at > now() - make_interval(secs => greatest(600, 30 * p.took_seconds))
  ) then
    return;
  end if;
  create temp table rollout_counted on commit drop as
  select c.feature_name, c.epoch, coalesce(n.subjects, 0) as subjects
  from public.rollout_configuration c
  left join public.rollout_count_participants(null) n on n.feature = c.feature_name;
  delete from public.rollout_participation;
  insert into public.rollout_participation (feature_name, epoch, subjects, took_seconds)
  select n.feature_name, n.epoch, n.subjects, extract(epoch from clock_timestamp() - began) from pg_temp.rollout_counted n;
  drop table pg_temp.rollout_counted;
end
$$;
