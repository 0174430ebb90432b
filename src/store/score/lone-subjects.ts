import type { LoneSubject } from '../../domain/verdict/lone-subject.ts';
import type { Queryable } from '../db/client.ts';
import type { Epoch } from '../health/evidence.ts';

/**
 * Reads the subjects of these epochs that are each to blame alone, the worst first; features without one are left out.
 */
export async function readLoneSubjects(
  db: Queryable,
  asked: readonly Epoch[],
): Promise<Map<string, LoneSubject[]>> {
  const { rows } = await db.query<LoneSubject & { feature: string }>(
    `select a.feature, l.subject_id as subject, l.jobs::float8 as jobs, l.failed::float8 as failed,
       l.failed_windows as "failedWindows", l.score, extract(epoch from l.since)::float8 as since,
       l.everybody::float8 as everybody
     from unnest($1::text[], $2::integer[]) a(feature, epoch)
     cross join lateral rollout_lone_subjects(a.feature, a.epoch, now()) l
     order by l.failed desc, l.subject_id`,
    [asked.map(({ feature }) => feature), asked.map(({ epoch }) => epoch)],
  );
  const found = new Map<string, LoneSubject[]>();
  for (const { feature, ...lone } of rows) {
    const own = found.get(feature);
    if (own) own.push(lone);
    else found.set(feature, [lone]);
  }
  return found;
}
