import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chanceOfAtMost, treatmentIsWorse } from '../../../src/domain/comparison/sharing.ts';
import { testDatabase } from '../../helpers/database/database.ts';

/** Failures that fall on control, of those of both arms, with control's share of them. */
const question = fc
  .record({
    trials: fc.oneof(fc.integer({ min: 1, max: 60 }), fc.integer({ min: 1, max: 100_000 })),
    share: fc.oneof(
      fc.double({ min: 1e-6, max: 1 - 1e-6, noNaN: true }),
      fc.constantFrom(0.5, 0.02, 0.95, 0.999),
    ),
    place: fc.double({ min: -4, max: 4, noNaN: true }),
  })
  .map(({ trials, share, place }) => {
    const [mean, variance] = [trials * share, trials * share * (1 - share)];
    const count = Math.min(trials, Math.max(0, Math.round(mean + place * Math.sqrt(variance))));
    return { count, trials, mean, variance };
  });

describe('the test of a shared outage in SQL', () => {
  it('the test of a shared outage gives the same chances in SQL as in the domain', async () => {
    const db = await testDatabase();
    const asked = fc.sample(question, 3_000);
    const rows = await db.rows<{ chance: number }>(
      `select rollout_chance_of_at_most(q.count, q.trials, q.mean, q.variance) as chance
       from unnest($1::bigint[], $2::bigint[], $3::float8[], $4::float8[]) with ordinality q(count, trials, mean, variance, place)
       order by q.place`,
      [
        asked.map(({ count }) => count),
        asked.map(({ trials }) => trials),
        asked.map(({ mean }) => mean),
        asked.map(({ variance }) => variance),
      ],
    );
    const apart = asked.filter(({ count, trials, mean, variance }, place) => {
      const chance = chanceOfAtMost(count, trials, mean, variance);
      return !(Math.abs(chance - (rows[place]?.chance ?? Number.NaN)) < 1e-9);
    });
    expect(rows).toHaveLength(asked.length);
    expect(apart).toEqual([]);
  });
});

describe('an outage that both arms share', () => {
  it.each([0.02, 0.2, 0.5, 0.8, 0.95, 0.99])(
    'a shared outage is distinguished from one of treatment at any number of failures (control’s share: %d)',
    (control) => {
      for (const jobs of [10_000, 100_000, 1_000_000]) {
        const controlJobs = Math.round((jobs * control) / (1 - control));
        const stratum = { category: 'small', spans: 0, finished: jobs, failedSpans: 0, jobs, controlJobs };
        const alike = { ...stratum, failed: jobs / 4, controlFailed: Math.round(controlJobs / 4) };
        const worse = { ...stratum, failed: jobs / 4, controlFailed: Math.round(controlJobs / 40) };
        expect([jobs, treatmentIsWorse([alike]), treatmentIsWorse([worse])]).toEqual([jobs, false, true]);
      }
    },
  );
});
