import { describe, expect, it, test } from 'vitest';
import { dayObstacle, missedCutoff } from '../../../src/domain/spec/days.ts';
import type { Spec } from '../../../src/domain/spec/spec.ts';
import { spec } from '../../helpers/data/specs.ts';

const days = { not_before: '2026-12-01', cutoff: '2026-12-24' };

describe('the days of a ramp', () => {
  it.each([
    ['2026-11-30T23:59:59Z', { code: 'not_before', day: '2026-12-01' }],
    ['2026-12-01T00:00:00Z', null],
    ['2026-12-24T23:59:59Z', null],
    ['2026-12-25T00:00:00Z', { code: 'cutoff', day: '2026-12-24' }],
  ])('the days of a ramp at %s hold it back with %o', (at, obstacle) => {
    expect(dayObstacle(days, new Date(at))).toEqual(obstacle);
  });

  it('the days of a ramp begin and end in the time zone of its hours', () => {
    const hours = { days: ['mon' as const], from: '09:00', to: '17:00', zone: 'Asia/Tokyo' };
    expect(dayObstacle({ ...days, hours }, new Date('2026-11-30T15:00:00Z'))).toBeNull();
    expect(dayObstacle({ ...days, hours }, new Date('2026-12-24T15:00:00Z'))).toMatchObject({
      code: 'cutoff',
    });
  });
});

test.each<[string, Partial<Spec>, string | null]>([
  ['on its way', { percentage: 50 }, '2026-12-24'],
  ['not begun', { percentage: 0 }, '2026-12-24'],
  ['at 100%', { percentage: 100 }, null],
  ['off by its file', { percentage: 50, active: false }, null],
  ['stopped by its file', { percentage: 50, emergency_stop: true }, null],
  ['for a whitelist alone', { strategy: 'whitelist' }, null],
])('after its cutoff a feature that is %s (%o) has missed the day %o', (_what, said, day) => {
  const late = new Date('2026-12-25T00:00:00Z');
  expect(missedCutoff(spec({ ...days, ...said }), late)).toBe(day);
  expect(missedCutoff(spec({ ...days, ...said }), new Date('2026-11-01T00:00:00Z'))).toBeNull();
});
