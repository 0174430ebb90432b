import type pg from 'pg';
import { readFeatures } from '../configuration/actual.ts';
import { adoptBaseline, applyChange } from '../configuration/changes.ts';
import { readElsewhere } from '../configuration/elsewhere.ts';
import { countEligible, keepCounts, readStandings } from '../configuration/feature-rows.ts';
import { countImpact, countImpacts } from '../configuration/impact.ts';
import { countJobsMoved } from '../configuration/jobs-moved.ts';
import { largestMoved } from '../configuration/largest-moved.ts';
import { recordOverride } from '../configuration/overrides.ts';
import { beginReconcile, finishReconcile } from '../configuration/reconcile-run.ts';
import { allowRefused, keepRefusals, readRefusals } from '../configuration/refusals.ts';
import type { Queryable } from '../db/client.ts';
import { restartSoaks } from '../health/soaks.ts';

/** Reads features, and the subjects that their changes move. */
export const featureReader = (db: pg.PoolClient) => ({
  elsewhere: readElsewhere.bind(null, db),
  actual: (feature?: string) => readFeatures(db, feature),
  refusals: (feature?: string) => readRefusals(db, feature),
  standings: (feature?: string) => readStandings(db, feature),
  eligible: (feature?: string) => countEligible(db, feature),
  impact: countImpact.bind(null, db),
  impacts: countImpacts.bind(null, db),
  largestMoved: largestMoved.bind(null, db),
  jobsMoved: countJobsMoved.bind(null, db),
});

export const featureWriter = (pool: pg.Pool, single: Queryable) => ({
  applyChange: applyChange.bind(null, pool),
  adoptBaseline: adoptBaseline.bind(null, pool),
  beginReconcile: beginReconcile.bind(null, single),
  finishReconcile: finishReconcile.bind(null, single),
  keepRefusals: keepRefusals.bind(null, pool),
  allowRefused: allowRefused.bind(null, pool),
  recordOverride: recordOverride.bind(null, single),
  keepCounts: keepCounts.bind(null, single),
  restartSoaks: restartSoaks.bind(null, pool),
});
