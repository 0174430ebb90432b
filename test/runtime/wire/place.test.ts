import { describe, expect, it } from 'vitest';
import { type Place, stepTo } from '../../../src/runtime/wire/place.ts';

const LAG_MS = 15_000;

function place(generation: number, rest: Partial<Place> = {}): Place {
  return {
    generation,
    head: { id: `${generation}`, digest: `d${generation}` },
    read_at: 100_000,
    standby: false,
    ...rest,
  };
}

describe('what a relay answers', () => {
  it.each<[string, Place | null, Place, number, string]>([
    ['the first answer of all', null, place(7), 0, 'newer'],
    ['more than is known', place(7), place(8, { read_at: 1 }), 0, 'newer'],
    ['the same, read later', place(7), place(7, { read_at: 100_001 }), 0, 'newer'],
    ['the same, read earlier', place(7), place(7, { read_at: 99_999 }), 0, 'behind'],
    [
      'the same, read earlier, when nothing else comes',
      place(7),
      place(7, { read_at: 99_999 }),
      LAG_MS + 1,
      'newer',
    ],
    ['less, read earlier', place(7), place(6, { read_at: 99_000 }), 0, 'behind'],
    ['less, read at nearly the same moment', place(7), place(6, { read_at: 100_900 }), 0, 'behind'],
    [
      'less, from a primary that was read later',
      place(7),
      place(6, { read_at: 101_100 }),
      0,
      'other_history',
    ],
    ['less, from a replica', place(7), place(6, { read_at: 110_000, standby: true }), 0, 'behind'],
    ['less, when nothing else comes', place(7), place(6, { standby: true }), LAG_MS + 1, 'other_history'],
    [
      'the same row of history with another digest',
      place(7),
      place(7, { head: { id: '7', digest: 'other' }, read_at: 105_000 }),
      0,
      'other_history',
    ],
  ])(
    'a relay’s answer is classified by how it relates to the known snapshot: %s',
    (_, known, read, unconfirmed, step) => {
      expect(stepTo(known, read, unconfirmed, LAG_MS)).toBe(step);
    },
  );
});
