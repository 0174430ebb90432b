import { describe, expect, it } from 'vitest';
import { NumberedIds, numberedId } from '../../src/lib/portable/numbered-ids.ts';

const SENDER = '0b6f1c1e-6f0e-4f55-9d53-0d7e8c0e5a11';

describe('the ids of one sender', () => {
  it('the ids of one sender are UUIDs of version 8 that end in 1, 2, 3', () => {
    const ids = new NumberedIds();
    const three = [ids.next(), ids.next(), ids.next()];
    for (const id of three) expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-/);
    expect(three.map((id) => Number.parseInt(id.slice(24), 16))).toEqual([1, 2, 3]);
    expect(new Set(three.map((id) => id.slice(0, 24))).size).toBe(1);
  });

  it('two senders never share an id', () => {
    expect(new NumberedIds().next().slice(0, 24)).not.toBe(new NumberedIds().next().slice(0, 24));
  });

  it('a released id is used again', () => {
    const ids = new NumberedIds();
    const first = ids.next();
    const second = ids.next();
    ids.release(first);
    expect(ids.next()).toBe(first);
    expect(ids.next()).not.toBe(second);
  });

  it('an id holds a number of up to twelve hexadecimal digits', () => {
    expect(numberedId(SENDER, 1)).toBe('0b6f1c1e-6f0e-8f55-9d53-000000000001');
    expect(numberedId(SENDER, 2 ** 48 - 1)).toBe('0b6f1c1e-6f0e-8f55-9d53-ffffffffffff');
  });
});
