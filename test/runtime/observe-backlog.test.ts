import { expect, it } from 'vitest';
import type { Stamp } from '../../src/runtime/index.ts';
import type { TestDatabase } from '../helpers/database/database.ts';
import { openRollout } from '../helpers/http/rollouts.ts';
import { guarded, guardrail } from '../store/guardrails/events.ts';

/** More jobs than this wait: a backlog. */
const MOST_WAITING = 100;
/** Rounds after which a job that begins is late. */
const LONGEST_WAIT = 12;
const BACKLOG = { guardrails: { backlog: guardrail({ limit: 5 }), late: guardrail({ limit: 5 }) } };

interface Waiting {
  stamp: Stamp | null;
  round: number;
}

/**
 * The recipes of docs/guardrails.md, played: 80 jobs wait in a queue, in each of 40 rounds ten more are routed to it, and its
 * workers take `perRound` of them, the oldest first, which end well within a second.
 */
async function play(perRound: number): Promise<TestDatabase> {
  const db = await guarded({}, { percentage: 100, ...BACKLOG });
  const rollout = await openRollout({ connectionString: db.connectionString, flushMs: 3_600_000 });
  const queue: Waiting[] = [];
  for (let round = 0; round < 40; round++) {
    for (let job = 0; job < (round === 0 ? 90 : 10); job++) {
      const { stamp } = rollout.route('checkout', { subject: `r${round}-${job}` });
      queue.push({ stamp, round });
      rollout.observe(stamp, 'backlog', queue.length > MOST_WAITING);
    }
    for (const { stamp, round: since } of queue.splice(0, perRound)) {
      rollout.observe(stamp, 'late', round - since > LONGEST_WAIT);
      rollout.record({ stamp, ok: true, durationMs: 900 });
    }
    await rollout.flush();
  }
  return db;
}

const incidents = (db: TestDatabase) =>
  db.rows<{ active: boolean; reason: string | null; finished: number; failed: number; open: number }>(
    `select c.is_active as active, i.reason,
       (select coalesce(sum(total_jobs), 0)::int from rollout_evidence) as finished,
       (select coalesce(sum(error_count), 0)::int from rollout_evidence) as failed,
       (select count(*)::int from rollout_jobs where state = 'open') as open
     from rollout_configuration c left join rollout_incidents i using (feature_name)`,
  );

it('a queue that nobody works off is a backlog long before a job times out', async () => {
  const [found] = await incidents(await play(0));
  expect(found).toMatchObject({ active: false, finished: 0, failed: 0 });
  expect(found?.reason).toMatch(/^guardrail backlog: \d+ of \d+ events were bad since/);
});

it('a queue that grows is a backlog although every job ends well and fast', async () => {
  const [found] = await incidents(await play(4));
  expect(found).toMatchObject({ active: false, failed: 0 });
  expect(found?.finished).toBeGreaterThan(0);
  expect(found?.reason).toMatch(/^guardrail (backlog|late): \d+ of \d+ events were bad since/);
});

it('a queue that keeps pace is not a backlog, although 80 jobs are open all the time', async () => {
  const [found] = await incidents(await play(10));
  expect(found).toEqual({ active: true, reason: null, finished: 400, failed: 0, open: 80 });
});
