import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { seededRandom } from '../../src/lib/random.ts';
import { backdate } from '../helpers/data/backdated.ts';
import { applyFeature } from '../helpers/data/features.ts';
import { testDatabase } from '../helpers/database/database.ts';
import { embed } from '../helpers/processes/embedding-process.ts';
import { patience } from '../helpers/run/pace.ts';

const FEATURES = Array.from({ length: 15 }, (_, place) => `feature_${place}`);

/** Routes, ends and flushes jobs of every feature without a pause, a third of them failing, until it is told to end. */
const FLUSHING = `const features = ${JSON.stringify(FEATURES)};
  const rollout = await createRollout({ connectionString: url, flushMs: 3_600_000, flushOnExit: false });
  let recorded = 0;
  let going = true;
  process.stdin.once('data', () => { going = false; });
  say('flushing');
  while (going) {
    for (const feature of features) {
      const { stamp } = rollout.route(feature, { subject: 's' + (recorded % 997) });
      rollout.record({ stamp, ok: recorded % 3 > 0 });
      recorded++;
    }
    await rollout.flush();
  }
  await rollout.close();
  say(recorded);
  process.stdin.destroy();`;

it(
  'a process paused at any point of a flush delays no stop and loses no outcome when it continues',
  async () => {
    const db = await testDatabase();
    for (const feature of FEATURES) await applyFeature(db.pool, feature, { percentage: 100 });
    await backdate(db, `epoch_started_at = now() - interval '1 hour'`);
    const application = await embed(db.connectionString, FLUSHING);
    expect(await application.next()).toBe('"flushing"');
    const person = await db.client();
    // What has to wait for longer fails.
    await person.query(`set statement_timeout = ${patience(1_000)}`);
    const random = seededRandom(7);
    for (const feature of FEATURES) {
      await sleep(40 * random());
      application.child.kill('SIGSTOP');
      await person.query('select rollout_emergency_stop($1, $2)', [feature, 'it burns']);
      application.child.kill('SIGCONT');
    }
    application.child.stdin?.write('end');
    const recorded = Number(await application.next());
    expect(await application.ended).toBe(0);
    expect(
      await db.rows(
        `select count(*)::int as stopped from rollout_configuration where emergency_stop or not is_active`,
      ),
    ).toEqual([{ stopped: FEATURES.length }]);
    expect(recorded).toBeGreaterThan(0);
    expect(await db.rows('select sum(total_jobs)::int as jobs from rollout_metrics')).toEqual([
      { jobs: recorded },
    ]);
  },
  patience(60_000),
);
