import { afterAll } from 'vitest';

type Ending = () => unknown;

/** What is to be done in the end: the last thing first, and each although another fails. */
export class Endings {
  readonly #all: Ending[] = [];

  add(end: Ending): void {
    this.#all.push(end);
  }

  async run(): Promise<void> {
    const problems: unknown[] = [];
    for (let end = this.#all.pop(); end !== undefined; end = this.#all.pop()) {
      try {
        await end();
      } catch (problem) {
        problems.push(problem);
      }
    }
    if (problems.length > 1) throw new AggregateError(problems, problems.map(String).join('\n'));
    if (problems.length > 0) throw problems[0];
  }
}

const ofFile = new Endings();

/**
 * Closes what a helper opened when the test file that runs now is done, also where it was opened within a test. Files of
 * one process share their helpers, so an `afterAll` at the top of a helper would run for the first of them only.
 */
export function atEnd(end: Ending): void {
  ofFile.add(end);
}

/** For what Vitest runs before each test file: everything ends after the `afterAll` of the file itself. */
export function endWithFile(): void {
  afterAll(() => ofFile.run());
}
