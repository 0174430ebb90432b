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

it('a hundred thousand ids are in it, and nobody else', () => {
  const ids = Array.from({ length: 100_000 }, (_, place) => `id-${place}`);
  const table = new IdTable(ids, seed);
  expect(ids.every((id) => has(table, id))).toBe(true);
  expect(ids.some((id) => has(table, `${id}x`))).toBe(false);
});

it('holds what a Set holds, whatever the ids', () => {
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

it('compares the id itself: the same hash is not enough', () => {
  const table = new IdTable(['one'], seed);
  const hash = new Hash();
  hashInto(seed, 'one', hash);
  expect(table.has('two', hash)).toBe(false);
});

it('is nothing where there is nothing in it', () => {
  expect(IdTable.of([], seed)).toBeNull();
});
