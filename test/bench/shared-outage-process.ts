import { setTimeout as sleep } from 'node:timers/promises';
import { seededRandom } from '../../src/lib/random.ts';
import { createRollout, type Rollout } from '../../src/runtime/index.ts';

/**
 * One process of test/bench/shared-outage.ts: the library, with the subjects of one arm alone, so that nobody else's flush
 * brings the other one. On each message it routes and ends the jobs of some features; in the outage a share of them fails.
 *
 * Arguments: connection string, number of the process, arm, milliseconds between its flushes.
 */
export interface Outage {
  features: readonly { feature: string; jobsAMinute: number; broken: number }[];
  /** Milliseconds since 1970. */
  breaksAt: number;
  recoversAt: number;
  endsAt: number;
}

const [url, number = '1', arm = 'treatment', flushMs = '5000'] = process.argv.slice(2);
const SUBJECTS = 400;
const BEFORE = 0.01;
/** Failures end at once. */
const FAILURE_MS = 50;
const SUCCESS_MS = 1_500;
const STEP_MS = 100;

const random = seededRandom(Number(number));
const rollout: Rollout = await createRollout({
  ...{ connectionString: url, env: {}, flushOnExit: false },
  flushMs: Number(flushMs),
});

/** Who runs here: subjects of this arm, so an application that is sharded by customer. */
function subjectsOf(feature: string): string[] {
  return Array.from({ length: SUBJECTS }, (_, n) => `s${n}`).filter(
    (subject) => rollout.isEligible(feature, subject) === (arm === 'treatment'),
  );
}

async function run({ features, breaksAt, recoversAt, endsAt }: Outage): Promise<number> {
  const own = features.map((one) => ({
    ...one,
    subjects: subjectsOf(one.feature),
    next: Date.now() + random() * (60_000 / one.jobsAMinute),
  }));
  let jobs = 0;
  while (Date.now() < endsAt) {
    const now = Date.now();
    for (const one of own) {
      for (; one.next <= now; one.next += (-Math.log(1 - random()) * 60_000) / one.jobsAMinute) {
        const subject = one.subjects[Math.floor(random() * one.subjects.length)] ?? 's0';
        const { stamp } = rollout.route(one.feature, { subject });
        const share = now >= breaksAt && now < recoversAt ? one.broken : BEFORE;
        const ok = random() >= share;
        const durationMs = ok ? -Math.log(1 - random()) * SUCCESS_MS : FAILURE_MS;
        setTimeout(
          () => rollout.record({ stamp, ok, durationMs, error: ok ? undefined : 'boom', elsewhere: false }),
          durationMs,
        );
        jobs += 1;
      }
    }
    await sleep(STEP_MS);
  }
  await sleep(5 * SUCCESS_MS);
  await rollout.flush();
  return jobs;
}

process.on('message', async (message: Outage | 'close') => {
  if (message === 'close') await rollout.close().then(() => process.disconnect());
  else process.send?.({ jobs: await run(message) });
});
// Its parent is gone.
process.on('disconnect', () => process.exit());
process.send?.('ready');
