import { describe, expect, it } from 'vitest';
import { retry } from '../../src/lib/retry.ts';
import { askedOnce, doneOnce, oneAtATime, oneByOne } from '../../src/lib/single-flight.ts';

/** A work that waits until it is let go, and how often it began. */
function slow() {
  const began: ((how: 'ok' | 'fail') => void)[] = [];
  const work = () =>
    new Promise<number>((resolve, reject) => {
      const number = began.length + 1;
      began.push((how) => (how === 'ok' ? resolve(number) : reject(new Error(`${number} failed`))));
    });
  return { began, work };
}

describe('what is asked once', () => {
  it('askedOnce gives one answer to all callers, also while the work is under way', async () => {
    const { began, work } = slow();
    const ask = askedOnce(work);
    const [first, second] = [ask(), ask()];
    began[0]?.('ok');
    expect(await Promise.all([first, second, ask()])).toEqual([1, 1, 1]);
    expect(began).toHaveLength(1);
  });

  it('askedOnce asks again after a failure', async () => {
    const { began, work } = slow();
    const ask = askedOnce(work);
    const first = ask();
    began[0]?.('fail');
    await expect(first).rejects.toThrow('1 failed');
    const second = ask();
    began[1]?.('ok');
    expect(await second).toBe(2);
  });
});

it('doneOnce never repeats its work, not even after a failure', async () => {
  const { began, work } = slow();
  const close = doneOnce(work);
  const first = close();
  began[0]?.('fail');
  await expect(first).rejects.toThrow('1 failed');
  await expect(close()).rejects.toThrow('1 failed');
  expect(began).toHaveLength(1);
});

it('oneAtATime runs once more for all callers that came meanwhile, also after a failure', async () => {
  const { began, work } = slow();
  const look = oneAtATime(async () => void (await work()));
  const [first, second, third] = [look(), look(), look()];
  expect(began).toHaveLength(1);
  began[0]?.('fail');
  await expect(first).rejects.toThrow('1 failed');
  await Promise.resolve();
  began[1]?.('ok');
  await Promise.all([second, third]);
  expect(began).toHaveLength(2);
});

it('oneByOne keeps the order and the answers of its work, and a failure does not stop the next one', async () => {
  const { began, work } = slow();
  const run = oneByOne();
  const [first, second] = [run(work), run(work)];
  await Promise.resolve();
  expect(began).toHaveLength(1);
  began[0]?.('fail');
  await expect(first).rejects.toThrow('1 failed');
  await Promise.resolve();
  began[1]?.('ok');
  expect(await second).toBe(2);
});

describe('a retry', () => {
  const failing = (times: number) => {
    let calls = 0;
    return async () => {
      calls += 1;
      if (calls <= times) throw new Error(`${calls}`);
      return calls;
    };
  };

  it('a retry repeats work after a temporary error and pauses in between', async () => {
    const pauses: number[] = [];
    const pause = async (failures: number) => pauses.push(failures);
    expect(await retry(failing(2), { attempts: 3, mayPass: () => true, pause })).toBe(3);
    expect(pauses).toEqual([1, 2]);
  });

  it('a retry throws the last attempt’s error, and a permanent error at once', async () => {
    await expect(retry(failing(9), { attempts: 3, mayPass: () => true })).rejects.toThrow('3');
    const mayPass = (error: unknown) => !(error instanceof Error && error.message === '2');
    await expect(retry(failing(9), { attempts: 5, mayPass })).rejects.toThrow('2');
  });
});
