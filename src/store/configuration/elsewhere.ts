import type { Elsewhere } from '../../domain/policy/proof.ts';
import { OWN_FIELDS } from '../../domain/policy/proof.ts';
import type { Spec } from '../../domain/spec/spec.ts';
import type { Queryable } from '../db/client.ts';
import { specDigest } from './actual.ts';

interface Row {
  feature: string;
  spec: Spec | null;
  spec_digest: string | null;
  admits: boolean;
  verdict: string | null;
  healthy_seconds: number | null;
  checked_seconds_ago: number | null;
}

/**
 * The proof of features in this database for another environment. The healthy time ends with the last check. It begins
 * with the first check after the last unhealthy one, but not before the spec became what it is, before some subject
 * could be in, or before the last global stop was lifted, because nothing was checked meanwhile. A check covers the
 * time since the one before it, but at most a day.
 */
const SQL = `with asked as (
    select c.feature_name, c.epoch, c.spec, c.spec_digest, c.spec - $2::text[] as own,
      c.is_active and not c.emergency_stop and not s.global_stop
        and (c.rollout_percentage > 0 or cardinality(c.target_repositories) > 0) as admits
    from rollout_configuration c, rollout_state s
    where c.feature_name = any ($1) and c.archived_at is null
  ), last as (
    select a.feature_name, l.* from asked a cross join lateral (
      select k.verdict, k.turned_from, k.checked_at from rollout_health_checks k
      where k.feature_name = a.feature_name and k.epoch = a.epoch order by k.id desc limit 1) l
  ), since as (
    select a.feature_name, (
      select min(h.created_at) from rollout_history h
      where h.feature_name = a.feature_name and h.metadata ? 'spec' and h.id > coalesce((
        select max(o.id) from rollout_history o
        where o.feature_name = a.feature_name and o.metadata ? 'spec' and ((o.metadata -> 'spec') - $2::text[] <> a.own
          or o.metadata -> 'spec' @> '{"active": false}' or o.metadata -> 'spec' @> '{"emergency_stop": true}'
          or o.metadata -> 'spec' @> '{"percentage": 0, "whitelist": []}'
            and jsonb_array_length(o.metadata #> '{spec,whitelist}') = 0)), 0)) as spec,
      (select min(k.checked_at) from rollout_health_checks k
       where k.feature_name = a.feature_name and k.epoch = a.epoch and k.id > coalesce(l.turned_from, 0)) as healthy
    from asked a join last l using (feature_name)
  ), lifted as (
    select max(h.created_at) as at from rollout_history h
    where h.feature_name is null and h.action = 'note'
      -- SQL by hand notes what was before.
      and (h.metadata ? 'global_stop' or h.metadata -> 'before' ? 'global_stop')
  ), checks as (
    select a.feature_name, k.checked_at - greatest(t.spec, t.healthy, f.at, lag(k.checked_at) over (
      partition by a.feature_name order by k.id)) as gap
    from asked a join last l using (feature_name) join since t using (feature_name) cross join lifted f
    join rollout_health_checks k on k.feature_name = a.feature_name and k.epoch = a.epoch
      and k.id > coalesce(l.turned_from, 0)
    where t.spec is not null and k.checked_at >= greatest(t.spec, t.healthy, f.at)
  ), healthy as (
    select feature_name, sum(extract(epoch from gap)) filter (where gap <= interval '1 day')::float8 as seconds
    from checks group by feature_name
  )
  select a.feature_name as feature, a.spec, a.spec_digest, a.admits, l.verdict,
    h.seconds as healthy_seconds,
    extract(epoch from clock_timestamp() - l.checked_at)::float8 as checked_seconds_ago
  from asked a left join last l using (feature_name) left join healthy h using (feature_name)`;

export async function readElsewhere(
  db: Queryable,
  features: readonly string[],
): Promise<Map<string, Elsewhere>> {
  const { rows } = await db.query<Row>(SQL, [features, OWN_FIELDS]);
  return new Map(rows.map((row) => [row.feature, elsewhereOf(row)]));
}

function elsewhereOf({ spec, spec_digest, ...row }: Row): Elsewhere {
  if (spec === null) return { state: 'absent' };
  if (specDigest(spec) !== spec_digest) {
    return { state: 'unknown', why: 'the spec there was edited in the database' };
  }
  return {
    state: 'there',
    spec,
    admits: row.admits,
    verdict: row.verdict,
    healthy_seconds: Math.max(0, row.healthy_seconds ?? 0),
    checked_seconds_ago: row.checked_seconds_ago ?? 0,
  };
}
