import { expect, it } from 'vitest';
import { verdictClause, verdictWord } from '../../../src/domain/health/wording.ts';
import { writeBackWord } from '../../../src/report/words/report-words.ts';

it('no verdict and no state of a write-back stands in a sentence as its code', () => {
  const verdicts = ['healthy', 'warning', 'suspect', 'harmful', 'insufficient', 'no_data', 'error'];
  const states = ['pending', 'proposed', 'done', 'not_needed', 'handed_on'] as const;
  const said = [
    ...verdicts.flatMap((one) => [verdictWord(one), verdictClause(one)]),
    ...states.map(writeBackWord),
  ];
  expect(said.filter((text) => /_/.test(text))).toEqual([]);
  expect(verdictWord('no_data')).toBe('no finished jobs');
  expect(verdictClause('insufficient')).toBe('has not enough jobs yet');
});
