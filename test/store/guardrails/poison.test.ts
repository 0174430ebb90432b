import { describe, expect, it } from 'vitest';
import type { TestDatabase } from '../../helpers/database/database.ts';
import { events, guarded, observe } from './events.ts';

/** Jobs of a hundred subjects, a third of them bad: far beyond 3%. */
const harm = (rest = {}) => [...events(70, rest), ...events(30, { bad: 1, ...rest })];

async function isActive(db: TestDatabase): Promise<boolean | undefined> {
  const [row] = await db.rows<{ active: boolean }>(
    `select is_active as active from rollout_configuration where feature_name = 'checkout'`,
  );
  return row?.active;
}

/** Changes the row as the controller does. */
async function change(db: TestDatabase, assignments: string): Promise<void> {
  await db.pool.query(
    `do $$ begin
       perform set_config('rollout.state', 'controlled', true);
       update rollout_configuration set ${assignments} where feature_name = 'checkout';
     end $$`,
  );
}

describe('events that are hard to count', () => {
  it('an event without a time counts in the current epoch', async () => {
    const db = await guarded();
    await change(db, 'epoch = 3');
    await observe(db, events(1, { at: null, epoch: null }));
    expect(await db.rows('select epoch from rollout_observations')).toEqual([{ epoch: 3 }]);
  });

  it('more events of a subject than an integer holds do not stop the feature from being judged', async () => {
    const db = await guarded();
    await observe(db, events(230, { subject: 'busy', events: 10_000_000 }));
    await observe(db, harm());
    await db.pool.query(`select rollout_trip('checkout')`);
    expect(await db.rows('select problem from rollout_score_faults')).toEqual([]);
    expect(await isActive(db)).toBe(false);
  });

  it('a job that began before all clocks does not stop the feature from being judged', async () => {
    const db = await guarded();
    await db.pool.query(
      `select rollout_open_jobs('{j1,j2}', '{checkout,checkout}', '{r1,r2}', '{1,1}', '{treatment,treatment}', '{"",""}',
         '{p,p}', '{"",""}', '{-infinity,4714-11-24 00:00:00+00 BC}')`,
    );
    await observe(db, harm());
    await db.pool.query(`select rollout_trip('checkout')`);
    expect(await db.rows('select problem from rollout_score_faults')).toEqual([]);
    expect(await isActive(db)).toBe(false);
  });

  it('a subject that is switched to counting once a day is bad once for all its events of the day', async () => {
    const db = await guarded({ per: 'event' });
    const noon = Date.now() - 86_400_000 - (Date.now() % 86_400_000) + 43_200_000;
    for (const minutes of [0, 10, 20, 30]) {
      await observe(db, events(1, { subject: 'r1', at: noon + minutes * 60_000 }));
    }
    await change(db, `spec = jsonb_set(spec, '{guardrails,refunds,per}', '"subject"')`);
    await observe(db, events(1, { subject: 'r1', at: noon + 3_600_000, bad: 1 }));
    expect(await db.rows('select sum(bad)::int as bad from rollout_observations')).toEqual([{ bad: 1 }]);
  });
});

describe('a crossing while rollbacks were disabled', () => {
  it.each([
    ['runs dry now', `'{guardrails,refunds,dry_run}', 'true'`],
    ['only warns now', `'{guardrails,refunds,on_harm}', '"warn"'`],
    ['is gone', `'{guardrails}', '{}'`],
    ['allows more now', `'{guardrails,refunds,limit}', '60'`],
  ])(
    'a guardrail that crossed its limit while rollbacks were disabled and %s switches nothing off',
    async (_, set) => {
      const db = await guarded();
      await change(db, 'auto_rollback_enabled = false');
      await observe(db, harm());
      expect(await isActive(db)).toBe(true);
      await change(db, `auto_rollback_enabled = true, spec = jsonb_set(spec, ${set})`);
      await db.pool.query(`select rollout_trip('checkout')`);
      expect(await isActive(db)).toBe(true);
    },
  );
});
