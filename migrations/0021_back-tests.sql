set local search_path = pg_catalog, pg_temp;

-- What a guardrail whose metric does not tell subjects apart would have done in the past: without a back-test, such a
-- guardrail may not roll back. One row each, for the last back-test; it is valid for the tested queries, limit and
-- correlation, and for more cautious ones.
create table public.rollout_back_tests (
  feature_name text not null,
  metric text not null,
  queries_digest text not null,
  tested_limit double precision not null,
  tested_correlation double precision not null check (tested_correlation between 0 and 1),
  measured_correlation double precision check (measured_correlation between 0 and 1),
  from_at timestamptz not null,
  until_at timestamptz not null check (until_at > from_at),
  days integer not null check (days >= 0),
  events bigint not null,
  bad bigint not null check (bad between 0 and events),
  alarms timestamptz[] not null,
  tested_at timestamptz not null default clock_timestamp(),
  tested_by text not null,
  primary key (feature_name, metric)
);
comment on table public.rollout_back_tests is 'The last back-test of each guardrail whose metric does not tell subjects apart.';
comment on column public.rollout_back_tests.queries_digest is 'SHA-256 of the two queries; with other ones it says nothing.';
comment on column public.rollout_back_tests.tested_limit is 'Percent of the events that might be bad.';
comment on column public.rollout_back_tests.tested_correlation is 'The correlation of two events of five minutes with which it was judged.';
comment on column public.rollout_back_tests.measured_correlation is 'The correlation as the events show it; null: too few of them were bad to tell.';
comment on column public.rollout_back_tests.days is 'Days of the range with an event.';
comment on column public.rollout_back_tests.alarms is 'Moments at which the guardrail would have acted.';

create function public.rollout_queries_digest(guardrail jsonb) returns text
language sql immutable parallel safe set search_path = pg_catalog, pg_temp as $$
  select encode(sha256(convert_to((guardrail #>> '{query,bad}') || chr(10) || (guardrail #>> '{query,all}'), 'UTF8')), 'hex')
$$;

-- May a guardrail roll back although its metric does not tell subjects apart? It needs seven days of events without
-- an alarm, judged by these queries, at this limit or a lower one, with a correlation that is at most the written
-- one, which is at least the measured one. If nothing was measured, five minutes must count as one span. Equal to
-- `notYetAllowed` in src/domain/guardrails/allowance.ts.
create function public.rollout_back_test_allows(feature text, of_metric text, guardrail jsonb) returns boolean
language sql stable set search_path = pg_catalog, pg_temp as $$
  select exists (
    select from public.rollout_back_tests t
    cross join lateral (select (guardrail ->> 'correlation')::double precision as written) g
    where t.feature_name = feature and t.metric = of_metric
      and t.queries_digest = public.rollout_queries_digest(guardrail)
      and (guardrail ->> 'limit')::double precision >= t.tested_limit
      and g.written >= t.tested_correlation and g.written >= coalesce(t.measured_correlation, 1)
      and t.until_at - t.from_at >= interval '7 days' and t.days >= 7 and cardinality(t.alarms) = 0
      and t.bad * 100 < (guardrail ->> 'limit')::double precision * greatest(1, t.events))
$$;
