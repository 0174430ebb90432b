import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Hash, hashInto, seedOf } from '../../../src/domain/eligibility/bucket.ts';
import { IdTable } from '../../../src/runtime/decide/id-table.ts';

const seed = seedOf('checkout');

function has(table: IdTable, id: string): boolean {
  const hash = new Hash();
  hashInto(seed, id, hash);
  return table.has(id, hash);
}

it('an id table contains its hundred thousand ids and no other id', () => {
  const ids = Array.from({ length: 100_000 }, (_, place) => `id-${place}`);
  const table = new IdTable(ids, seed);
  expect(ids.every((id) => has(table, id))).toBe(true);
  expect(ids.some((id) => has(table, `${id}x`))).toBe(false);
});

it('an id table contains what a Set contains, whatever the ids are', () => {
  fc.assert(
    fc.property(
      fc.array(fc.string({ unit: 'binary' })),
      fc.array(fc.string({ unit: 'binary' })),
      (ids, others) => {
        const [table, set] = [new IdTable(ids, seed), new Set(ids)];
        expect([...ids, ...others].map((id) => has(table, id))).toEqual(
          [...ids, ...others].map((id) => set.has(id)),
        );
      },
    ),
  );
});

it('an id table compares the id itself, not only its hash', () => {
  const table = new IdTable(['one'], seed);
  const hash = new Hash();
  hashInto(seed, 'one', hash);
  expect(table.has('two', hash)).toBe(false);
});

it('there is no id table for an empty list', () => {
  expect(IdTable.of([], seed)).toBeNull();
});
