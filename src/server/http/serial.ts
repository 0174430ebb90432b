import type { ConfigurationRepository } from '../../app/ports/configuration-repository.ts';
import { oneByOne } from '../../lib/single-flight.ts';

/** One work after the other, at most so many in line; null where the line is too long. */
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
 * The same repository, asked one thing after the other. Two who write into one working tree at once can leave it as
 * neither of them meant it; and who reads between a commit and its file finds a change that nobody committed.
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
