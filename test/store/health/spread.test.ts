import { expect, it } from 'vitest';
import { seededRandom } from '../../../src/lib/random.ts';
import { HOUR_MS } from '../../../src/lib/time.ts';
import { readSpreads } from '../../../src/store/health/spread.ts';
import { testDatabase } from '../../helpers/database/database.ts';

const WINDOW_MS = HOUR_MS / 12;
const PILOT_MS = 24 * HOUR_MS;

// The newest end of any finished treatment job, found by looking at every window.
it('the newest finished job equals the one found by reading every window, even with windows of a day', async () => {
  const db = await testDatabase();
  const random = seededRandom(5);
  // One transaction reads the clock and the answer.
  const client = await db.client();
  await client.query('begin');
  const clock = await client.query<{ now: Date }>('select now()');
  const now = clock.rows[0]?.now.getTime() ?? 0;
  const soaks: { feature: string; epoch: number; step_started_at: Date }[] = [];
  const expected = new Map<string, number | null>();
  for (let n = 0; n < 40; n++) {
    const feature = `feature_${n}`;
    const since = now - Math.floor(random() * 5) * PILOT_MS;
    soaks.push({ feature, epoch: 2, step_started_at: new Date(since) });
    await db.rows(
      'insert into rollout_configuration (feature_name, rollout_percentage, monitoring_window_hours) values ($1, 10, 24)',
      [feature],
    );
    let newest: number | null = null;
    for (let row = 0; row < Math.floor(random() * 12); row++) {
      const pilot = random() < 0.3;
      const length = pilot ? PILOT_MS : WINDOW_MS;
      const start = Math.floor((now - random() * 6 * PILOT_MS) / length) * length;
      const epoch = random() < 0.8 ? 2 : 1;
      const arm = random() < 0.7 ? 'treatment' : 'control';
      const values = [feature, epoch, arm, pilot ? 'pilot' : 'queue', new Date(start)];
      const { length: added } = await db.rows(
        `insert into rollout_evidence (feature_name, epoch, arm, processor_type, window_start, total_jobs)
         values ($1, $2, $3, $4, $5, 1) on conflict do nothing returning 1`,
        values,
      );
      if (added > 0) {
        await db.rows(
          `insert into rollout_evidence_hours (feature_name, epoch, arm, processor_type, hour_start, total_jobs)
           values ($1, $2, $3, $4, date_bin('1 hour', $5::timestamptz, 'epoch'), 1) on conflict do nothing`,
          values,
        );
      }
      const counts = epoch === 2 && arm === 'treatment' && start >= since - PILOT_MS;
      if (counts) newest = Math.max(newest ?? 0, start + length);
    }
    expected.set(feature, newest);
  }
  const spreads = await readSpreads(client, soaks);

  expect([...expected.values()].filter((end) => end !== null).length).toBeGreaterThan(20);
  for (const [feature, end] of expected) {
    const age = spreads.get(feature)?.newestAge ?? null;
    if (end === null) expect(age, feature).toBeNull();
    else expect(age, feature).toBeCloseTo(Math.max(0, now - end) / 1_000, 1);
  }
});
