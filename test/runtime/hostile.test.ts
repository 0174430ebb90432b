import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { bucket } from '../../src/domain/eligibility/bucket.ts';
import type { Job, JobEnd, Stamp } from '../../src/runtime/index.ts';
import { applyFeature } from '../helpers/data/features.ts';
import { testDatabase } from '../helpers/database/database.ts';
import { openRollout, told } from '../helpers/http/rollouts.ts';

const db = await testDatabase();
const LONGEST = 'x'.repeat(512);
await applyFeature(db.pool, 'everybody', { percentage: 100 });
await applyFeature(db.pool, 'listed', { percentage: 0, whitelist: ['__proto__', 'größe', '🦑'.repeat(300)] });
await applyFeature(db.pool, 'constructor', { percentage: 100 });
const lines: string[] = [];
const rollout = await openRollout({ connectionString: db.connectionString, log: (line) => lines.push(line) });
afterEach(() => lines.splice(0));

const NO_IDS: unknown[] = [
  ...[
    '',
    undefined,
    null,
    0,
    42,
    Number.NaN,
    true,
    {},
    [],
    ['id'],
    Symbol('id'),
    () => 'id',
    new Date(),
    10n,
  ],
  ...['\n', '\0', '\ud800', 'x\udc00', ' x', 'x ', '\u202e', '\ufffd', 'a\tb'],
  ...[{ toString: () => 'everybody' }, `${LONGEST}x`, '🦑'.repeat(513), 'x'.repeat(10_000_000)],
];

describe('an id', () => {
  it.each(NO_IDS.map((id) => [typeof id, id]))(
    'an invalid id (%s) is not eligible, and nothing throws',
    (_, id) => {
      expect(rollout.isEligible('everybody', id as string)).toBe(false);
      expect(rollout.evaluate('everybody', id as string)).toMatchObject({
        ...{ eligible: false, reason: 'invalid_subject', bucket: null },
      });
      expect(rollout.route('everybody', { subject: id as string })).toMatchObject({
        arm: 'control',
        stamp: null,
      });
      rollout.record({ feature: 'everybody', subject: id as string, processor: 'inngest', ok: true });
      expect(rollout.state().pending).toBe(0);
    },
  );

  it('an unusual but valid id is eligible', () => {
    for (const id of ['__proto__', 'constructor', 'toString', 'a b', 'größe', LONGEST, '🦑'.repeat(512)]) {
      expect(rollout.isEligible('everybody', id)).toBe(true);
      expect(rollout.evaluate('everybody', id).bucket).toBe(bucket('everybody', id));
    }
    expect(['__proto__', 'größe', '🦑'.repeat(300)].map((id) => rollout.isEligible('listed', id))).toEqual([
      true,
      true,
      true,
    ]);
    expect(rollout.isEligible('listed', 'constructor')).toBe(false);
  });
});

describe('a feature', () => {
  it('an invalid feature key is off', () => {
    for (const feature of ['', '__proto__', 'toString', undefined, null, 7, {}, Symbol('feature')]) {
      expect(rollout.isEligible(feature as string, 'x')).toBe(false);
      expect(rollout.evaluate(feature as string, 'x').reason).toBe('unknown');
      rollout.record({ feature: feature as string, subject: 'x', processor: 'inngest', ok: true });
    }
    expect(rollout.isEligible('constructor', 'x')).toBe(true);
  });
});

describe('whatever a payload holds', () => {
  it('no payload makes the library throw, and invalid outcomes are counted as dropped', async () => {
    const trap = new Proxy(
      {},
      {
        get: () => {
          throw new Error('trapped');
        },
        ownKeys: () => {
          throw new Error('trapped');
        },
      },
    );
    const before = rollout.state();
    const values = fc.oneof(fc.anything(), fc.constant(trap));
    fc.assert(
      fc.property(values, values, (one, two) => {
        rollout.route('everybody', one as Job);
        rollout.route(one as string, { subject: two, timeRange: one, prNumbers: two } as Job);
        rollout.record(one as JobEnd);
        rollout.record({ stamp: one, ok: true } as JobEnd);
        rollout.record({
          feature: 'everybody',
          subject: 'x',
          processor: one,
          ok: false,
          error: two,
        } as JobEnd);
        rollout.record({
          feature: 'everybody',
          subject: 'x',
          processor: 'inngest',
          ok: one,
          durationMs: two,
        } as JobEnd);
      }),
      { numRuns: 300 },
    );
    expect(rollout.state().dropped).toBeGreaterThan(before.dropped);
    expect(await rollout.flush()).toBe(true);
  });

  it('an invalid outcome does not cost another one its place in the batch', async () => {
    const { dropped } = rollout.state();
    const { stamp } = rollout.route('everybody', { subject: 'x' });
    const durations = [Number.NaN, Number.POSITIVE_INFINITY, -1, -0, 5e-324, 999_999_999_999];
    const place = { feature: 'everybody', processor: 'strange', ok: true } as const;
    for (const durationMs of durations) rollout.record({ ...place, subject: 'x', durationMs });
    for (const subject of [LONGEST, '🦑'.repeat(512)]) {
      rollout.record({ ...place, subject });
    }
    for (const strange of ['\0', '\ud800', 'x\ny', '\ufffd', 'x'.repeat(10_000)]) {
      rollout.record({ ...place, subject: strange });
      rollout.record({ stamp: { ...stamp, id: strange } as Stamp, ok: true });
      rollout.record({ stamp: { ...stamp, subject: strange } as Stamp, ok: true });
    }
    rollout.record({ stamp: { ...stamp, id: 'of-nobody', feature: 'gone' } as Stamp, ok: true });
    expect(await rollout.flush()).toBe(true);
    expect(rollout.state().dropped).toBe(dropped + 16);
    const rows = await db.rows(
      `select sum(total_jobs)::int as jobs, sum(timed_jobs)::int as timed from rollout_metrics
       where processor_type = 'strange'`,
    );
    expect(rows).toEqual([{ jobs: durations.length + 2, timed: 3 }]);
  });

  it('the error text of a failed job is stored as printable text', async () => {
    for (const error of [
      '\0\ud800',
      new Error(''),
      {
        toString: () => {
          throw new Error('no');
        },
      },
      Object.create(null),
    ]) {
      rollout.record({ feature: 'everybody', subject: 'x', processor: 'said', ok: false, error });
    }
    expect(await rollout.flush()).toBe(true);
    const rows = await db.rows<{ message: string }>(
      `select message from rollout_errors where processor_type = 'said'`,
    );
    expect(rows.map(({ message }) => message).sort()).toEqual(['Error', '\ufffd\ufffd']);
  });
});

