import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatDuration, LONGEST_DURATION, parseDuration } from '../../src/lib/duration.ts';

describe('a duration', () => {
  test.each([
    ['90s', 90],
    ['15m', 900],
    ['24h', 86_400],
    ['7d', 604_800],
    ['3650d', LONGEST_DURATION],
  ])('the duration %s is %d seconds', (text, seconds) => {
    expect(parseDuration(text)).toBe(seconds);
  });

  test.each(['', '7', 'd', '0d', '07d', '-7d', '1.5h', '7 d', '7D', '7w', '1h30m', '7d\n', '3651d', '1e3s'])(
    '%j is not a duration',
    (text) => {
      expect(parseDuration(text)).toBeNull();
    },
  );

  test.each([
    [90, '90s'],
    [900, '15m'],
    [86_400, '1d'],
    [90_000, '25h'],
    [0, '0s'],
  ])('a duration of %d seconds is written %s', (seconds, text) => {
    expect(formatDuration(seconds)).toBe(text);
  });

  test('a duration that is written and read again is unchanged', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: LONGEST_DURATION }), (seconds) => {
        expect(parseDuration(formatDuration(seconds))).toBe(seconds);
      }),
    );
  });
});
