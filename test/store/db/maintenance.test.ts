import { randomUUID } from 'node:crypto';
import { beforeEach, describe, expect, it } from 'vitest';
import { OutcomeSums } from '../../../src/domain/evidence/outcomes.ts';
import { maintain } from '../../../src/store/db/maintenance.ts';
import { recordOutcomes } from '../../../src/store/outcomes/outcomes.ts';
import { createStore } from '../../../src/store/store.ts';
import { applyFeature } from '../../helpers/data/features.ts';
import { emptyDatabase, testDatabase } from '../../helpers/database/database.ts';

const db = await testDatabase();
await applyFeature(db.pool, 'checkout', { percentage: 10 });
const DAY = 86_400_000;

/** Days from today of the partitions of a table. */
async function partitions(table: string): Promise<number[]> {
  const rows = await db.rows<{ day: number }>(
    `select to_date(right(c.relname, 8), 'YYYYMMDD') - (now() at time zone 'UTC')::date as day
     from pg_inherits i join pg_class c on c.oid = i.inhrelid
     where i.inhparent = $1::regclass and c.relname ~ '_[0-9]{8}$' order by 1`,
    [table],
  );
  return rows.map(({ day }) => day);
}

async function record(daysAgo: number, subject = 'r1'): Promise<void> {
  const sums = new OutcomeSums();
  sums.add({
    ...{ feature: 'checkout', subject, processor: 'inngest', arm: 'treatment', epoch: 1, job_class: '' },
    ...{ category: '', ok: false, duration_ms: 1, error: 'boom', finished_at: Date.now() - daysAgo * DAY },
  });
  await recordOutcomes(db.pool, randomUUID(), sums);
}

const jobs = async () => {
  const [row] = await db.rows<{ metrics: number; evidence: number; buckets: number; outside: number }>(
    `select (select coalesce(sum(total_jobs), 0)::int from rollout_metrics) as metrics,
       (select coalesce(sum(total_jobs), 0)::int from rollout_evidence) as evidence,
       (select coalesce(sum(jobs), 0)::int from rollout_evidence_buckets) as buckets,
       (select count(*)::int from rollout_metrics_default) as outside`,
  );
  return row;
};

beforeEach(async () => {
  await db.pool.query(`truncate rollout_metrics, rollout_evidence, rollout_evidence_buckets, rollout_errors`);
  await maintain(db.pool);
});

