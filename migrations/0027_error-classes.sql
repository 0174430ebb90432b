set local search_path = pg_catalog, pg_temp;

-- Classes of errors: texts of failed jobs, without the words that differ from job to job, so that a class can be
-- counted by the hour and compared with the day before.

-- The class of an error by its text, empty if the text shows none: `src/domain/evidence/error-class.ts` in SQL. The
-- definition is there, with its reasons; a test compares the two.
-- In steps, because one regular expression for all took seventy times as long.
create function public.rollout_error_class(message text) returns text
language plpgsql immutable parallel safe set search_path = pg_catalog, pg_temp as $$
declare
  said constant text := left(message, 300);
  -- A label holds no colon.
  name text := split_part(said, ':', 1);
  given text;
  code text;
begin
  if said = 'timed out' then
    return said;
  end if;
  given := substring(name from ' \[([A-Za-z0-9_.-]+)\]$');
  if length(given) <= 40 then
    name := left(name, length(name) - length(given) - 3);
    code := case when length(regexp_replace(given, '[^0-9]', '', 'g')) <= 6 then given end;
  end if;
  if name ~ '^[A-Za-z0-9_$.]*(Error|Exception|Timeout|Failure|Fault)$' then
    name := substring(name from '[^.]*$');
    if length(name) <= 60 and name <> 'Error' then
      return name || coalesce(' ' || code, '');
    elsif length(name) <= 60 and code is not null then
      return code;
    end if;
  end if;
  code := null;
  if said ~ 'E[A-Z_]{3}' then
    select w.word into code
    from regexp_split_to_table(said, '[^A-Za-z0-9_]+') with ordinality w(word, place)
    where w.word = any ('{ECONNREFUSED,ECONNRESET,ECONNABORTED,ETIMEDOUT,ESOCKETTIMEDOUT,EPIPE,ENOTFOUND,EAI_AGAIN,EHOSTUNREACH,ENETUNREACH,ENETDOWN,EADDRINUSE,ENOENT,EACCES,EPERM,EEXIST,ENOSPC,ENOMEM,EMFILE,EBUSY,EROFS}'::text[])
      or w.word ~ '^([A-Z]{1,10}_)?ERR_[A-Z_]{1,40}$'
    order by w.place limit 1;
  end if;
  return coalesce(code,
    'HTTP ' || (regexp_match(said, '(?:^|[^A-Za-z0-9_])(?:HTTP|[Ss]tatus(?: code)?)[ :=]{1,2}([45][0-9][0-9])(?![A-Za-z0-9_])'))[1], '');
end
$$;

-- Failures by class and hour: a row for each day, arm and class.
create table public.rollout_error_classes (
  feature_name text not null,
  day date not null,
  arm text not null,
  class text not null,
  hours bigint[] not null,
  first_at timestamptz not null,
  last_at timestamptz not null,
  primary key (feature_name, day, arm, class),
  check (cardinality(hours) = 24)
);
create index rollout_error_classes_age on public.rollout_error_classes (day);
comment on table public.rollout_error_classes is 'What failed jobs said, by class: at most 50 of a feature and day, the rest is one more.';
comment on column public.rollout_error_classes.class is 'See rollout_error_class; empty: the text shows none.';
comment on column public.rollout_error_classes.hours is 'Failures in each hour of the day (UTC).';

