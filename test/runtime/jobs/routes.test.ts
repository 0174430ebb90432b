import { randomUUID } from 'node:crypto';
import { beforeEach, describe, expect, it } from 'vitest';
import type { RouteSum } from '../../../src/domain/evidence/routes.ts';
import type { Job, Rollout, Routed } from '../../../src/runtime/index.ts';
import { type Parcel, routesOf } from '../../../src/runtime/record/parcel/batch.ts';
import { Recorder } from '../../../src/runtime/record/recorder.ts';
import { readParcel } from '../../../src/server/relay/parcel.ts';
import { openJobs } from '../../../src/store/outcomes/jobs.ts';
import { applyFeature } from '../../helpers/data/features.ts';
import { cuttingProxy } from '../../helpers/database/cutting-proxy.ts';
import { testDatabase } from '../../helpers/database/database.ts';
import { CLIENTS } from '../../helpers/http/relays.ts';
import { openRollout } from '../../helpers/http/rollouts.ts';

const db = await testDatabase();
await applyFeature(db.pool, 'capture', { percentage: 100, blacklist: ['out'] });
await applyFeature(db.pool, 'other', { percentage: 100 });

/** Flushes come when a test says so. */
const BY_HAND = { flushMs: 3_600_000, maxStaleMs: 3_600_000, listen: false };
const DAY_MS = 86_400_000;

beforeEach(() =>
  db.pool.query(
    `truncate rollout_routes, rollout_jobs, rollout_metrics, rollout_evidence, rollout_evidence_buckets, rollout_batches`,
  ),
);

const route = (rollout: Rollout, rest: Partial<Job> = {}, feature = 'capture'): Routed =>
  rollout.route(feature, { subject: 'r1', ...rest });

const kept = () =>
  db.rows(
    `select feature_name as feature, epoch, rule, jobs::int, day = (now() at time zone 'UTC')::date as today
     from rollout_routes order by 1, 3`,
  );
const row = (rule: string, jobs: number, feature = 'capture') => ({
  ...{ feature, epoch: 1, rule, jobs, today: true },
});

describe.each(CLIENTS)('routed jobs %s', (_how, open) => {
  it('routed jobs are counted by the rule that decided, whatever becomes of them', async () => {
    const rollout = await open(db.connectionString, BY_HAND);
    // One stays open, two end where the database decides which end counts, three are added up here.
    route(rollout, { timeRange: 30 });
    for (const _ of [1, 2])
      rollout.record({ stamp: route(rollout, { triggerSource: 'manual' }).stamp, ok: true });
    for (const _ of [1, 2, 3])
      rollout.record({ stamp: route(rollout, { timeRange: 0 }).stamp, ok: true, elsewhere: false });
    route(rollout, { subject: 'out' });
    route(rollout, {}, 'other');
    // Nobody knows it, so nobody asks how often it was routed.
    route(rollout, {}, 'nobody');
    expect(await rollout.flush()).toBe(true);
    const counted = [
      ...[row('historical', 1), row('manual', 2), row('not_eligible', 1), row('recent', 3)],
      row('default', 1, 'other'),
    ];
    expect(await kept()).toEqual(counted);
    // Their ends are no routing, and a second flush adds to the day.
    rollout.record({ stamp: route(rollout, { timeRange: 30 }).stamp, ok: true });
    expect(await rollout.flush()).toBe(true);
    expect(await kept()).toEqual([row('historical', 2), ...counted.slice(1)]);
  });
});

