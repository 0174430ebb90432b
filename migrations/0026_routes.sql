set local search_path = pg_catalog, pg_temp;

-- How often each routing rule decided, by the day (UTC) on which the job was routed. Every process writes these rows,
-- so they are written last in a recording: nobody waits for them longer than a commit takes.
create table public.rollout_routes (
  feature_name text not null,
  epoch integer not null,
  rule text not null,
  day date not null,
  jobs bigint not null,
  primary key (feature_name, epoch, rule, day)
) with (fillfactor = 50);
comment on table public.rollout_routes is 'Routed jobs by the rule that decided, a row for each day; those of the live epoch are kept.';

-- Adds the counts of a process, once, however often they are sent. They come with outcomes and never refuse them:
-- impossible counts are left out, as are rules of a newer library, and days that no process waits for any more.
create function public.rollout_record_routes(
  batch uuid, features text[], epochs integer[], rules text[], days integer[], jobs bigint[]
) returns boolean
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  today constant date := (now() at time zone 'UTC')::date;
begin
  if not public.rollout_claim_batch(batch) then
    return false;
  end if;
  insert into public.rollout_routes as r (feature_name, epoch, rule, day, jobs)
  select c.feature_name, o.epoch, o.rule, d.day, sum(o.jobs)
  from unnest(features, epochs, rules, days, jobs) o(feature, epoch, rule, days, jobs)
  join public.rollout_configuration c on c.feature_name = o.feature
  cross join lateral (select least(today, date '1970-01-01' + least(greatest(o.days, 0), 1000000)) as day) d
  where o.epoch between 1 and c.epoch and o.jobs between 1 and 100000000 and d.day > today - 30
    and o.rule = any (array['recent', 'small_batch', 'manual', 'historical', 'large_batch', 'scheduled', 'default', 'breaker',
      'not_eligible'])
  group by 1, 2, 3, 4
  order by 1, 2, 3, 4
  on conflict (feature_name, epoch, rule, day) do update set jobs = least(r.jobs + excluded.jobs, 1000000000000000);
  return true;
end
$$;
select public.rollout_grant_roles();
