import { expect, it } from 'vitest';
import { recordStep } from '../../../src/store/guardrails/steps.ts';
import type { TestDatabase } from '../../helpers/database/database.ts';
import { guarded } from './events.ts';

const ENGINE = { source: 'prometheus' as const, query: { bad: 'b', all: 'a', subject_label: 'repo' } };
const AT = Math.floor(Date.now() / 300_000) * 300 - 600;

type Count = Parameters<typeof recordStep>[1]['counts'][number];
const of = (subject: string, events: number, bad = 0, arm: Count['arm'] = 'treatment'): Count => ({
  ...{ arm, subject, events, bad },
});

const record = (db: TestDatabase, ...counts: Count[]) =>
  recordStep(db.pool, { feature: 'checkout', metric: 'refunds', epoch: 1, at: AT, counts });

async function rows(db: TestDatabase): Promise<string[]> {
  const found = await db.rows<{ text: string }>(
    `select concat_ws(' ', nullif(subject_id, ''), arm, events, bad) as text from rollout_observations order by subject_id, arm`,
  );
  return found.map(({ text }) => text);
}

it('a step that two readers record at once counts once, and grows by what the fuller answer has more', async () => {
  const db = await guarded(ENGINE);
  const full = [of('a', 40, 4), of('b', 30), of('a', 50, 1, 'control')];
  await Promise.all([
    record(db, ...full),
    record(db, of('a', 40, 4)),
    record(db, ...full),
    record(db, of('b', 10)),
  ]);
  expect(await rows(db)).toEqual(['a control 50 1', 'a treatment 40 4', 'b treatment 30 0']);
});

it('a subject that was one of the smaller ones in a step stays one of them in that step', async () => {
  const db = await guarded(ENGINE);
  await record(db, of('a', 40), of('', 20, 2));
  await record(db, of('a', 40), of('c', 15, 1), of('', 25, 2));
  expect(await rows(db)).toEqual(['treatment 40 3', 'a treatment 40 0']);
  // Now a is one of the smaller ones for the engine: nothing is new.
  await record(db, of('c', 15, 1), of('', 65, 2));
  expect(await rows(db)).toEqual(['treatment 40 3', 'a treatment 40 0']);
});

it('more events of the smaller subjects than an integer holds are kept, and the feature is judged', async () => {
  const db = await guarded(ENGINE);
  await record(db, of('', 1_000_000_000));
  await record(db, ...Array.from({ length: 6 }, (_, n) => of(`s${n}`, 1_000_000_000, 1_000_000)));
  expect(await rows(db)).toEqual(['treatment 6000000000 6000000']);
  await db.pool.query(`select rollout_trip('checkout')`);
  expect(await db.rows('select problem from rollout_score_faults')).toEqual([]);
});

it('a step of impossible counts is refused, and one of a metric that no engine has counts for nothing', async () => {
  const engine = await guarded(ENGINE);
  for (const wrong of [of('a', 1, 2), of('a', 0), of('a', 1_000_000_001)]) {
    await expect(record(engine, wrong)).rejects.toThrow('impossible counts in a step of');
  }
  const events = await guarded({ source: 'events' });
  await record(events, of('a', 10, 10));
  expect([await rows(engine), await rows(events)]).toEqual([[], []]);
});
