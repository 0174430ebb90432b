import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { queriesDigest } from '../../../src/app/health/queries-digest.ts';
import { type KeptBackTest, notYetAllowed } from '../../../src/domain/guardrails/allowance.ts';
import type { StepCount } from '../../../src/domain/guardrails/engine-counts.ts';
import { windowsOfSteps } from '../../../src/domain/simulation/engine-lives.ts';
import { recordStep } from '../../../src/store/guardrails/steps.ts';
import { createStore } from '../../../src/store/store.ts';
import { BLIND, kept } from '../../domain/guardrails/kept-back-test.ts';
import type { TestDatabase } from '../../helpers/database/database.ts';
import { guarded } from './events.ts';

const DIGEST = queriesDigest(BLIND) ?? '';

function keep(db: TestDatabase, rest: Partial<KeptBackTest> = {}): Promise<void> {
  const { testedAt: _now, ...test } = kept({ queriesDigest: DIGEST, ...rest });
  const of = { feature: 'checkout', metric: 'refunds', actor: 'ana' };
  return createStore(db.pool).guardrails.keepBackTest({ ...test, ...of });
}

const allows = async (db: TestDatabase, guardrail: object): Promise<boolean> => {
  const [found] = await db.rows<{ allows: boolean }>(
    `select rollout_back_test_allows('checkout', 'refunds', $1) as allows`,
    [JSON.stringify(guardrail)],
  );
  return found?.allows ?? false;
};

/** A step of five minutes that ended so many steps ago, as the tick records it. */
async function step(db: TestDatabase, ago: number, events: number, bad: number, arm: StepCount['arm']) {
  const at = Math.floor(Date.now() / 300_000) * 300 - 300 * ago;
  const counts = [{ arm, subject: '', events, bad }];
  await recordStep(db.pool, { feature: 'checkout', metric: 'refunds', epoch: 1, at, counts });
  return { at, arm, subject: '', events, bad } satisfies StepCount;
}

describe('a back-test that is kept', () => {
  it('a stored back-test is read as it was written and replaced by the next one', async () => {
    const db = await guarded(BLIND);
    const read = async () => {
      const found = await createStore(db.pool).reading((reader) => reader.guardrails.backTests(['checkout']));
      return found.get('checkout')?.get('refunds');
    };
    expect(await read()).toBeUndefined();
    const alarms = [new Date('2026-11-03T04:05:00Z'), new Date('2026-11-04T04:05:00Z')];
    await keep(db, { alarms });
    expect(await read()).toMatchObject({
      ...kept({ queriesDigest: DIGEST, alarms }),
      testedAt: expect.any(Date),
    });
    await keep(db, { measured: null });
    expect(await read()).toMatchObject({ measured: null, alarms: [] });
  });

  it('a stored back-test permits in SQL exactly what it permits in TypeScript', async () => {
    const db = await guarded(BLIND);
    let allowed = 0;
    const share = fc.constantFrom(0, 0.05, 0.1, 0.3, 1);
    await fc.assert(
      fc.asyncProperty(
        fc.record({
          queriesDigest: fc.constantFrom(DIGEST, DIGEST, DIGEST, 'other'),
          limit: fc.constantFrom(1, 2, 3),
          correlation: share,
          measured: fc.option(share),
          days: fc.constantFrom(6, 7, 7, 8),
          bad: fc.constantFrom(0, 10, 19, 20),
          until: fc.constantFrom(new Date('2026-11-08'), new Date('2026-11-07T23:59:59Z')),
          alarms: fc.constantFrom([], [], [], [new Date('2026-11-03')]),
        }),
        fc.option(share, { nil: undefined }),
        async (rest, correlation) => {
          await keep(db, rest);
          const { correlation: _written, ...unwritten } = BLIND;
          const guardrail = { ...unwritten, ...(correlation === undefined ? {} : { correlation }) };
          const notYet = notYetAllowed(guardrail, kept(rest), queriesDigest(guardrail));
          expect(await allows(db, guardrail)).toBe(notYet === null);
          if (notYet === null) allowed += 1;
        },
      ),
      { numRuns: 300, seed: 1 },
    );
    expect(allowed).toBeGreaterThan(5);
  });

  it('a share of bad events exactly at the limit permits no rollback in SQL or in TypeScript', async () => {
    const guardrail = { ...BLIND, limit: 29 };
    const db = await guarded(guardrail);
    const rest = { bad: 29, events: 100, queriesDigest: DIGEST };
    await keep(db, rest);
    expect(await allows(db, guardrail)).toBe(false);
    expect(notYetAllowed(guardrail, kept(rest), DIGEST)?.code).toBe('limit_not_above');
  });
});

