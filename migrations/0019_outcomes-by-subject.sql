set local search_path = pg_catalog, pg_temp;

-- If the file says `outcomes.by_subject: top` or `off`, the outcomes of many subjects are stored together:
-- rollout_metrics then grows with features and windows, not with subjects. The score and the fuse use spans, which
-- contain every subject while they are open.

-- The id under which a subject is stored together with others of its category, which is judged separately; no subject
-- has an id with a control character.
create function public.rollout_subject_group(subject text, category text) returns text
language sql immutable parallel safe set search_path = pg_catalog, pg_temp
return chr(31) || (hashtextextended(subject, 0) & 15) || coalesce(' ' || nullif(category, ''), '');

-- Recently failed subjects, which are stored by their ids under `top`.
create table public.rollout_named_subjects (
  feature_name text not null,
  subject_id text collate "C" not null,
  named_from timestamptz not null,
  failed_at timestamptz not null default now(),
  primary key (feature_name, subject_id)
);
create index rollout_named_subjects_age on public.rollout_named_subjects (failed_at);
comment on table public.rollout_named_subjects is
  'Subjects that failed lately: outcomes.by_subject: top keeps their outcomes by id, at most 1,000 of a feature.';
comment on column public.rollout_named_subjects.named_from is
  'First window in which it is kept by its id: the one after its first failure, so that whether a span is told apart does not depend on how it ends.';

-- The ids under which the subjects of a flush are stored, in their order.
create function public.rollout_kept_as(
  by_subject text, features text[], subjects text[], categories text[], windows timestamptz[]) returns text[]
language plpgsql stable set search_path = pg_catalog, pg_temp set plan_cache_mode = force_generic_plan as $$
begin
  -- The expression of rollout_subject_group, which would be called for every line.
  if by_subject = 'off' then
    return (select array_agg(chr(31) || (hashtextextended(o.subject, 0) & 15) || coalesce(' ' || nullif(o.category, ''), '') order by o.line)
      from unnest(subjects, categories) with ordinality o(subject, category, line));
  end if;
  return (
    select array_agg(case when n.subject_id is not null then o.subject
        else chr(31) || (hashtextextended(o.subject, 0) & 15) || coalesce(' ' || nullif(o.category, ''), '') end
      order by o.line)
    from unnest(features, subjects, categories, windows) with ordinality o(feature, subject, category, at, line)
    left join public.rollout_named_subjects n
      on n.feature_name = o.feature and n.subject_id = o.subject and n.named_from <= public.rollout_window(o.at));
end
$$;

-- From the next window on, subjects with a failure are stored by their ids, at most a thousand per feature.
create function public.rollout_name_subjects(features text[], subjects text[], windows timestamptz[], errors bigint[]) returns void
language sql set search_path = pg_catalog, pg_temp as $$
  with failed as (
    select o.feature, o.subject, max(public.rollout_window(o.at)) + interval '5 minutes' as named_from
    from unnest(features, subjects, windows, errors) o(feature, subject, at, errors)
    where o.errors > 0 group by 1, 2
  ), numbered as (
    select f.*, n.subject_id is not null as known,
      row_number() over (partition by f.feature, n.subject_id is not null order by f.subject collate "C") as place
    from failed f
    left join public.rollout_named_subjects n on n.feature_name = f.feature and n.subject_id = f.subject
  )
  insert into public.rollout_named_subjects as k (feature_name, subject_id, named_from)
  select n.feature, n.subject, n.named_from from numbered n
  where n.known or n.place <= 1000 - (select count(*) from public.rollout_named_subjects m where m.feature_name = n.feature)
  order by n.feature, n.subject collate "C"
  on conflict (feature_name, subject_id) do update set failed_at = now() where k.failed_at < now() - interval '1 hour'
$$;
