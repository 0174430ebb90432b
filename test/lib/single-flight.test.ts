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
  it('gives one answer to all who ask, also while it is under way', async () => {
    const { began, work } = slow();
    const ask = askedOnce(work);
    const [first, second] = [ask(), ask()];
    began[0]?.('ok');
    expect(await Promise.all([first, second, ask()])).toEqual([1, 1, 1]);
    expect(began).toHaveLength(1);
  });

  it('is asked again after a failure', async () => {
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

it('what is done once is not done again, also where it failed', async () => {
  const { began, work } = slow();
  const close = doneOnce(work);
  const first = close();
  began[0]?.('fail');
  await expect(first).rejects.toThrow('1 failed');
  await expect(close()).rejects.toThrow('1 failed');
  expect(began).toHaveLength(1);
});

it('what is done one at a time is done once more for all who asked meanwhile, also after a failure', async () => {
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

it('works one by one keep their order and their answers, and a failure keeps none away', async () => {
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

  it('does it again while what is thrown may pass, and pauses in between', async () => {
    const pauses: number[] = [];
    const pause = async (failures: number) => pauses.push(failures);
    expect(await retry(failing(2), { attempts: 3, mayPass: () => true, pause })).toBe(3);
    expect(pauses).toEqual([1, 2]);
  });

  it('throws what the last attempt threw, and at once what cannot pass', async () => {
    await expect(retry(failing(9), { attempts: 3, mayPass: () => true })).rejects.toThrow('3');
    const mayPass = (error: unknown) => !(error instanceof Error && error.message === '2');
    await expect(retry(failing(9), { attempts: 5, mayPass })).rejects.toThrow('2');
  });
});
