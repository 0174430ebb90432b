import { expect, test } from 'vitest';
import { momentAt } from '../../src/lib/moment.ts';

const now = new Date('2026-11-22T10:00:00Z');

test('a moment given as seconds ago is counted back from the given clock', () => {
  expect(momentAt({ secondsAgo: 7_200 }, now)).toEqual(new Date('2026-11-22T08:00:00Z'));
});

test('a moment in the past is returned unchanged', () => {
  const at = new Date('2026-11-22T09:59:00Z');
  expect(momentAt(at, now)).toBe(at);
});

test('a moment in the future is refused with its time', () => {
  expect(momentAt(new Date('2026-11-22T11:00:00Z'), now)).toBe('2026-11-22T11:00:00.000Z is in the future');
});
