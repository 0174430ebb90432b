import type { WrongArms } from '../../domain/verdict/reason.ts';
import type { Queryable } from '../db/client.ts';

/** Limit of subjects per feature; other ones are checked each quarter of an hour. */
const SUBJECTS = 200;
const NAMED = 3;

/**
 * Reads subjects whose routed jobs of the last hour ran in another arm than the database gives them; a subject with
 * jobs in both arms of an epoch is one of them. Only unchanged facts are compared: jobs that were routed at least five
 * minutes after the last change of the feature or of the registry's population, when every process follows it, and
 * subjects whose own row is older than the jobs. Features without such a job are left out.
 */
export async function readWrongArms(
  db: Queryable,
  asked: readonly { feature: string; epoch: number; epoch_started_at: Date }[],
): Promise<Map<string, WrongArms>> {
  if (asked.length === 0) return new Map();
  const { rows } = await db.query<WrongArms & { feature: string }>(
    `with settled as (
       select a.feature, a.epoch, greatest(now() - interval '1 hour', a.started + interval '5 minutes',
         (select max(h.created_at) + interval '5 minutes' from rollout_history h
           where h.feature_name = a.feature and h.action not in ('note', 'env_override')),
         (select max(h.created_at) + interval '5 minutes' from rollout_history h where h.feature_name is null)) as since
       from unnest($1::text[], $2::integer[], $3::timestamptz[]) a(feature, epoch, started)
     ), routed as (
       select s.feature, j.subject_id as subject, j.arm, dense_rank() over (
         partition by s.feature order by hashtextextended(j.subject_id, floor(extract(epoch from now()) / 900)::bigint), j.subject_id) as place
       from settled s
       join rollout_jobs j on j.feature_name = s.feature and j.epoch = s.epoch
         and j.day >= (now() at time zone 'UTC' - interval '1 hour')::date
       where j.arm in ('treatment', 'control') and j.routed_at >= s.since and position(chr(31) in j.id) = 0
         and not exists (select from repository_categories r where r.repository_id = j.subject_id and r.updated_at >= s.since)
         and not exists (select from rollout_customers c where c.customer_id = j.subject_id and c.updated_at >= s.since)
       group by 1, 2, 3
     ), sampled as materialized (
       select feature, subject, arm from routed where place <= $4
     ), compared as (
       select s.feature, s.subject, bool_or(s.arm <> e.arm) as wrong
       from sampled s
       join rollout_resolve_jobs(array(select feature from sampled), array(select subject from sampled)) e
         on e.feature = s.feature and e.subject = s.subject
       group by 1, 2
     )
     select feature, count(*)::float8 as subjects, count(*) filter (where wrong)::float8 as wrong,
       coalesce((array_agg(subject order by subject collate "C") filter (where wrong))[1:$5], '{}') as named
     from compared group by feature`,
    [
      asked.map(({ feature }) => feature),
      asked.map(({ epoch }) => epoch),
      asked.map((one) => one.epoch_started_at),
      ...[SUBJECTS, NAMED],
    ],
  );
  return new Map(rows.map(({ feature, ...arms }) => [feature, arms]));
}