describe('an error that says nothing', () => {
  const unspeakable = [
    Object.create(null),
    Object.assign(new Error('x'), { message: { code: 7 } }),
    Object.defineProperty(new Error('x'), 'message', {
      get: () => {
        throw new Error('no');
      },
    }),
    {
      toString: () => {
        throw new Error('no');
      },
    },
  ];

  it('an error that cannot be converted to text counts as a failure like any other', async () => {
    const { dropped } = rollout.state();
    for (const error of unspeakable) {
      rollout.record({ feature: 'everybody', subject: 'x', processor: 'speechless', ok: false, error });
    }
    expect(rollout.state().dropped).toBe(dropped);
    expect(await rollout.flush()).toBe(true);
    const rows = await db.rows(
      `select sum(error_count)::int as errors from rollout_metrics where processor_type = 'speechless'`,
    );
    expect(rows).toEqual([{ errors: unspeakable.length }]);
  });

  it('an error that cannot be converted to text is not thrown into the host', () => {
    for (const error of unspeakable) {
      const thrower = () => {
        throw error;
      };
      const off = rollout.on('error', thrower);
      const trap = Object.defineProperty({}, 'subject', { get: thrower });
      expect(rollout.route('everybody', trap as Job)).toMatchObject({ arm: 'control', stamp: null });
      const end = Object.defineProperty({}, 'ok', { get: thrower });
      rollout.record(end as JobEnd);
      off();
    }
  });
});

describe('a host', () => {
  it('listeners of the host that throw or reject are logged, and the host misses no change', async () => {
    const off = rollout.on('change', () => {
      throw new Error('my own fault');
    });
    const offToo = rollout.on('change', (async () => {
      throw new Error('mine too');
    }) as () => void);
    const changes = told(rollout, 'change');
    await applyFeature(db.pool, 'everybody', { percentage: 50 });
    await expect.poll(() => rollout.evaluate('everybody', 'x').percentage).toBe(50);
    off();
    offToo();
    await applyFeature(db.pool, 'everybody', { percentage: 100 });
    await expect.poll(() => rollout.isEligible('everybody', 'x')).toBe(true);
    expect(changes).toHaveLength(2);
    expect(lines.filter((line) => line.includes('my own fault'))).toHaveLength(1);
    expect(lines.filter((line) => line.includes('mine too'))).toHaveLength(1);
  });

  it('a log function of the host that throws does not hurt the host', async () => {
    const silent = await openRollout({
      connectionString: db.connectionString,
      log: () => {
        throw new Error('no log');
      },
    });
    silent.record({ feature: 'nobody_knows', subject: 'x', processor: 'inngest', ok: true });
    expect(silent.state().dropped).toBe(1);
  });

  it('a host whose event loop stalls finds the change that was made meanwhile', async () => {
    const other = await db.client();
    const changed = other.query(
      `update rollout_configuration set is_active = false where feature_name = 'everybody'`,
    );
    await new Promise((resolve) => setTimeout(resolve, 20));
    const end = performance.now() + 1_500;
    while (performance.now() < end) rollout.isEligible('everybody', 'x');
    await changed;
    await expect.poll(() => rollout.evaluate('everybody', 'x').reason).toBe('inactive');
    await other.query(`update rollout_configuration set is_active = true where feature_name = 'everybody'`);
    await expect.poll(() => rollout.isEligible('everybody', 'x')).toBe(true);
  });
});

describe('a wall clock that jumps', () => {
  it.each([
    ['ahead', 1],
    ['back', -1],
  ])('a wall clock that jumps %s moves no window, no stamp and no timeout', async (_, direction) => {
    const real = Date.now;
    await rollout.flush();
    await db.pool.query('truncate rollout_metrics');
    try {
      Date.now = () => real() + direction * 86_400_000;
      const { stamp } = rollout.route('everybody', { subject: 'x' });
      expect(Math.abs((stamp?.routed_at ?? 0) - real())).toBeLessThan(60_000);
      rollout.record({ stamp, ok: true });
      expect(await rollout.flush()).toBe(true);
    } finally {
      Date.now = real;
    }
    const rows = await db.rows(
      `select error_count::int as errors, metrics_window_start > now() - interval '10 minutes' as recent from rollout_metrics`,
    );
    expect(rows).toEqual([{ errors: 0, recent: true }]);
  });
});
