import type { ConfigurationRepository } from '../../app/ports/configuration-repository.ts';
import { oneByOne } from '../../lib/single-flight.ts';

/** Runs works one after the other, with at most `most` in the queue; null if the queue is full. */
export function inLine(most: number): <T>(work: () => Promise<T>) => Promise<T> | null {
  const run = oneByOne();
  let waiting = 0;
  return (work) => {
    if (waiting >= most) return null;
    waiting += 1;
    return run(work).finally(() => {
      waiting -= 1;
    });
  };
}

/**
 * Wraps a repository so that its methods run one at a time. Two writers in one working tree can leave a state that
 * neither intended, and a reader between a commit and its file finds a change that nobody committed.
 */
export function inTurn(repository: ConfigurationRepository): ConfigurationRepository {
  const run = oneByOne();
  return {
    committed: repository.committed,
    readTip: () => run(() => repository.readTip()),
    read: (via) => run(() => repository.read(via)),
    settlement: (...about) => run(() => repository.settlement(...about)),
    change: (change) => run(() => repository.change(change)),
    withdraw: (branch, why) => run(() => repository.withdraw(branch, why)),
  };
}
