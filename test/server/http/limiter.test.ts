import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Limiter } from '../../../src/server/http/limiter.ts';
import { inLine } from '../../../src/server/http/serial.ts';
import { cached } from '../../../src/server/live/cached.ts';

describe('a limit of requests', () => {
  it('no client exceeds its share in any minute, and a client that waits as long as requested gets through', () => {
    const steps = fc.array(fc.record({ client: fc.constantFrom('a', 'b'), ms: fc.nat(20_000) }), {
      maxLength: 200,
    });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 50 }), steps, (perMinute, requests) => {
        let now = 0;
        const limiter = new Limiter(perMinute, () => new Date(now));
        const passed: Record<string, number[]> = { a: [], b: [] };
        for (const { client, ms } of requests) {
          now += ms;
          const wait = limiter.take(client);
          if (wait === 0) passed[client]?.push(now);
          else {
            now += wait * 1_000;
            expect(limiter.take(client)).toBe(0);
            passed[client]?.push(now);
          }
        }
        for (const times of Object.values(passed)) {
          for (const [index, at] of times.entries()) {
            // What may come all at once, and what grows in a minute.
            const within = times.slice(index).filter((time) => time - at < 60_000);
            expect(within.length).toBeLessThanOrEqual(2 * perMinute);
          }
        }
      }),
    );
  });

  it('a clock that was set back makes no client wait', () => {
    let now = 3_600_000;
    const limiter = new Limiter(60, () => new Date(now));
    expect(limiter.take('a')).toBe(0);
    now = 0;
    expect(limiter.take('a')).toBe(0);
  });

  it('the limiter forgets the client that was quiet longest, however many clients come', () => {
    const limiter = new Limiter(1, () => new Date(0));
    expect(limiter.take('first')).toBe(0);
    for (let n = 0; n < 9_999; n++) limiter.take(`client ${n}`);
    expect(limiter.take('first')).toBe(60);
    for (let n = 0; n < 10_000; n++) limiter.take(`other ${n}`);
    expect(limiter.take('first')).toBe(0);
  });
});

describe('what is kept for a moment', () => {
  it('a cached value is loaded once for all concurrent callers, and again when its time is over', async () => {
    let [now, loads] = [0, 0];
    const ask = cached(
      1_000,
      () => new Date(now),
      async () => ++loads,
    );
    expect(await Promise.all([ask(), ask(), ask()])).toEqual([1, 1, 1]);
    now += 999;
    expect(await ask()).toBe(1);
    now += 1;
    expect(await ask()).toBe(2);
  });

  it('a cached value is loaded again after the clock was set back', async () => {
    let [now, loads] = [86_400_000, 0];
    const ask = cached(
      1_000,
      () => new Date(now),
      async () => ++loads,
    );
    expect(await ask()).toBe(1);
    now = 0;
    expect(await ask()).toBe(2);
    expect(await ask()).toBe(2);
  });

  it('a value that was still loading when the cache was cleared is not given to later callers', async () => {
    const loads: ((value: string) => void)[] = [];
    const ask = cached(
      1_000,
      () => new Date(0),
      () => new Promise<string>((resolve) => loads.push(resolve)),
    );
    const before = ask();
    ask.forget();
    const after = ask();
    loads[1]?.('new');
    loads[0]?.('old');
    expect(await Promise.all([before, after])).toEqual(['old', 'new']);
    expect(await ask()).toBe('new');
  });

  it('a failed load is not cached', async () => {
    let loads = 0;
    const ask = cached(
      1_000,
      () => new Date(0),
      async () => {
        loads += 1;
        if (loads === 1) throw new Error('away');
        return 'here';
      },
    );
    await expect(ask()).rejects.toThrow('away');
    expect(await ask()).toBe('here');
  });
});

describe('a line of works', () => {
  it('a queue runs its work in order, also after a failure, and refuses work when it is full', async () => {
    const run = inLine(2);
    const done: string[] = [];
    const failing = run(async () => {
      await Promise.resolve();
      done.push('first');
      throw new Error('failed');
    });
    const second = run(async () => void done.push('second'));
    expect(run(async () => void done.push('third'))).toBeNull();
    await expect(failing).rejects.toThrow('failed');
    await second;
    await run(async () => void done.push('fourth'));
    expect(done).toEqual(['first', 'second', 'fourth']);
  });
});
