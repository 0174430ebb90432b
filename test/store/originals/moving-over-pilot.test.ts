import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { planFile } from '../../../src/app/reconcile/plan.ts';
import { matchingFile } from '../../../src/app/setup/init.ts';
import { migrate } from '../../../src/store/db/migrate.ts';
import { createStore } from '../../../src/store/store.ts';
import { originals } from '../../helpers/data/originals.ts';
import type { TestDatabase } from '../../helpers/database/database.ts';

/** The pilot's tables with the columns that a later version of them had, and a pilot in each state. */
async function movedOver(): Promise<TestDatabase> {
  const db = await originals('pilot');
  await db.rows(
    `alter table feature_rollouts add created_at timestamptz, add updated_at timestamptz;
     alter table rollout_events add event_type text, add reason text;
     delete from rollout_events;
     delete from feature_rollouts where feature_name in ('all_null', 'by_size');
     insert into feature_rollouts (feature_name, current_tier, target_tier, percentage, status,
       whitelisted_customers, started_at, created_at) values
       ('waits', 'tier_2_early_adopters', 'tier_4_full', 10, 'paused', '{w1}', '2024-05-01Z', '2024-04-01Z'),
       ('to_come', 'tier_0_disabled', 'tier_4_full', 0, 'planned', '{w2}', null, '2024-04-02Z');
     insert into rollout_events (feature_name, event, event_type, reason, "timestamp", metadata) values
       ('bad_idea', 'rollback', 'rollback', 'it fails', '2024-02-02Z', '{"by": "ada"}'),
       ('bad_idea', 'error', null, null, '2024-02-01Z', null)`,
  );
  await migrate(await db.client());
  await db.rows(`insert into rollout_customers (customer_id) select 'c' || n from generate_series(1, 300) n
    union all values ('w1'), ('w2')`);
  return db;
}

describe('moving over a pilot', () => {
  it('a paused pilot keeps its state, tier, percentage and start, and admits nobody, as before', async () => {
    const db = await movedOver();
    const [waits] = await db.rows(
      `select status, percentage::int, current_tier as tier, started_at from feature_rollouts where feature_name = 'waits'`,
    );
    expect(waits).toEqual({
      ...{ status: 'paused', percentage: 10, tier: 'tier_2_early_adopters' },
      started_at: new Date('2024-05-01Z'),
    });
    const eligible = `select sum(eligible)::int as n from rollout_count_eligible`;
    expect(await db.rows(`${eligible}('waits')`)).toEqual([{ n: 0 }]);
    expect(await db.rows(`${eligible}('new_billing')`)).toEqual([{ n: 302 }]);
  });

  it('a pilot’s pause and steps are written into the first file, and the next plan moves nobody', async () => {
    const db = await movedOver();
    const store = createStore(db.pool);
    const { text } = await matchingFile(store);
    const { features } = parse(text);
    expect(features.waits).toMatchObject({ active: false, paused: true, percentage: 10, steps: 'pilot' });
    expect(features.new_editor).toMatchObject({ active: true, percentage: 10, steps: 'pilot' });
    expect(features.new_editor).not.toHaveProperty('paused');
    const plan = await planFile({ store } as Parameters<typeof planFile>[0], {
      ...{ path: 'rollout.yaml', content: text, revision: null },
    });
    expect(plan.changes).toEqual([]);
  });

  it('a pilot that was not started stays planned, without a start and without eligible customers', async () => {
    const db = await movedOver();
    expect(
      await db.rows(
        `select f.status, f.started_at, c.created_at from feature_rollouts f join rollout_configuration c using (id)
         where f.feature_name = 'to_come'`,
      ),
    ).toEqual([{ status: 'planned', started_at: null, created_at: new Date('2024-04-02Z') }]);
    const [whitelisted] = await db.rows(`select eligible, reason from rollout_evaluate('to_come', 'w2')`);
    expect(whitelisted).toEqual({ eligible: false, reason: 'inactive' });
  });

  it('moving over keeps event columns that only some of the originals had', async () => {
    const db = await movedOver();
    expect(await db.rows('select event, metadata from rollout_events order by "timestamp"')).toEqual([
      { event: 'error', metadata: {} },
      {
        event: 'rollback',
        metadata: { by: 'ada', original: { event_type: 'rollback', reason: 'it fails' } },
      },
    ]);
  });
});
