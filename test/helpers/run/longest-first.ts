import { BaseSequencer, type TestSpecification } from 'vitest/node';
import { seededRandom } from '../../../src/lib/random.ts';

/**
 * Files that take many times as long as their size says. Vitest begins with large files where it knows no durations
 * yet, as after a clean install; one of these that begins last would keep one worker busy and the others waiting.
 */
const LONGEST = [
  'test/world/world.test.ts',
  'test/domain/simulation/simulate-operating.test.ts',
  'test/store/outcomes/score-cases.test.ts',
  'test/store/embedded/embedded-crash.test.ts',
  'test/store/embedded/embedded.test.ts',
  'test/app/views/simulate.test.ts',
  'test/store/outcomes/outcomes-processes.test.ts',
  'test/store/outcomes/score-streams.test.ts',
];

/** The longest files first, then the order that Vitest chooses; with `--sequence.shuffle` any order, by its seed. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const { shuffle, seed } = this.ctx.config.sequence;
    if (shuffle) return shuffled(files, seed ?? 0);
    const place = ({ moduleId }: TestSpecification) => {
      const found = LONGEST.findIndex((path) => moduleId.endsWith(path));
      return found < 0 ? LONGEST.length : found;
    };
    return (await super.sort(files)).sort((a, b) => place(a) - place(b));
  }
}

function shuffled(files: readonly TestSpecification[], seed: number): TestSpecification[] {
  const random = seededRandom(seed);
  return files
    .map((file) => ({ file, at: random() }))
    .sort((a, b) => a.at - b.at)
    .map(({ file }) => file);
}
