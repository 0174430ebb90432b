import { beforeEach, expect, it } from 'vitest';
import { testDatabase } from '../helpers/database.ts';
import { embed } from '../helpers/embedding-process.ts';
import { applyFeature } from '../helpers/features.ts';
import { switchingProxy } from '../helpers/switching-proxy.ts';

const db = await testDatabase();
await applyFeature(db.pool, 'checkout', { percentage: 100 });
beforeEach(() => db.pool.query('truncate rollout_metrics'));

/** An application with an outcome that no flush has sent yet. */
const RECORDING = `const rollout = await createRollout({ connectionString: url, flushMs: 3_600_000, log: say, closeMs: 1_000 });
  rollout.record({ feature: 'checkout', subject: 'x', processor: 'inngest', ok: true });
  say('recorded');`;

const recorded = async () => {
  const [row] = await db.rows<{ jobs: number | null }>(
    `select sum(total_jobs)::int as jobs from rollout_metrics`,
  );
  return row?.jobs ?? 0;
};

it('an application that has nothing else to do ends by itself, after a last flush', async () => {
  const application = await embed(db.connectionString, RECORDING);
  expect(await application.ended).toBe(0);
  expect(await recorded()).toBe(1);
});

it('it ends without the database too, once, and says what is lost with it', async () => {
  const proxy = await switchingProxy(db.connectionString);
  const application = await embed(
    proxy.connectionString,
    `${RECORDING} process.stdin.once('data', () => process.stdin.destroy());`,
  );
  await application.next();
  await proxy.cut();
  application.child.stdin?.write('end\n');
  expect(await application.ended).toBe(0);
  expect(await application.rest()).toContain('the process ends, and the database has not taken 1 outcomes');
});

it('SIGTERM ends an application without a handler, by SIGTERM, after a last flush', async () => {
  const application = await embed(db.connectionString, `${RECORDING} setInterval(() => {}, 1_000);`);
  await application.next();
  application.child.kill('SIGTERM');
  expect(await application.ended).toBe('SIGTERM');
  expect(await recorded()).toBe(1);
});

it.each(['on', 'once'])('the end of an application with a handler added by %s is its own', async (how) => {
  const application = await embed(
    db.connectionString,
    `process.${how}('SIGTERM', () => setTimeout(() => { say(process.listenerCount('SIGTERM')); process.exit(7); }, 500));
     ${RECORDING} setInterval(() => {}, 1_000);`,
  );
  await application.next();
  application.child.kill('SIGTERM');
  expect(await application.ended).toBe(7);
  expect(await recorded()).toBe(1);
});

it('a closed library leaves no handler behind, and two in one process share one', async () => {
  const application = await embed(
    db.connectionString,
    `const two = [await createRollout({ connectionString: url }), await createRollout({ connectionString: url })];
     const handlers = () => process.listenerCount('SIGTERM') + process.listenerCount('beforeExit');
     say(handlers());
     await two[0].close();
     say(handlers());
     await two[1].close();
     say(handlers());`,
  );
  expect(await application.ended).toBe(0);
  expect([await application.next(), await application.next(), await application.next()]).toEqual([
    '2',
    '2',
    '0',
  ]);
});