describe('maintenance', () => {
  it('maintenance makes the partitions of the days ahead once, from yesterday on', async () => {
    const first = await maintain(db.pool, { aheadDays: 10 });
    expect(first).toMatchObject({ created: 3 * 3, dropped: 0, put_off: false });
    expect(await maintain(db.pool, { aheadDays: 10 })).toMatchObject({ created: 0, dropped: 0 });
    const days = Array.from({ length: 12 }, (_, n) => n - 1);
    expect(await partitions('rollout_metrics')).toEqual(days);
    expect(await partitions('rollout_evidence')).toEqual(days);
    expect(await partitions('rollout_jobs')).toEqual(days);
  });

  it('maintenance by several sessions at once is done once', async () => {
    const runs = await Promise.all(Array.from({ length: 6 }, () => maintain(db.pool, { aheadDays: 12 })));
    expect(runs.reduce((sum, { created }) => sum + created, 0)).toBe(3 * 2);
  });

  it('maintenance moves rows that came before their partition into it and loses none', async () => {
    await db.pool.query(
      `do $$ begin execute format('drop table rollout_metrics_%s', to_char(now() at time zone 'UTC', 'YYYYMMDD')); end $$`,
    );
    await record(0);
    expect(await jobs()).toEqual({ metrics: 1, evidence: 1, buckets: 1, outside: 1 });
    expect(await maintain(db.pool)).toMatchObject({ created: 1 });
    expect(await jobs()).toEqual({ metrics: 1, evidence: 1, buckets: 1, outside: 0 });
    await record(0);
    expect(await jobs()).toEqual({ metrics: 2, evidence: 2, buckets: 2, outside: 0 });
  });

  it('maintenance drops expired partitions and expired rows that had none', async () => {
    await db.pool.query(`select rollout_create_partitions((now() at time zone 'UTC')::date - 40, 2)`);
    await record(39.5);
    await record(60);
    await record(5);
    // Two days of stamps, which nobody needs.
    expect(await maintain(db.pool, { keepDays: 90 })).toMatchObject({ dropped: 2 });
    expect(await jobs()).toMatchObject({ metrics: 3, evidence: 3, buckets: 3 });
    expect(await maintain(db.pool, { keepDays: 30 })).toMatchObject({ dropped: 4 });
    expect(await jobs()).toMatchObject({ metrics: 1, evidence: 1, buckets: 1 });
    expect(await db.rows(`select from rollout_errors`)).toHaveLength(1);
  });

  it('maintenance forgets batches and closed stamps after 7 days, ids after 30, open stamps after keepDays', async () => {
    await db.pool.query(`
      truncate rollout_batches;
      insert into rollout_batches (sender, numbers, recorded_at) values
        (gen_random_uuid(), '{[1,9)}', now() - interval '8 days'), (gen_random_uuid(), '{[1,9)}', now() - interval '6 days');
      insert into rollout_outcome_ids (feature_name, id, recorded_at) values
        ('checkout', 'old', now() - interval '31 days'), ('checkout', 'new', now());
      insert into rollout_jobs (id, day, feature_name, subject_id, epoch, arm, processor_type, routed_at, state, ended_at)
      select id, current_date - days, 'checkout', 'r1', 1, 'treatment', 'p', now() - make_interval(days => days), state, ended_at
      from (values ('a', 31, 'finished', now() - interval '31 days'), ('b', 60, 'open', null), ('c', 100, 'open', null))
        j(id, days, state, ended_at)`);
    expect(await maintain(db.pool)).toMatchObject({ forgotten: 3 });
    expect(await db.rows(`select id from rollout_jobs`)).toEqual([{ id: 'b' }]);
    expect(await db.rows(`select id from rollout_outcome_ids`)).toEqual([{ id: 'new' }]);
  });

  it('maintenance is put off, not stuck, during a long read', async () => {
    const reader = await db.client();
    await reader.query('begin');
    await reader.query('select count(*) from rollout_metrics');
    expect(await maintain(db.pool, { aheadDays: 14 })).toMatchObject({ put_off: true, created: 0 });
    await record(0); // nobody waits behind it
    await reader.query('commit');
    expect(await maintain(db.pool, { aheadDays: 14 })).toMatchObject({ put_off: false });
  });

  it.each([{ keepDays: 0 }, { keepDays: -1 }, { keepDays: 4_000 }, { aheadDays: -1 }])(
    'maintenance refuses %j',
    async (keeping) => {
      await expect(maintain(db.pool, keeping)).rejects.toMatchObject({ code: 'usage' });
    },
  );

  it('maintenance of a database without migrations says that it is not migrated', async () => {
    const empty = await emptyDatabase();
    await expect(maintain(empty.pool)).rejects.toMatchObject({ code: 'database_not_migrated' });
  });
});

