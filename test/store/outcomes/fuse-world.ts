import { randomUUID } from 'node:crypto';
import type pg from 'pg';
import { type Outcome, OutcomeSums } from '../../../src/domain/evidence/outcomes.ts';
import type { Spec } from '../../../src/domain/spec/spec.ts';
import { recordOutcomes } from '../../../src/store/outcomes/outcomes.ts';
import { applyFeature } from '../../helpers/data/features.ts';
import { type TestDatabase, testDatabase } from '../../helpers/database/database.ts';

export const ROLLBACK = { enabled: true, fuse: true, via: 'commit', on_shared_outage: 'freeze' } as const;

/** A database with one feature, whose epoch is older than any of its jobs take. */
export async function fuseWorld(overrides: Partial<Spec> = {}, feature = 'checkout'): Promise<TestDatabase> {
  const db = await testDatabase();
  await addFeature(db, overrides, feature);
  return db;
}

export async function addFeature(db: TestDatabase, overrides: Partial<Spec>, feature: string): Promise<void> {
  await applyFeature(db.pool, feature, { percentage: 50, ...overrides });
  await age(db, feature);
}

/** Lets the epoch be an hour old. */
async function age(db: TestDatabase, feature: string): Promise<void> {
  await db.pool.query(
    `do $$ begin
       perform set_config('rollout.state', 'controlled', true);
       update rollout_configuration set epoch_started_at = now() - interval '1 hour' where feature_name = '${feature}';
     end $$`,
  );
}

/** Jobs of as many subjects, all of which failed unless `rest` says otherwise. */
export function jobs(count: number, rest: Partial<Outcome> = {}): Outcome[] {
  return Array.from({ length: count }, (_, place) => ({
    ...{ feature: 'checkout', subject: `r${place}`, processor: 'inngest', arm: 'treatment', epoch: 1 },
    ...{ job_class: '', category: '', ok: false, duration_ms: null, error: null, finished_at: Date.now() },
    ...rest,
  }));
}

export function record(db: pg.Pool | pg.Client, outcomes: readonly Outcome[]): Promise<boolean> {
  const sums = new OutcomeSums();
  for (const one of outcomes) sums.add(one);
  return recordOutcomes(db, randomUUID(), sums);
}

export async function standing(db: TestDatabase, feature = 'checkout') {
  const [row] = await db.rows<{ active: boolean; percentage: number; epoch: number; incidents: string[] }>(
    `select c.is_active as active, c.rollout_percentage::float8 as percentage, c.epoch, array(
       select i.kind || ' ' || i.state from rollout_incidents i where i.feature_name = c.feature_name order by i.id) as incidents
     from rollout_configuration c where feature_name = $1`,
    [feature],
  );
  return row;
}

export async function excuse(db: TestDatabase, feature = 'checkout', scope = 'all') {
  const [row] = await db.rows<{ excuse: string | null; crossed: boolean }>(
    `select excuse, crossed_at is not null as crossed from rollout_levels
     where feature_name = $1 and scope = $2 and kind = 'limit' order by epoch limit 1`,
    [feature, scope],
  );
  return row;
}

export async function trip(db: TestDatabase | pg.Pool): Promise<number> {
  const pool = 'rows' in db ? db.pool : db;
  return (await pool.query<{ pending: number }>('select rollout_trip() as pending')).rows[0]?.pending ?? -1;
}

export const recorded = async (db: TestDatabase) =>
  (await db.rows<{ errors: number }>('select sum(error_count)::int as errors from rollout_metrics'))[0]
    ?.errors;

export const LIVE = { active: true, percentage: 50, epoch: 1, incidents: [] };
export const OFF = { active: false, percentage: 0, epoch: 2, incidents: ['rollback open'] };
