import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { jobsBegan, jobsFailed, newDetector, readDetector } from '../../../src/domain/score/detector.ts';
import type { Span } from '../../../src/domain/score/slice.ts';
import { standing } from '../../../src/domain/score/timeline.ts';

/** Computed by scripts/score-cases.py: brute force with exact fractions, nothing folded. */
interface Case {
  name: string;
  /** Share, 0 to 1. */
  limit: number;
  events: (['began', number, string, number] | ['failed', number, number])[];
  levels: number[];
  score: number;
  jobs: number;
  failed: number;
}

const cases = JSON.parse(
  readFileSync(join(import.meta.dirname, '../../fixtures/score/cases.json'), 'utf8'),
) as Case[];

describe('the worked cases', () => {
  it('the worked cases of the score are a hundred, from no evidence to proof', () => {
    expect(cases).toHaveLength(100);
    expect(cases.filter(({ score }) => score < 1).length).toBeGreaterThan(20);
    expect(cases.filter(({ score }) => score > Math.log(10_000)).length).toBeGreaterThan(20);
  });

  it.each(cases)(
    'the detector gives the exact score of the worked case $name',
    ({ limit, events, levels, score, jobs, failed }) => {
      const detector = newDetector({ limit, startedAt: 0, longestJob: 24 * 3600 });
      const spans: (Span | null)[] = [];
      for (const event of events) {
        if (event[0] === 'began') {
          const [, at, subject, count] = event;
          spans.push(jobsBegan(detector, at, subject, count));
        } else {
          const [, number, count] = event;
          spans.push(null);
          jobsFailed(detector, spans[number] as Span, count);
        }
      }
      const known = standing(detector.timeline);
      known.levels.forEach((level, i) => {
        expect(level).toBeCloseTo(levels[i] ?? Number.NaN, 9);
      });
      expect(readDetector(detector).score).toBeCloseTo(score, 9);
      expect(known.runs.totals).toMatchObject({ jobs, failed });
    },
  );
});
