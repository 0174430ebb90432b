/**
 * A process that records outcomes of one feature, as an application's flushes do.
 *
 * Arguments: connection string, feature, number of the process, flushes, outcomes a flush. Every second flush is
 * sent twice, and every one again and again under the same batch until there is an answer.
 */
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { OutcomeSums } from '../../../src/domain/evidence/outcomes.ts';
import { openPool } from '../../../src/store/db/client.ts';
import { recordOutcomes } from '../../../src/store/outcomes/outcomes.ts';

const [url = '', feature = '', process_, flushes, outcomes] = process.argv.slice(2);
const pool = openPool(url);
let lost = 0;

async function persistently(batch: string, sums: OutcomeSums): Promise<void> {
  for (;;) {
    try {
      await recordOutcomes(pool, batch, sums);
      return;
    } catch {
      lost += 1;
      await sleep(5);
    }
  }
}

for (let flush = 0; flush < Number(flushes); flush++) {
  const sums = new OutcomeSums();
  for (let place = 0; place < Number(outcomes); place++) {
    sums.add({
      ...{ feature, subject: `s${(place * 7 + flush + Number(process_)) % 20}`, processor: 'inngest' },
      ...{
        arm: place % 3 === 0 ? 'treatment' : 'control',
        epoch: 1,
        job_class: '',
        category: `c${place % 5}`,
      },
      ...{ ok: place % 10 !== 0, duration_ms: 2, error: 'boom', finished_at: Date.now() },
    });
  }
  const batch = randomUUID();
  await persistently(batch, sums);
  if (flush % 2 === 0) await persistently(batch, sums);
}
await pool.end();
console.log(JSON.stringify({ lost }));
