import { describe, expect, it } from 'vitest';
import { DatabaseClock } from '../../../src/runtime/follow/database-clock.ts';
import { Follower } from '../../../src/runtime/follow/follower.ts';
import type { Queryable } from '../../../src/store/db/client.ts';
import { applyFeature } from '../../helpers/data/features.ts';
import { testDatabase } from '../../helpers/database/database.ts';

const db = await testDatabase();
await applyFeature(db.pool, 'checkout', { percentage: 100 });

/** Something that happens when it is told to. */
function gate(): { opened: Promise<void>; open: () => void } {
  let open = () => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open };
}

/** A connection that waits before it asks, says when it was answered, and waits before it hands the answer over. */
function held(before: Promise<void>, answered: () => void, after: Promise<void>): Queryable {
  const query = async (...asked: Parameters<typeof db.pool.query>) => {
    await before;
    const answer = await db.pool.query(...asked);
    answered();
    await after;
    return answer;
  };
  return { query: query as unknown as typeof db.pool.query };
}

describe('two readings at once', () => {
  it('of two concurrent readings, the one that saw less does not undo what the other one saw', async () => {
    const seen = new Map<string, boolean>();
    const follower = new Follower({
      ...{ pool: db.pool, environment: null, now: () => performance.now(), lagMs: 3_000 },
      clock: new DatabaseClock(() => performance.now()),
      onReading: async ({ features }) => {
        for (const { feature, emergency_stop } of features) seen.set(feature, !emergency_stop);
      },
      onOtherHistory: () => {
        throw new Error('the history is the same');
      },
      onFailure: (error) => {
        throw error;
      },
    });
    await follower.poll();
    expect(seen.get('checkout')).toBe(true);
    await db.pool.query(`update rollout_configuration set rollout_percentage = 50`);
    const [stopped, answered, told] = [gate(), gate(), gate()];
    const now = Promise.resolve();
    // Asked first and answered after the stop; asked last, answered before it, and told at the end.
    const first = follower.through(
      held(stopped.opened, () => {}, now),
      () => true,
    )();
    const second = follower.through(held(now, answered.open, told.opened), () => true)();
    await answered.opened;
    await db.pool.query(`select * from rollout_emergency_stop('checkout', 'it burns')`);
    stopped.open();
    await first;
    expect(seen.get('checkout')).toBe(false);
    told.open();
    await second;
    expect(seen.get('checkout')).toBe(false);
    await follower.poll();
    expect(seen.get('checkout')).toBe(false);
    follower.close();
  });
});
