import { expect, it } from 'vitest';
import { migrateDatabase } from '../../src/compose/environment/database.ts';
import { embeddedFolder, killServer, member } from '../helpers/database/embedded.ts';
import { switchingProxy } from '../helpers/database/switching-proxy.ts';
import { embed } from '../helpers/processes/embedding-process.ts';

it('decisions go on while PostgreSQL is killed and restarted under load, and every outcome counts once', async () => {
  const folder = await embeddedFolder();
  const first = await member(folder);
  await migrateDatabase(first.connectionString, () => {});
  await first.sql(
    `insert into rollout_configuration (feature_name, is_active, rollout_percentage) values ('checkout', true, 100)`,
  );
  // The next server has another port.
  const proxy = await switchingProxy(first.connectionString);
  const application = await embed(
    proxy.connectionString,
    `const rollout = await createRollout({ connectionString: url, flushMs: 10, pollMs: 100, maxStaleMs: 2_000, log: () => {}, closeMs: 30_000 });
     const counts = { recorded: 0, yes: 0, no: 0 };
     const seen = new Set();
     let over = false;
     process.stdin.once('data', () => { over = true; });
     let expired = false;
     rollout.on('stale', (about) => { if (about.expired) say('expired'); expired ||= about.expired; });
     rollout.on('ready', () => { if (expired) say('back'); expired = false; });
     say('started');
     while (!over) {
       for (let job = 0; job < 20; job++) {
         const { stamp, arm } = rollout.route('checkout', { subject: 'r' + (job % 7) });
         counts[arm === 'treatment' ? 'yes' : 'no'] += 1;
         rollout.record(job % 2 ? { stamp, ok: true, elsewhere: true } : { stamp, ok: true });
         counts.recorded += 1;
       }
       await new Promise((resolve) => setTimeout(resolve, 2));
     }
     await rollout.close();
     say({ ...counts, ...rollout.state() });
     process.stdin.destroy();`,
  );
  expect(await application.next()).toBe('"started"');
  await new Promise((resolve) => setTimeout(resolve, 300));
  await killServer(folder);
  await proxy.cut();
  expect(await application.next()).toBe('"expired"');
  const second = await member(folder);
  await proxy.restore(second.connectionString);
  expect(await application.next()).toBe('"back"');
  await new Promise((resolve) => setTimeout(resolve, 200));
  application.child.stdin?.write('over\n');
  const end = JSON.parse(await application.next()) as {
    recorded: number;
    yes: number;
    no: number;
    dropped: number;
  };
  await application.ended;
  expect(end).toMatchObject({ dropped: 0, pending: 0 });
  expect(end.yes).toBeGreaterThan(0);
  expect(end.no).toBeGreaterThan(0);
  const [row] = await second.sql(`select sum(total_jobs)::int as jobs from rollout_metrics`);
  expect(row).toEqual({ jobs: end.recorded });
  await second.leave();
  first.child.kill('SIGKILL');
});
