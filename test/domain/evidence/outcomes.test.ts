import { describe, expect, it } from 'vitest';
import { type Outcome, OutcomeSums } from '../../../src/domain/evidence/outcomes.ts';
import { rateOf, ratesByPlace } from '../../../src/domain/evidence/rates.ts';
import { timePlace } from '../../../src/domain/evidence/time-counters.ts';
import { unevenOf } from '../../../src/domain/evidence/warning.ts';

const WINDOW = Date.UTC(2026, 10, 22, 10, 15);

function sumsOf(...outcomes: Partial<Outcome>[]): OutcomeSums {
  const sums = new OutcomeSums();
  for (const one of outcomes) {
    sums.add({
      ...{
        feature: 'checkout',
        subject: 'r1',
        processor: 'inngest',
        arm: 'treatment',
        epoch: 1,
        job_class: '',
      },
      ...{ category: 'small', ok: true, duration_ms: null, error: null, finished_at: WINDOW },
      ...one,
    } as Outcome);
  }
  return sums;
}

describe('sums', () => {
  it('outcomes of the same key and window are summed', () => {
    const { sums, outcomes } = sumsOf(
      { duration_ms: 10 },
      { duration_ms: 20, finished_at: WINDOW + 299_999 },
      { ok: false, error: 'later', finished_at: WINDOW + 2_000 },
      { ok: false, error: 'earlier', finished_at: WINDOW + 1_000 },
    );
    expect(outcomes).toBe(4);
    expect(sums).toMatchObject([
      {
        ...{ window: WINDOW, jobs: 4, errors: 2, timed_jobs: 2, processing_ms: 30 },
        ...{ last_error: 'later', last_error_at: WINDOW + 2_000 },
      },
    ]);
  });

  it('sums keep time counters from the second timed job on', () => {
    const times = (...ms: (number | null)[]) =>
      sumsOf(...ms.map((duration_ms) => ({ duration_ms }))).sums.map((sum) => sum.times);
    expect(times(null)).toEqual([null]);
    expect(times(100, null)).toEqual([null]);
    expect(times(100, 100, 1_000, 100)).toEqual([[timePlace(100), 3, timePlace(1_000), 1]]);
  });

  it.each<[string, Partial<Outcome>]>([
    ['feature', { feature: 'other' }],
    ['subject', { subject: 'r2' }],
    ['processor', { processor: 'github_actions' }],
    ['arm', { arm: 'control' }],
    ['epoch', { epoch: 2 }],
    ['job class', { job_class: 'bulk' }],
    ['category', { category: '' }],
    ['window', { finished_at: WINDOW + 300_000 }],
    ['earlier window', { finished_at: WINDOW - 1 }],
  ])('sums keep outcomes of another %s separate', (_what, rest) => {
    expect(sumsOf({}, rest, {}).sums.map(({ jobs }) => jobs)).toEqual([2, 1]);
  });

  it('sums keep texts of failed jobs only, up to 100 of them, each cut at 300 whole characters', () => {
    const many = Array.from({ length: 150 }, (_, n) => ({ ok: false, error: `text ${n}` }));
    const { errors } = sumsOf({ error: 'fine' }, ...many, { ok: false, error: 'text 7' }, { ok: false });
    expect(errors).toHaveLength(101);
    expect(errors.find(({ message }) => message === 'text 7')?.occurrences).toBe(2);
    expect(errors.at(-1)).toMatchObject({ message: '(other errors)', occurrences: 50 });
    const [long] = sumsOf({ ok: false, error: '😀'.repeat(400) }).errors;
    expect(Array.from(long?.message ?? '')).toHaveLength(300);
  });
});

const NO_TIMES = { p50_ms: null, p95_ms: null, p99_ms: null };

describe('rates', () => {
  const row = (rest: object = {}) => ({
    ...{ processor: 'inngest', arm: 'treatment' as const, category: 'small' },
    ...{ jobs: 3, errors: 1, timed_jobs: 2, processing_ms: 500 },
    ...rest,
  });

  it('a rate is computed over all rows together, and is null without rows', () => {
    expect(rateOf([row(), row({ errors: 0 })])).toEqual({
      jobs: 6,
      errors: 1,
      error_rate: 16.67,
      mean_ms: 250,
      ...NO_TIMES,
    });
    expect(rateOf([])).toEqual({ jobs: 0, errors: 0, error_rate: null, mean_ms: null, ...NO_TIMES });
    expect(
      ratesByPlace([row(), row({ category: '' }), row()]).map(({ category, jobs }) => [category, jobs]),
    ).toEqual([
      ['small', 6],
      ['', 3],
    ]);
  });

  it('the categories of subjects are uneven when one has more than four in five', () => {
    const of = (small: number, large: number) =>
      unevenOf([
        { category: 'small', subjects: small },
        { category: 'large', subjects: large },
      ]);
    expect([of(80, 20), of(81, 19), of(0, 0), of(1, 0)]).toEqual([
      ...[
        null,
        { code: 'uneven', category: 'small', percent: 81 },
        null,
        { code: 'uneven', category: 'small', percent: 100 },
      ],
    ]);
    expect(unevenOf([{ category: null, subjects: 5 }])).toBeNull();
    expect(unevenOf([])).toBeNull();
  });
});
