import { type ArmDay, type DayTimes, dailyTimes } from '../../domain/evidence/daily-times.ts';
import { byKey } from '../../domain/evidence/rates.ts';
import { countersOf } from '../../domain/evidence/time-counters.ts';
import type { Queryable } from '../db/client.ts';

interface Row extends Omit<ArmDay, 'times'> {
  feature: string;
  places: number[];
  counts: number[];
}

/**
 * Reads durations of jobs on each of the last days (in UTC, including today), by feature; days without a known duration
 * are left out.
 */
export async function readDailyTimes(
  db: Queryable,
  days: number,
  feature?: string,
): Promise<Map<string, DayTimes[]>> {
  const { rows } = await db.query<Row>(
    `select s.feature, s.day, s.arm, array_agg(s.place) as places, array_agg(s.jobs) as counts
     from (
       select t.feature_name as feature, to_char(t.hour_start at time zone 'UTC', 'YYYY-MM-DD') as day, t.arm, u.place,
         sum(u.jobs)::float8 as jobs
       from rollout_evidence_times t cross join lateral unnest(t.places, t.counts) u(place, jobs)
       where t.arm in ('treatment', 'control') and t.hour_start <= now()
         and t.hour_start >= (date_trunc('day', now() at time zone 'UTC') - make_interval(days => $1 - 1)) at time zone 'UTC'
         and ($2::text is null or t.feature_name = $2)
       group by 1, 2, 3, 4
     ) s group by 1, 2, 3`,
    [days, feature ?? null],
  );
  return new Map(
    [...byKey(rows, (row) => row.feature)].map(([name, all]) => [
      name,
      dailyTimes(
        all.map(({ day, arm, places, counts }) => ({
          ...{ day, arm },
          times: countersOf(places.map((place, i) => [place, counts[i] ?? 0] as const)),
        })),
      ),
    ]),
  );
}
