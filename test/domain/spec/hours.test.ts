import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { dayIn, type Hours, isOpen, isZone, openingFrom, WEEKDAYS } from '../../../src/domain/spec/hours.ts';

const office: Hours = {
  days: ['mon', 'tue', 'wed', 'thu'],
  from: '09:00',
  to: '16:00',
  zone: 'Europe/Berlin',
};

describe('office hours in Berlin', () => {
  // Friday to Monday, in winter: UTC+1.
  it.each([
    ['2026-11-26T07:59:59.999Z', '2026-11-26T08:00:00.000Z'],
    ['2026-11-26T08:00:00.000Z', '2026-11-26T08:00:00.000Z'],
    ['2026-11-26T14:59:59.999Z', '2026-11-26T14:59:59.999Z'],
    ['2026-11-26T15:00:00.000Z', '2026-11-30T08:00:00.000Z'],
    ['2026-11-27T10:00:00.000Z', '2026-11-30T08:00:00.000Z'],
    // The clocks go forward on 2026-03-29 and back on 2026-10-25, both Sundays.
    ['2026-03-27T12:00:00.000Z', '2026-03-30T07:00:00.000Z'],
    ['2026-10-23T12:00:00.000Z', '2026-10-26T08:00:00.000Z'],
  ])('office hours in Berlin, asked at %s, open at %s', (at, opens) => {
    expect(openingFrom(office, new Date(at)).toISOString()).toBe(opens);
    expect(isOpen(office, new Date(at))).toBe(at === opens);
  });

  it('hours that the clocks jump over open at the first minute after the jump', () => {
    const night: Hours = { days: ['sun'], from: '02:30', to: '04:00', zone: 'Europe/Berlin' };
    expect(openingFrom(night, new Date('2026-03-28T12:00:00Z')).toISOString()).toBe(
      '2026-03-29T01:00:00.000Z',
    );
  });
});

test('the opening is the first open minute from now on, in any zone and across changes of the clocks', () => {
  const minute = (n: number) =>
    `${String(Math.floor(n / 60)).padStart(2, '0')}:${String(n % 60).padStart(2, '0')}`;
  const hours = fc
    .record({
      days: fc.subarray([...WEEKDAYS], { minLength: 1 }),
      from: fc.integer({ min: 0, max: 1_438 }),
      length: fc.integer({ min: 1, max: 1_440 }),
      zone: fc.constantFrom(
        'UTC',
        'Europe/Berlin',
        'America/St_Johns',
        'Asia/Kathmandu',
        'Australia/Lord_Howe',
        'America/Santiago',
      ),
    })
    .map(({ days, from, length, zone }) => ({
      ...{ days, zone, from: minute(from), to: minute(Math.min(1_440, from + length)) },
    }));
  const changes = [
    '2026-03-28T20:00:00Z',
    '2026-10-24T20:00:00Z',
    '2026-04-04T10:00:00Z',
    '2026-09-05T20:00:00Z',
    '2026-11-20T10:00:00Z',
  ];
  fc.assert(
    fc.property(hours, fc.constantFrom(...changes), fc.nat(100_000), (some, from, seconds) => {
      const at = new Date(new Date(from).getTime() + seconds * 1_000);
      const opens = openingFrom(some, at);
      expect(isOpen(some, opens)).toBe(true);
      if (opens.getTime() === at.getTime()) return;
      const minutes = Math.min(3_000, Math.floor((opens.getTime() - at.getTime()) / 60_000));
      for (let before = 1; before <= minutes; before += 1) {
        expect(isOpen(some, new Date(opens.getTime() - before * 60_000))).toBe(false);
      }
    }),
    { numRuns: 30 },
  );
});

test('a day of hours is that of their zone, not that of UTC', () => {
  const at = new Date('2026-11-30T23:30:00Z');
  expect([dayIn('UTC', at), dayIn('Europe/Berlin', at), dayIn('America/New_York', at)]).toEqual([
    '2026-11-30',
    '2026-12-01',
    '2026-11-30',
  ]);
});

test('a zone must be one of the time zone data', () => {
  expect(['Europe/Berlin', 'UTC', 'Europe/Berlim', '', '../etc/localtime'].map(isZone)).toEqual([
    ...[true, true],
    ...[false, false, false],
  ]);
});
