import { randomUUID } from 'node:crypto';
import { createRollout } from '../../src/runtime/index.ts';
import { withDatabase } from './database.ts';
import { interleaved, print } from './table.ts';

/**
 * What an application pays for each outcome, and what a flush takes: beside routing, which makes the stamp.
 *
 *   npx tsx test/bench/runtime-record.ts [rounds]
 */
const ROUNDS = Number(process.argv[2] ?? 11);
const CALLS = 100_000;
const SUBJECTS = 1_000;

await withDatabase(async (pool) => {
  await pool.query(
    `insert into rollout_configuration (feature_name, is_active, rollout_percentage) values ('checkout', true, 25)`,
  );
  const rollout = await createRollout({
    pool,
    env: {},
    flushMs: 3_600_000,
    flushOnExit: false,
    maxPending: 1e6,
  });
  const subjects = Array.from({ length: SUBJECTS }, () => randomUUID() as string);
  const of = (place: number) => subjects[place % SUBJECTS] ?? '';
  const many = (work: (place: number) => void) => async () => {
    for (let place = 0; place < CALLS; place++) work(place);
  };
  const [decide = 0, record = 0, failed = 0, routed = 0, flush = 0] = await interleaved(ROUNDS, [
    many((place) => void rollout.isEligible('checkout', of(place))),
    many((place) =>
      rollout.record({
        feature: 'checkout',
        subject: of(place),
        processor: 'inngest',
        ok: true,
        durationMs: 3,
      }),
    ),
    many((place) =>
      rollout.record({
        feature: 'checkout',
        subject: of(place),
        processor: 'inngest',
        ok: false,
        error: 'connect ECONNREFUSED',
      }),
    ),
    many((place) => {
      const { stamp } = rollout.route('checkout', { subject: of(place), maxItems: 3 });
      rollout.record({ stamp, ok: true, durationMs: 3 });
    }),
    () => rollout.flush(),
  ]);
  print(`${CALLS.toLocaleString('en-US')} calls, ${SUBJECTS.toLocaleString('en-US')} subjects`, [
    { what: 'isEligible', milliseconds: decide },
    { what: 'record, ok', milliseconds: record },
    { what: 'record, failed', milliseconds: failed },
    { what: 'route, and record by its stamp', milliseconds: routed },
    { what: 'the flush of all of these', milliseconds: flush },
  ]);
  await rollout.close();
});
