import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Keeping } from '../../../src/runtime/follow/keeping.ts';
import { keptHead, keptText } from '../../../src/runtime/wire/kept.ts';

const HOUR_MS = 3_600_000;
const CONTENT = {
  ...{ version: 1, environment: null, global_stop: false, features: [] },
  holders: { repository: {}, customer: {} },
};

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A snapshot that is confirmed without any news, and how often that was written. */
function kept() {
  let wall = 24 * HOUR_MS;
  let writes = 0;
  const write = async () => void writes++;
  const keeping = new Keeping({
    ...{ cache: { read: async () => null, write }, of: null, environment: null },
    ...{ maxStaleMs: 300_000, closeMs: 1_000, wall: () => wall, say: () => {} },
  });
  return {
    confirm: async () => {
      keeping.confirmed(() => ({ content: CONTENT, confirmed_at: wall }), false);
      await vi.advanceTimersByTimeAsync(2_000);
      return writes;
    },
    move: (milliseconds: number) => {
      wall += milliseconds;
    },
  };
}

describe('a snapshot that is confirmed again and again', () => {
  it('a repeatedly confirmed snapshot is written five times within its maximum age', async () => {
    const { confirm, move } = kept();
    expect(await confirm()).toBe(1);
    move(59_000);
    expect(await confirm()).toBe(1);
    move(1_000);
    expect(await confirm()).toBe(2);
  });

  it('a repeatedly confirmed snapshot is written again after the clock was set back', async () => {
    const { confirm, move } = kept();
    expect(await confirm()).toBe(1);
    move(-HOUR_MS);
    expect(await confirm()).toBe(2);
    expect(await confirm()).toBe(2);
  });
});

describe('a process that ends while another one has taken its place', () => {
  /** A cache that another process wrote into, and what is in it after the end of this one. */
  async function ended(there: { confirmed_at: number; of: string | null } | null, own: number) {
    let text = there && keptText({ content: CONTENT, ...there });
    const keep = async (next: string) => {
      text = next;
    };
    const keeping = new Keeping({
      ...{ cache: { read: async () => text, write: keep }, of: 'one' },
      ...{ environment: null, maxStaleMs: 300_000, closeMs: 1_000, wall: () => NOW, say: () => {} },
    });
    keeping.confirmed(() => ({ content: CONTENT, confirmed_at: own }), true);
    await keeping.close();
    return keptHead(text ?? '')?.confirmed_at;
  }
  const NOW = 24 * HOUR_MS;

  it.each([
    ['leaves what was confirmed later', { confirmed_at: NOW - 10, of: 'one' }, NOW - 10],
    ['replaces what was confirmed earlier', { confirmed_at: NOW - 5_000, of: 'one' }, NOW - 1_000],
    ['replaces what is of another database', { confirmed_at: NOW - 10, of: 'two' }, NOW - 1_000],
    ['replaces what is of a time to come', { confirmed_at: NOW + HOUR_MS, of: 'one' }, NOW - 1_000],
    ['writes where nothing is', null, NOW - 1_000],
  ])('a process that ends while another one writes the cache %s', async (_, there, stays) => {
    expect(await ended(there, NOW - 1_000)).toBe(stays);
  });

  it('a process that ends replaces a damaged cache', async () => {
    let text = 'not a snapshot';
    const keep = async (next: string) => {
      text = next;
    };
    const keeping = new Keeping({
      ...{ cache: { read: async () => text, write: keep }, of: null },
      ...{ environment: null, maxStaleMs: 300_000, closeMs: 1_000, wall: () => NOW, say: () => {} },
    });
    keeping.confirmed(() => ({ content: CONTENT, confirmed_at: NOW }), true);
    await keeping.close();
    expect(keptHead(text)?.confirmed_at).toBe(NOW);
  });
});
