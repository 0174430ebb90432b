import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { jobsBegan, jobsFailed, newDetector } from '../../../src/domain/score/detector.ts';
import type { Span } from '../../../src/domain/score/slice.ts';
import { standing } from '../../../src/domain/score/timeline.ts';
import { testDatabase } from '../../helpers/database/database.ts';
import { levelsOf, score, slicesOf } from './score.ts';

/** Computed by scripts/score-cases.py: brute force with exact fractions, nothing folded. */
interface Case {
  name: string;
  /** Share, 0 to 1. */
  limit: number;
  events: (['began', number, string, number] | ['failed', number, number])[];
  levels: number[];
  score: number;
}

const cases = JSON.parse(
  readFileSync(join(import.meta.dirname, '../../fixtures/score/cases.json'), 'utf8'),
) as Case[];

const db = await testDatabase();

beforeAll(async () => {
  for (const { name, limit } of cases) {
    await db.rows(
      `insert into rollout_configuration (feature_name, max_error_rate, epoch_started_at)
       values ($1, $2, to_timestamp(0))`,
      [name, limit * 100],
    );
  }
});

describe('the worked cases of the score, in SQL', () => {
  it.each(cases)(
    'SQL scores the worked case as the domain does: $name',
    async ({ name, limit, events, levels, score: expected }) => {
      const detector = newDetector({ limit, startedAt: 0, longestJob: 1e9 });
      const begun: { span: Span; at: number; subject: string }[] = [];
      let heardAt = 0;
      for (const event of events) {
        if (event[0] === 'began') {
          const [, at, subject, count] = event;
          heardAt = at;
          begun.push({ span: jobsBegan(detector, at, subject, count), at, subject });
          await score(db.pool, name, heardAt, [{ subject, began: count, opened: count }]);
        } else {
          const [, number, count] = event;
          const job = begun[number];
          if (!job) throw new Error(`no job ${number}`);
          begun.push(job);
          jobsFailed(detector, job.span, count);
          const { subject, at } = job;
          await score(db.pool, name, heardAt, [{ subject, beganAt: at, closed: count, failed: count }]);
        }
      }
      await db.rows('select rollout_fold($1)', [name]);
      const known = (await levelsOf(db.pool, name)).get('limit');
      known?.levels.forEach((level, i) => {
        expect(level).toBeCloseTo(levels[i] ?? Number.NaN, 9);
      });
      expect(known?.score).toBeCloseTo(expected, 9);
      const slices = await slicesOf(db.pool, name);
      expect(slices).toHaveLength(detector.timeline.open.length);
      detector.timeline.open.forEach(({ startedAt, weight, jobs, failed, failedSpans }, i) => {
        expect(slices[i]).toMatchObject({ startedAt, jobs, failed, failedSpans });
        expect(slices[i]?.weight).toBeCloseTo(weight, 9);
      });
      const { levels: pages } = standing(detector.timeline).runs;
      known?.pages.forEach((page, i) => {
        expect(page).toBeCloseTo(pages[i] ?? Number.NaN, 9);
      });
    },
  );
});
