import { randomUUID } from 'node:crypto';
import type { Guardrail, Spec } from '../../../src/domain/spec/spec.ts';
import type { Observation } from '../../../src/store/guardrails/observation.ts';
import { type EventsAnswer, recordEvents } from '../../../src/store/guardrails/observations.ts';
import { applyFeature } from '../../helpers/data/features.ts';
import { type TestDatabase, testDatabase } from '../../helpers/database/database.ts';

export function guardrail(rest: Partial<Guardrail> = {}): Guardrail {
  const defaults = { than_control: 2, on_harm: 'rollback', dry_run: false, per: 'event' } as const;
  return { source: 'events', limit: 3, ...defaults, ...rest };
}

/** A database with one feature at 50% that is an hour old, and a guardrail on refunds. */
export async function guarded(
  refunds: Partial<Guardrail> = {},
  overrides: Partial<Spec> = {},
): Promise<TestDatabase> {
  const db = await testDatabase();
  await addGuarded(db, 'checkout', { guardrails: { refunds: guardrail(refunds) }, ...overrides });
  return db;
}

export async function addGuarded(db: TestDatabase, feature: string, overrides: Partial<Spec>): Promise<void> {
  await applyFeature(db.pool, feature, { percentage: 50, ...overrides });
  await db.pool.query(
    `do $$ begin
       perform set_config('rollout.state', 'controlled', true);
       update rollout_configuration set epoch_started_at = now() - interval '1 hour' where feature_name = '${feature}';
     end $$`,
  );
}

/** `count` events, each of a subject of its own, all of treatment unless said otherwise. */
export function events(count: number, rest: Partial<Observation> = {}): Observation[] {
  return Array.from({ length: count }, (_, place) => ({
    ...{ feature: 'checkout', metric: 'refunds', subject: `r${place}`, arm: 'treatment' as const, epoch: 1 },
    ...{ category: '', at: Date.now(), events: 1, bad: 0, id: null },
    ...rest,
  }));
}

export function observe(
  db: TestDatabase,
  given: readonly Observation[],
  { batch = randomUUID(), skipInvalid = false, anySubject = true } = {},
): Promise<EventsAnswer> {
  return recordEvents(db.pool, batch, given, { skipInvalid, anySubject });
}