describe('old verdicts', () => {
  const DAYS_AGO = (days: number, minutes = 0) =>
    `date_bin('1 hour', now(), 'epoch') - interval '${days} days' + interval '${minutes} minutes'`;

  async function checks(
    rows: [at: string, verdict: string, more?: { action?: string; paused?: boolean } | undefined][],
  ) {
    await db.pool.query('truncate rollout_health_checks');
    for (const [at, verdict, { action = 'none', paused = false } = {}] of rows) {
      await db.pool.query(
        `insert into rollout_health_checks
           (feature_name, epoch, checked_at, verdict, reason_code, reason, severity, scope, action, jobs, errors, scores, paused)
         values ('checkout', 1, ${at}, $1, $1, '', 'none', 'all', $2, 0, 0, '{}', $3)`,
        [verdict, action, paused],
      );
    }
  }

  const left = async () =>
    (
      await db.rows<{ place: string }>(
        `select id - min(id) over () as place from rollout_health_checks order by id`,
      )
    ).map(({ place }) => Number(place));

  it('every verdict is kept for 90 days, and afterwards one an hour', async () => {
    const quarters = [0, 15, 30, 45, 60, 75];
    const hours = (days: number) =>
      quarters.map((minute): [string, string] => [DAYS_AGO(days, minute), 'healthy']);
    await checks([[DAYS_AGO(120), 'healthy'], ...hours(100), ...hours(80), [DAYS_AGO(1), 'healthy']]);
    expect(await maintain(db.pool)).toMatchObject({ thinned: 0 }); // a week at a time
    let thinned = 0;
    for (let run = 0; run < 4; run++) thinned += (await maintain(db.pool)).thinned;
    expect(thinned).toBe(4);
    expect(await left()).toEqual([0, 1, 5, 7, 8, 9, 10, 11, 12, 13]);
    expect(await maintain(db.pool)).toMatchObject({ thinned: 0 });
  });

  it('old verdicts around a change of verdict, a pause or an action are kept for ever', async () => {
    const verdicts: [string, { action?: string; paused?: boolean }?][] = [
      ['healthy'], // 0: the first
      ['healthy'], // the one of its hour
      ['healthy'],
      ['healthy'], // 3: before a turn
      ['warning'], // 4
      ['warning'],
      ['warning'], // 6: the last of its stretch
      ['healthy'], // 7
      ['healthy', { action: 'advanced' }], // 8
      ['healthy'],
      ['healthy'], // 10: before a pause
      ['healthy', { paused: true }], // 11
      ['healthy'], // 12
      ['healthy'],
      ['healthy'], // 14: the last
    ];
    await checks(verdicts.map(([verdict, more], n) => [DAYS_AGO(500, n), verdict, more]));
    await maintain(db.pool);
    expect(await left()).toEqual([0, 3, 4, 6, 7, 8, 10, 11, 12, 14]);
  });

  it('one verdict an hour is kept for 400 days', async () => {
    const day = (days: number): [string, string][] =>
      [0, 60, 120].map((minute) => [DAYS_AGO(days, minute), 'healthy']);
    await checks([...day(410), ...day(390), [DAYS_AGO(1), 'healthy']]);
    for (let run = 0; run < 6; run++) await maintain(db.pool);
    expect(await left()).toEqual([0, 3, 4, 5, 6]);
  });

  it('thinning old verdicts leaves a soak with its pauses unchanged', async () => {
    const store = createStore(db.pool);
    await checks([
      ...Array.from({ length: 40 }, (_, n): [string, string] => [
        DAYS_AGO(95, 15 * n),
        n < 20 ? 'warning' : 'healthy',
      ]),
      ...Array.from({ length: 8 }, (_, n): [string, string, { paused: boolean }] => [
        DAYS_AGO(94, 15 * n),
        'healthy',
        { paused: n > 1 && n < 6 },
      ]),
      [DAYS_AGO(1), 'healthy'],
    ]);
    const step = { feature: 'checkout', epoch: 1, step_started_at: new Date(Date.now() - 99 * DAY) };
    const seen = async () => {
      const { since, pausedSeconds } = await store.reading((read) =>
        read.health.soak('checkout', 1, step.step_started_at),
      );
      return { since, pausedSeconds };
    };
    const before = await seen();
    expect(before.pausedSeconds).toBe(4 * 900);
    for (let run = 0; run < 3; run++) await maintain(db.pool);
    expect((await left()).length).toBeLessThan(30);
    expect(await seen()).toEqual(before);
  });
});

describe('events of customers that are past keeping', () => {
  it('maintenance deletes expired customer events except the last that says whether the feature is on', async () => {
    await applyFeature(db.pool, 'pilot', { subject: 'customer', percentage: 50 });
    await db.pool.query(
      `insert into rollout_events (feature_name, customer_id, event, "timestamp")
       select 'pilot', e.customer, e.event, now() - make_interval(days => e.days)
       from (values ('a', 'enabled', 120), ('a', 'disabled', 100), ('a', 'error', 99), ('a', 'error', 3),
         ('b', 'enabled', 100), ('b', 'enabled', 2), ('c', 'error', 91), ('c', 'error', 89)) e(customer, event, days)`,
    );
    const kept = async () => {
      const rows = await db.rows<{ one: string }>(
        `select customer_id || ' ' || event || ' ' || extract(day from now() - "timestamp") as one
         from rollout_events where feature_name = 'pilot' order by customer_id, "timestamp"`,
      );
      return rows.map(({ one }) => one);
    };
    await maintain(db.pool);
    expect(await kept()).toEqual(['a disabled 100', 'a error 3', 'b enabled 2', 'c error 89']);
    await maintain(db.pool, { keepDays: 30 });
    expect(await kept()).toEqual(['a disabled 100', 'a error 3', 'b enabled 2']);
  });
});
