import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { expect, it } from 'vitest';
import { recordStream } from '../../../src/app/outcomes/record.ts';
import { createStore } from '../../../src/store/store.ts';
import { guarded } from '../../store/guardrails/events.ts';

const db = await guarded();
await db.pool.query(`insert into repository_categories (repository_id) values ('r1')`);

function record(lines: readonly object[]) {
  return recordStream(createStore(db.pool), {
    stream: Readable.from(lines.map((line) => `${JSON.stringify(line)}\n`)),
    ...{ name: 'standard input', skipInvalid: false, anySubject: false },
    ...{ now: () => new Date(), newBatch: randomUUID },
  });
}

const kept = async () =>
  db.rows<{ events: number; bad: number }>(
    'select events::int as events, bad::int as bad from rollout_observations',
  );

it('every bad line of an event is reported with what would be right, and nothing is recorded', async () => {
  const event = { subject: 'r1', metric: 'refunds', bad: true };
  const lines = [
    event,
    { ...event, bad: 'yes' },
    { ...event, metric: 'refund' },
    { ...event, feature: 'checkout', subject: 'nobody' },
    { ...event, arm: 'fallback' },
    { subject: 'r1', metric: 'refunds' },
    { ...event, ok: true },
    { ...event, at: 'yesterday' },
    { feature: 'checkout', subject: 'r1', processor: 'inngest', ok: true },
  ];
  const error = await record(lines).catch((caught: unknown) => caught as Error);
  expect((error as Error).message.replace(/such as \S+Z/, 'such as NOW')).toMatchInlineSnapshot(`
    "standard input has 7 bad lines; nothing was recorded:
      line 2: bad is "yes"; it must be true or false, without quotes
      line 3: no feature has a guardrail on a metric of events named "refund"; there are refunds
      line 4: no repository is known as "nobody"; import it first, or take any with --any-subject
      line 5: arm is "fallback"; an event is of treatment or control
      line 6: bad is missing; every event needs subject, metric and bad
      line 7: "ok" is not a field; there are feature, subject, metric, bad, arm, at, id
      line 8: at is "yesterday"; it must be a time with its zone, such as NOW"
  `);
  expect(await kept()).toEqual([]);
});

it('jobs and events of one input are recorded, and an event with a repeated id counts once', async () => {
  const event = { subject: 'r1', metric: 'refunds', bad: true, id: 'refund-7' };
  const job = { feature: 'checkout', subject: 'r1', processor: 'inngest', ok: true };
  expect(await record([event, job, { ...event, id: 'refund-8', bad: false }])).toMatchObject({ recorded: 3 });
  expect(await record([event])).toMatchObject({ recorded: 0, repeated: 1 });
  expect(await kept()).toEqual([{ events: 2, bad: 1 }]);
});