describe('counts of routing rules', () => {
  it.each([
    ['openings', (_: Rollout, __: Routed) => {}],
    ['ends', (rollout: Rollout, { stamp }: Routed) => rollout.record({ stamp, ok: true })],
    ['sums', (rollout: Rollout, { stamp }: Routed) => rollout.record({ stamp, ok: true, elsewhere: false })],
  ])(
    'Counts of rules travel with %s in one statement, and count once where its answer was lost',
    async (_kind, act) => {
      const proxy = await cuttingProxy(db.connectionString, 'rollout_record_routes', 2);
      const rollout = await openRollout({
        ...{ ...BY_HAND, connectionString: proxy.connectionString, closeMs: 60_000 },
      });
      act(rollout, route(rollout));
      expect(await rollout.flush()).toBe(true);
      expect(proxy.cut()).toBe(2);
      expect(await kept()).toEqual([row('default', 1)]);
    },
  );

  it('counts of rules make no parcel of their own, and travel with the next one where theirs is refused', async () => {
    const sent: Parcel[] = [];
    let refuse = false;
    const recorder = new Recorder({
      sink: {
        send: async (parcel) => {
          sent.push(structuredClone(parcel));
          if (refuse) throw new Error('refused');
          return true;
        },
        failureOf: () => 'refused',
      },
      ...{ maxPending: 100, now: () => 0, onFailure: () => {} },
    });
    const stamp = (id: string) => ({
      ...{ id, feature: 'capture', subject: 'r1', processor: 'p', arm: 'treatment' as const, epoch: 1 },
      ...{ job_class: '', category: '', routed_at: DAY_MS },
    });
    await recorder.flush();
    expect(sent).toEqual([]);
    refuse = true;
    recorder.open(stamp('a'), 'recent');
    recorder.open(stamp('b'), 'recent');
    await recorder.flush();
    // The parcel, and its halves: what is counted is in the first of them.
    const counted = { feature: 'capture', epoch: 1, rule: 'recent', day: 1, jobs: 2 };
    expect(sent.map((one) => [one.kind, one.items.length, routesOf(one)?.items])).toEqual([
      ['openings', 2, [counted]],
      ['openings', 1, [counted]],
      ['openings', 1, undefined],
    ]);
    const [first] = sent;
    const id = first && routesOf(first)?.id;
    expect(id).toBeDefined();
    refuse = false;
    sent.length = 0;
    recorder.open(stamp('c'), 'manual');
    await recorder.flush();
    expect(sent).toMatchObject([{ kind: 'openings', routes: { id, items: [counted] } }]);
    recorder.open(stamp('d'), 'manual');
    await recorder.flush();
    expect(sent[1]).toMatchObject({ routes: { items: [{ rule: 'manual', jobs: 2 }] } });
  });

  it('processes that count rules at the same time never wait in a circle, and lose nothing', async () => {
    const day = Math.floor(Date.now() / DAY_MS);
    const items = ['capture', 'other'].flatMap((feature) =>
      (['recent', 'manual', 'not_eligible'] as const).map((rule) => ({
        feature,
        epoch: 1,
        rule,
        day,
        jobs: 1,
      })),
    );
    const stamp = (feature: string) => ({
      ...{ id: randomUUID(), feature, subject: 'r1', processor: 'p', arm: 'treatment' as const, epoch: 1 },
      ...{ job_class: '', category: '', routed_at: Date.now() },
    });
    const processes = Array.from({ length: 8 }, async (_, nth) => {
      for (let flush = 0; flush < 15; flush++) {
        const stamps = [stamp('capture'), stamp('other')];
        const routes = { id: randomUUID(), items: nth % 2 ? items : [...items].reverse() };
        await openJobs(db.pool, nth % 2 ? stamps : stamps.reverse(), routes);
      }
    });
    await Promise.all(processes);
    expect(await kept()).toEqual(
      ['capture', 'other'].flatMap((feature) =>
        ['manual', 'not_eligible', 'recent'].map((rule) => row(rule, 8 * 15, feature)),
      ),
    );
  });

  it('counts of rules that cannot be are left out, and refuse no outcome', async () => {
    const today = Math.floor(Date.now() / DAY_MS);
    const good = { feature: 'capture', epoch: 1, rule: 'recent', day: today, jobs: 5 };
    const lines: [Partial<Record<keyof RouteSum, string | number>>, kept: number][] = [
      [{}, 5],
      // A clock that is ahead counts as today; a process that waited for a week is not too late.
      [{ day: today + 400 }, 5],
      [{ day: today - 7 }, 5],
      ...[{ day: today - 31 }, { day: -2_000_000_000 }, { day: 2_000_000_000, jobs: 0 }].map(
        (line) => [line, 0] as [typeof line, number],
      ),
      [{ feature: 'nobody' }, 0],
      [{ epoch: 2 }, 0],
      [{ epoch: 0 }, 0],
      [{ rule: 'of a newer library' }, 0],
      [{ jobs: -5 }, 0],
      [{ jobs: '9223372036854775807' }, 0],
    ];
    for (const [line, expected] of lines) {
      await db.pool.query('truncate rollout_routes');
      const { feature, epoch, rule, day, jobs } = { ...good, ...line };
      const ask = [randomUUID(), [feature], [epoch], [rule], [day], [jobs]];
      await db.pool.query('select rollout_record_routes($1, $2, $3, $4, $5, $6)', ask);
      const [found] = await db.rows<{ jobs: number }>(
        'select coalesce(sum(jobs), 0)::int as jobs from rollout_routes',
      );
      expect([line, found?.jobs]).toEqual([line, expected]);
    }
  });

  it('counts of rules are kept for the live epoch, and as long as everything else for those before', async () => {
    await db.pool.query(
      `insert into rollout_routes select 'capture', epoch, 'recent', (now() at time zone 'UTC')::date - age, 1
       from unnest(array[0, 1]) epoch, unnest(array[0, 20, 400]) age`,
    );
    await db.pool.query('select rollout_maintain(30)');
    expect(
      await db.rows(
        `select epoch, (now() at time zone 'UTC')::date - day as age from rollout_routes order by 1, 2`,
      ),
    ).toEqual([
      ...[0, 20].map((age) => ({ epoch: 0, age })),
      ...[0, 20, 400].map((age) => ({ epoch: 1, age })),
    ]);
  });

  it('A relay checks counts of rules, and leaves it to the database whether there is such a rule', () => {
    const parcel = (routes: unknown, kind = 'openings') =>
      readParcel({ version: 1, id: randomUUID(), kind, items: [], routes });
    const item = { feature: 'capture', epoch: 1, rule: 'of a newer library', day: 20_000, jobs: 3 };
    const routes = { id: randomUUID(), items: [item] };
    expect(parcel(routes)).toMatchObject({ parcel: { routes } });
    expect(parcel(undefined)).not.toHaveProperty('parcel.routes');
    expect(parcel(routes, 'events')).toEqual({ problem: 'routes do not travel with events' });
    for (const broken of [null, 5, { ...routes, id: 'x' }, { ...routes, items: {} }])
      expect(parcel(broken)).toHaveProperty('problem');
    for (const wrong of [{ day: -1 }, { jobs: 1.5 }, { epoch: 2 ** 31 }, { rule: '' }, { feature: 5 }])
      expect(parcel({ ...routes, items: [{ ...item, ...wrong }] })).toEqual({
        problem: expect.stringMatching(/^routes\.items\[0\]\./),
      });
  });
});
