import { setTimeout as sleep } from 'node:timers/promises';
import { seededRandom } from '../../src/lib/random.ts';
import { createRollout } from '../../src/runtime/index.ts';

/**
 * One process of test/bench/fuse.ts: on each message routes and ends jobs at a steady rate, of which a share fails, and
 * from a moment on half of those with the feature. Answers how many jobs failed with it since then.
 *
 * Arguments: connection string, number of the process.
 */
export interface Breakage {
  subjects: number;
  /** Jobs a second of this process. */
  rate: number;
  /** The moments at which the feature breaks and at which this ends, in milliseconds since 1970. */
  breaksAt: number;
  endsAt: number;
}

const [url, number = '1'] = process.argv.slice(2);
const BEFORE = 0.01;
const BROKEN = 0.5;

const random = seededRandom(Number(number));
const rollout = await createRollout({ connectionString: url, env: {}, flushOnExit: false });
let over = true;

async function work({ subjects, rate, breaksAt, endsAt }: Breakage): Promise<number> {
  const pause = 1_000 / rate;
  let failed = 0;
  let next = Date.now() + random() * pause;
  while (!over && Date.now() < endsAt) {
    const now = Date.now();
    if (now < next) {
      await sleep(Math.min(100, next - now));
      continue;
    }
    next += pause;
    const { stamp, arm } = rollout.route('checkout', { subject: `s${Math.floor(random() * subjects)}` });
    const broken = now >= breaksAt && arm === 'treatment';
    const ok = random() >= (broken ? BROKEN : BEFORE);
    if (broken && !ok) failed += 1;
    rollout.record({ stamp, ok, durationMs: 5, error: ok ? undefined : 'boom', elsewhere: false });
  }
  await rollout.flush();
  return failed;
}

process.on('message', async (message: Breakage | 'over' | 'close') => {
  if (message === 'over') over = true;
  else if (message === 'close') await rollout.close().then(() => process.disconnect());
  else {
    over = false;
    process.send?.({ failed: await work(message) });
  }
});
// Its parent is gone.
process.on('disconnect', () => process.exit());
process.send?.('ready');
