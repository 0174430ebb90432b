import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Keeping } from '../../../src/runtime/follow/keeping.ts';

const HOUR_MS = 3_600_000;

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
  const content = {
    ...{ version: 1, environment: null, global_stop: false, features: [] },
    holders: { repository: {}, customer: {} },
  };
  return {
    confirm: async () => {
      keeping.confirmed(() => ({ content, confirmed_at: wall }), false);
      await vi.advanceTimersByTimeAsync(2_000);
      return writes;
    },
    move: (milliseconds: number) => {
      wall += milliseconds;
    },
  };
}

describe('a snapshot that is confirmed again and again', () => {
  it('is written five times within the time that it may be old', async () => {
    const { confirm, move } = kept();
    expect(await confirm()).toBe(1);
    move(59_000);
    expect(await confirm()).toBe(1);
    move(1_000);
    expect(await confirm()).toBe(2);
  });

  it('is written also after the clock was set back', async () => {
    const { confirm, move } = kept();
    expect(await confirm()).toBe(1);
    move(-HOUR_MS);
    expect(await confirm()).toBe(2);
    expect(await confirm()).toBe(2);
  });
});
