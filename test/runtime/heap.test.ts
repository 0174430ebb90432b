import { expect, it } from 'vitest';
import { applyFeature } from '../helpers/data/features.ts';
import { testDatabase } from '../helpers/database/database.ts';
import { embed } from '../helpers/processes/embedding-process.ts';

const db = await testDatabase();
await applyFeature(db.pool, 'checkout', { percentage: 25, whitelist: ['id-7'], blacklist: ['id-8'] });

it('a million decisions, routed jobs and records do not grow the heap, and a decision allocates nothing', async () => {
  const application = await embed(
    db.connectionString,
    `const rollout = await createRollout({ connectionString: url, flushMs: 200, closeMs: 120_000 });
     const ids = Array.from({ length: 1_000 }, (_, place) => 'id-' + place);
     const heap = () => { gc(); gc(); return process.memoryUsage().heapUsed; };
     const round = async (amount) => {
       for (let place = 0; place < amount; place++) {
         const id = ids[place % 1_000];
         rollout.isEligible('checkout', id);
         if (place % 10 === 0) {
           const { stamp } = rollout.route('checkout', { subject: id, maxItems: place % 100 });
           // Most are added up here; the database remembers the others.
           const elsewhere = place % 200 === 0;
           rollout.record({ stamp, ok: place % 7 !== 0, durationMs: 3, error: 'failed at ' + place, elsewhere });
         } else rollout.record({ feature: 'checkout', subject: id, processor: 'inngest', ok: true });
         // As an application has it: somebody else has a turn.
         if (place % 1_000 === 0) await new Promise((resolve) => setImmediate(resolve));
       }
       await rollout.flush();
     };
     await round(200_000);
     const before = heap();
     await round(1_000_000);
     say(heap() - before);
     let yes = 0;
     for (let warm = 0; warm < 100_000; warm++) if (rollout.isEligible('checkout', ids[warm % 1_000])) yes += 1;
     gc();
     const young = process.memoryUsage().heapUsed;
     for (let place = 0; place < 1_000_000; place++) if (rollout.isEligible('checkout', ids[place % 1_000])) yes += 1;
     say(process.memoryUsage().heapUsed - young);
     say(rollout.state().dropped);
     await rollout.close();`,
    ['--expose-gc'],
  );
  const [grown, allocated, dropped] = [
    await application.next(),
    await application.next(),
    await application.next(),
  ];
  // What a million outcomes would take is a hundred times that.
  expect(Number(grown)).toBeLessThan(2_000_000);
  // Less than a byte each, and the smallest object is twelve: what is left is the look at the clock.
  expect(Number(allocated)).toBeLessThan(1_000_000);
  expect(Number(dropped)).toBe(0);
  const [row] = await db.rows<{ jobs: number }>(`select sum(total_jobs)::int as jobs from rollout_metrics`);
  expect(row?.jobs).toBe(1_200_000);
});