describe('a guardrail without subjects', () => {
  it('the fuse rolls back for a guardrail without subjects only once its back-test permits it', async () => {
    const db = await guarded({ ...BLIND, correlation: 0.01 });
    const found = { correlation: 0.01, measured: 0.01 };
    const isActive = async () => {
      const [row] = await db.rows<{ is_active: boolean }>('select is_active from rollout_configuration');
      return row?.is_active;
    };
    for (let ago = 8; ago > 4; ago--) await step(db, ago, 600, 120, 'treatment');
    await db.pool.query('select rollout_trip(null)');
    expect(await isActive()).toBe(true);
    await keep(db, { ...found, alarms: [new Date('2026-11-03')] });
    await step(db, 4, 600, 120, 'treatment');
    await db.pool.query('select rollout_trip(null)');
    expect(await isActive()).toBe(true);
    await keep(db, found);
    await step(db, 3, 600, 120, 'treatment');
    await db.pool.query('select rollout_trip(null)');
    expect(await isActive()).toBe(false);
  });

  it.each([null, 0, 0.01, 0.1, 1])(
    'a guardrail without subjects has the spans and the score of its correlation %d in SQL too',
    async (correlation) => {
      const { correlation: _written, ...blind } = BLIND;
      const guardrail = {
        ...blind,
        on_harm: 'warn' as const,
        ...(correlation === null ? {} : { correlation }),
      };
      const db = await guarded(guardrail);
      const steps: StepCount[] = [];
      for (const [ago, events, bad] of [
        [9, 600, 3],
        [8, 20, 1],
        [7, 1, 1],
        [6, 2_000, 0],
        [5, 600, 90],
      ] as const) {
        steps.push(await step(db, ago, events, bad, 'treatment'), await step(db, ago, events, 1, 'control'));
      }
      const epoch = { feature: 'checkout', epoch: 1, epoch_started_at: new Date(Date.now() - 3_600_000) };
      const [read] = await createStore(db.pool).reading((reader) =>
        reader.guardrails.observedWindows([{ ...epoch, metric: 'refunds', correlation }]),
      );
      const windows = windowsOfSteps(steps, correlation);
      const rounded = (given: unknown) =>
        JSON.parse(JSON.stringify(given), (_, value) =>
          typeof value === 'number' ? Number(value.toPrecision(9)) : value,
        );
      expect(rounded(read?.windows())).toEqual(rounded(windows));
      await db.pool.query('select rollout_trip(null)');
      const [sums] = await db.rows<{ spans: number; failed_spans: number; gain: number }>(
        `select sum(spans)::int as spans, sum(failed_spans)::int as failed_spans, sum(gain[5]) as gain
       from rollout_slices where scope = 'guardrail:refunds'`,
      );
      const total = (pick: (one: (typeof windows)[number]) => number) =>
        windows.reduce((sum, one) => sum + pick(one), 0);
      expect(sums?.spans).toBe(total(({ spans }) => spans));
      expect(sums?.failed_spans).toBe(total(({ failedSpans }) => failedSpans));
      expect(sums?.gain).toBeCloseTo(
        total(({ gain }) => gain[4]),
        6,
      );
    },
  );
});
