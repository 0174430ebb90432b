import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sparkline } from '../../../src/report/style/sparkline.ts';
import { styleOf } from '../../../src/report/style/style.ts';
import { evidenceText } from '../../../src/report/text/health/evidence-text.ts';

describe('a line of bars', () => {
  it.each([
    [[0, 1, 2, 3, 4, 5, 6, 7], 0, '▁▂▃▄▅▆▇█'],
    [[null, 0, null], 0, '·▁·'],
    [[5], 10, '▅'],
    [[20], 10, '█'],
    [[], 0, ''],
  ])('the sparkline of %j up to %i is %s', (values, top, line) => {
    expect(sparkline(values, top)).toBe(line);
  });

  it('a sparkline has a sign for each value and never a higher sign for a lower value', () => {
    const values = fc.array(fc.option(fc.double({ min: 0, max: 1e9, noNaN: true })), { minLength: 1 });
    fc.assert(
      fc.property(values, (list) => {
        const signs = [...sparkline(list)];
        expect(signs).toHaveLength(list.length);
        const known = list.flatMap((value, at) =>
          value === null ? [] : [[value, signs[at] ?? ''] as const],
        );
        known.sort(([a], [b]) => a - b);
        expect(known.map(([, sign]) => sign)).toEqual(known.map(([, sign]) => sign).sort());
      }),
    );
  });
});

describe('the last day in bars', () => {
  const now = new Date('2026-11-26T12:30:00Z');
  const row = (hoursAgo: number, jobs: number, errors: number, controlJobs = 0, controlErrors = 0) => ({
    minute: Math.floor(now.getTime() / 60_000) - hoursAgo * 60,
    ...{ category: 'small', jobs, errors, controlJobs, controlErrors },
  });

  it('the last day is drawn as one bar per hour, the current hour last, with one scale for both arms', () => {
    const rows = [row(0, 10, 1), row(0, 10, 0), row(1, 10, 5), row(23, 4, 0, 10, 10), row(24, 1_000, 1_000)];
    expect(evidenceText(styleOf(false), rows, 5, now).split('\n')).toEqual([
      '  last 24 hours of this epoch, an hour a bar; the highest bar is 100%',
      '  failed, treatment    ▁·····················▅▁ 5%, limit 5%',
      '  failed, control      █······················· 100%',
      '  jobs, treatment      ▂▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▅█ 34 jobs',
    ]);
  });

  it('the last day shows where there was no job', () => {
    expect(evidenceText(styleOf(false), [], 5, now)).toContain(`${'·'.repeat(24)} no job`);
  });
});
