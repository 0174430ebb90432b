import type { KeptBackTest } from '../../domain/guardrails/allowance.ts';
import { timeArray } from '../db/arrays.ts';
import type { Queryable } from '../db/client.ts';

/** Reads the last back-test of each guardrail of these features, by feature and metric. */
export async function readBackTests(
  db: Queryable,
  features: readonly string[],
): Promise<Map<string, Map<string, KeptBackTest>>> {
  const found = new Map<string, Map<string, KeptBackTest>>();
  if (features.length === 0) return found;
  const { rows } = await db.query<KeptBackTest & { feature: string; metric: string }>(
    `select feature_name as feature, metric, queries_digest as "queriesDigest", tested_limit as "limit",
       tested_correlation as correlation, measured_correlation as measured, from_at as "from", until_at as "until", days,
       events::float8 as events, bad::float8 as bad, alarms, tested_at as "testedAt"
     from rollout_back_tests where feature_name = any($1::text[])`,
    [features],
  );
  for (const { feature, metric, ...kept } of rows) {
    const ofFeature = found.get(feature) ?? new Map<string, KeptBackTest>();
    found.set(feature, ofFeature.set(metric, kept));
  }
  return found;
}

/** Stores a back-test in place of the one before it. */
export async function keepBackTest(
  db: Queryable,
  { feature, metric, actor, ...test }: Omit<KeptBackTest, 'testedAt'> & BackTestOf,
): Promise<void> {
  await db.query(
    `insert into rollout_back_tests (feature_name, metric, queries_digest, tested_limit, tested_correlation,
       measured_correlation, from_at, until_at, days, events, bad, alarms, tested_by)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12::timestamptz[], $13)
     on conflict (feature_name, metric) do update set queries_digest = excluded.queries_digest,
       tested_limit = excluded.tested_limit, tested_correlation = excluded.tested_correlation,
       measured_correlation = excluded.measured_correlation, from_at = excluded.from_at, until_at = excluded.until_at,
       days = excluded.days, events = excluded.events, bad = excluded.bad, alarms = excluded.alarms,
       tested_at = clock_timestamp(), tested_by = excluded.tested_by`,
    [
      ...[
        feature,
        metric,
        test.queriesDigest,
        test.limit,
        test.correlation,
        test.measured,
        test.from,
        test.until,
      ],
      ...[test.days, test.events, test.bad, timeArray(test.alarms.map((at) => at.getTime())), actor],
    ],
  );
}

/** The guardrail of a back-test, and who requested it. */
export interface BackTestOf {
  feature: string;
  metric: string;
  actor: string;
}