-- Adds error texts of failed jobs to their classes. Classes that exist on that day come first, then the most
-- frequent.
create function public.rollout_record_error_classes(
  features text[], arms text[], messages text[], counts bigint[], times timestamptz[]
) returns void
language plpgsql set search_path = pg_catalog, pg_temp set plan_cache_mode = force_generic_plan as $$
begin
  with given as materialized (
    select o.feature, (least(o.at, now()) at time zone 'UTC')::date as day, o.arm, public.rollout_error_class(o.message) as class,
      extract(hour from least(o.at, now()) at time zone 'UTC')::integer as hour, sum(o.count) as count,
      min(least(o.at, now())) as first_at, max(least(o.at, now())) as last_at
    from unnest(features, arms, messages, counts, times) o(feature, arm, message, count, at)
    where o.message is not null and o.count > 0
    group by 1, 2, 3, 4, 5
  ), classes as (
    select g.feature, g.day, g.class, sum(g.count) as count from given g group by 1, 2, 3
  ), numbered as (
    select c.*, k.known, count(*) filter (where not k.known)
        over (partition by c.feature, c.day order by c.count desc, c.class) as place
    from classes c
    cross join lateral (select exists (
      select from public.rollout_error_classes r where r.feature_name = c.feature and r.day = c.day and r.class = c.class) as known) k
  ), bounded as (
    select n.feature, n.day, n.class, case when n.known or n.place <= 50 - (
        select count(distinct r.class) from public.rollout_error_classes r where r.feature_name = n.feature and r.day = n.day)
      then n.class else '(other classes)' end as kept
    from numbered n
  ), summed as (
    select g.feature, g.day, g.arm, b.kept as class, g.hour, sum(g.count) as count, min(g.first_at) as first_at, max(g.last_at) as last_at
    from given g join bounded b using (feature, day, class)
    group by 1, 2, 3, 4, 5
  )
  insert into public.rollout_error_classes as r (feature_name, day, arm, class, hours, first_at, last_at)
  select s.feature, s.day, s.arm, s.class,
    array(select coalesce(sum(h.count) filter (where h.hour = n), 0)::bigint
      from generate_series(0, 23) n left join summed h
        on h.feature = s.feature and h.day = s.day and h.arm = s.arm and h.class = s.class and h.hour = n
      group by n order by n),
    min(s.first_at), max(s.last_at)
  from summed s
  group by s.feature, s.day, s.arm, s.class
  order by s.feature, s.day, s.arm, s.class
  on conflict (feature_name, day, arm, class) do update set
    hours = array(select h.kept + h.more from unnest(r.hours, excluded.hours) with ordinality h(kept, more, place) order by h.place),
    first_at = least(r.first_at, excluded.first_at), last_at = greatest(r.last_at, excluded.last_at);
end
$$;

-- Texts and classes without a subject: those that differed only by its id and names are merged, with one count. A row
-- for each table with the number of its rows that named it.
create function public.rollout_forget_errors(subject text, names text[], alias text) returns table (place text, entries bigint)
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  with gone as (
    delete from public.rollout_errors r where public.rollout_mentions(r.message, subject, names)
      and r.message <> public.rollout_erased(r.message, subject, names, alias)
    returning r.*
  ), kept as (
    insert into public.rollout_errors (feature_name, processor_type, arm, day, message, occurrences, last_at)
    select g.feature_name, g.processor_type, g.arm, g.day, public.rollout_erased(g.message, subject, names, alias),
      sum(g.occurrences), max(g.last_at)
    from gone g group by 1, 2, 3, 4, 5
  )
  select count(*) into entries from gone;
  place := 'rollout_errors';
  if entries > 0 then return next; end if;
  with gone as (
    delete from public.rollout_error_classes r where public.rollout_mentions(r.class, subject, names)
      and r.class <> public.rollout_erased(r.class, subject, names, alias)
    returning r.*
  ), hours as (
    select g.feature_name, g.day, g.arm, public.rollout_erased(g.class, subject, names, alias) as class, h.place as hour,
      sum(h.n)::bigint as n, min(g.first_at) as first_at, max(g.last_at) as last_at
    from gone g cross join lateral unnest(g.hours) with ordinality h(n, place)
    group by 1, 2, 3, 4, 5
  ), kept as (
    insert into public.rollout_error_classes (feature_name, day, arm, class, hours, first_at, last_at)
    select h.feature_name, h.day, h.arm, h.class, array_agg(h.n order by h.hour), min(h.first_at), max(h.last_at)
    from hours h group by 1, 2, 3, 4
  )
  select count(*) into entries from gone;
  place := 'rollout_error_classes';
  if entries > 0 then return next; end if;
end
$$;
select public.rollout_grant_roles();
