import { describe, expect, it } from 'vitest';
import { DatabaseClock } from '../../../src/runtime/follow/database-clock.ts';
import { Follower } from '../../../src/runtime/follow/follower.ts';
import { backOff } from '../../../src/runtime/host/poll.ts';
import { testDatabase } from '../../helpers/database/database.ts';
import { switchingProxy } from '../../helpers/database/switching-proxy.ts';
import { embed } from '../../helpers/processes/embedding-process.ts';

const FEATURES = 2_500;
/** As a page is asked for; three of them hold every feature. */
const PAGE = 'order by feature_name limit';

const db = await testDatabase();
await db.pool.query(
  `insert into rollout_configuration (feature_name, is_active, rollout_percentage)
   select 'feature-' || lpad(n::text, 5, '0'), true, 100 from generate_series(1, ${FEATURES}) n`,
);

const change = (feature: string, percentage: number) =>
  db.pool.query('update rollout_configuration set rollout_percentage = $2 where feature_name = $1', [
    feature,
    percentage,
  ]);

/** A follower that keeps what it took over; `on` is called before each question, and may throw. */
function following(on: (question: string) => unknown) {
  const read = new Map<string, number>();
  const readings: number[] = [];
  const query = async (question: { text: string; values: unknown[] }) => {
    await on(question.text);
    return db.pool.query(question);
  };
  const pool = { query } as unknown as typeof db.pool;
  const now = () => performance.now();
  const follower = new Follower({
    ...{ pool, environment: null, now, lagMs: 0, clock: new DatabaseClock(now) },
    onReading: async ({ features }) => {
      readings.push(features.length);
      for (const { feature, percentage } of features) read.set(feature, percentage);
    },
    onOtherHistory: () => {},
    onFailure: () => {},
  });
  return { follower, read, readings, pool };
}

describe('a reading of everything', () => {
  it('a full reading is made in pages and includes what changed while they were read', async () => {
    let pages = 0;
    const { follower, read, readings } = following(async (text) => {
      if (!text.includes(PAGE)) return;
      pages += 1;
      if (pages === 3) await change('feature-00001', 7);
    });
    await follower.poll();
    expect([pages, readings, read.size]).toEqual([3, [FEATURES], FEATURES]);
    expect(read.get('feature-00001')).toBe(7);
    await change('feature-00001', 100);
  });

  it('a full reading interrupted at a page continues there with a smaller page and repeats none', async () => {
    const asked: unknown[] = [];
    const { follower, read, readings } = following((text) => {
      if (!text.includes(PAGE)) return;
      asked.push(text);
      if (asked.length === 2) throw new Error('Query read timeout');
    });
    await expect(follower.poll()).rejects.toThrow('Query read timeout');
    expect([readings, follower.reading]).toEqual([[], 1_000]);
    await follower.poll();
    // A page of 1,000, one that failed, and three of 500; the last is not full only where there is no more.
    expect([asked.length, readings, read.size, follower.reading]).toEqual([6, [FEATURES], FEATURES, null]);
  });

  it('concurrent requests for a full reading share one, and later ones see what changed since', async () => {
    let pages = 0;
    const { follower, read, readings, pool } = following((text) => {
      if (text.includes(PAGE)) pages += 1;
    });
    const [one, two] = [follower.through(pool, () => true), follower.through(pool, () => true)];
    await Promise.all([follower.poll(), one(), two(), follower.poll()]);
    expect([pages, readings[0], read.size]).toEqual([3, FEATURES, FEATURES]);
    // What the others asked for afterwards are differences, without a feature.
    expect(readings.slice(1).every((features) => features === 0)).toBe(true);
  });
});

describe('many processes that start at once', () => {
  it('many processes that start at once read every page once each and become ready', async () => {
    const proxy = await switchingProxy(db.connectionString);
    const pages = proxy.count(PAGE);
    const processes = await Promise.all(
      Array.from({ length: 6 }, () =>
        embed(
          proxy.connectionString,
          `const lines = [];
           const rollout = await createRollout({ connectionString: url, startMs: 1, pollMs: 20, log: (line) => lines.push(line) });
           while (rollout.state().status !== 'ready') await new Promise((resolve) => setTimeout(resolve, 5));
           say({ features: rollout.features().length, away: lines.filter((line) => line.includes('cannot be reached')) });
           process.exit(0);`,
        ),
      ),
    );
    for (const process of processes) {
      expect(JSON.parse(await process.next())).toEqual({ features: FEATURES, away: [] });
    }
    expect(pages()).toBe(6 * 3);
  });
});

describe('the pause after a failure', () => {
  it('the pause after a failure is spread between half and one and a half times its length', () => {
    const pauses = Array.from({ length: 1_000 }, () => backOff(100, 3, 400));
    expect(Math.min(...pauses)).toBeGreaterThanOrEqual(200);
    expect(Math.max(...pauses)).toBeLessThanOrEqual(600);
    expect(Math.max(...pauses) - Math.min(...pauses)).toBeGreaterThan(300);
    const polls = Array.from({ length: 1_000 }, () => backOff(1_000, 0, 10_000));
    expect([Math.min(...polls) >= 900, Math.max(...polls) <= 1_100]).toEqual([true, true]);
  });
});
