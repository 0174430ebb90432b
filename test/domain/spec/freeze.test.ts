import { expect, test } from 'vitest';
import { freezeAt } from '../../../src/domain/spec/freeze.ts';

const holidays = { from: '2026-12-20', to: '2027-01-03', reason: 'holidays' };
const release = { from: '2026-12-24', to: '2026-12-24', reason: 'release day' };

test.each([
  ['2026-12-19T23:59:59.999Z', null],
  ['2026-12-20T00:00:00.000Z', holidays],
  ['2026-12-31T12:00:00.000Z', holidays],
  ['2027-01-03T23:59:59.999Z', holidays],
  ['2027-01-04T00:00:00.000Z', null],
])('at %s the freeze is %o: whole days in UTC, both ends included', (at, freeze) => {
  expect(freezeAt([holidays], new Date(at))).toBe(freeze);
});

test('where two freezes meet, the first one in the file counts', () => {
  expect(freezeAt([release, holidays], new Date('2026-12-24T10:00:00Z'))).toBe(release);
});

test('a file without freezes never freezes', () => {
  expect(freezeAt([], new Date('2026-12-24T10:00:00Z'))).toBeNull();
});
