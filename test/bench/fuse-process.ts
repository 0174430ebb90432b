import { setTimeout as sleep } from 'node:timers/promises';
import { seededRandom } from '../../src/lib/random.ts';
import { createRollout } from '../../src/runtime/index.ts';

/**
 * One process of test/bench/fuse.ts: routes and ends jobs at a steady rate, of which a share fails, and from a moment
 * on half of those with the feature. Prints how many jobs failed with it since then.
 *
 * Arguments: connection string, number of the process, subjects, jobs a second, the moments at which the feature breaks
 * and at which this ends, in milliseconds since 1970.
 */
const [url, number = '1', subjects, rate, breaksAt, endsAt] = process.argv.slice(2);
const BEFORE = 0.01;
const BROKEN = 0.5;

const random = seededRandom(Number(number));
const rollout = await createRollout({ connectionString: url, env: {}, flushOnExit: false });
const pause = 1_000 / Number(rate);
let failed = 0;
let next = Date.now() + random() * pause;
while (Date.now() < Number(endsAt)) {
  const now = Date.now();
  if (now < next) {
    await sleep(next - now);
    continue;
  }
  next += pause;
  const { stamp, arm } = rollout.route('checkout', {
    subject: `s${Math.floor(random() * Number(subjects))}`,
  });
  const broken = now >= Number(breaksAt) && arm === 'treatment';
  const ok = random() >= (broken ? BROKEN : BEFORE);
  if (broken && !ok) failed += 1;
  rollout.record({ stamp, ok, durationMs: 5, error: ok ? undefined : 'boom', elsewhere: false });
}
await rollout.close();
console.log(JSON.stringify({ failed }));
