import { expect, it } from 'vitest';
import { withoutNames } from '../../../src/server/http/names.ts';

it('an answer without names shows each list as its length', () => {
  const before = ['acme/a'];
  expect(
    withoutNames({
      whitelist: ['acme/a', 'acme/b'],
      differences: [{ path: 'whitelist', before, after: [] }],
    }),
  ).toEqual({
    whitelist: { hidden: 2 },
    differences: [{ path: 'whitelist', before: { hidden: 1 }, after: { hidden: 0 } }],
  });
});

it('a problem in a list is shown with its place and without the entry that it quotes', () => {
  for (const path of ['test_repositories', 'features.checkout.whitelist[3]', 'test_repositories[0]']) {
    const problem = { severity: 'error', path, line: 3, column: 7, message: 'whitelist[3] is "acme/a"; ...' };
    expect(withoutNames({ problems: [problem] })).toEqual({
      problems: [{ ...problem, message: 'something is wrong here; rollout validate says what' }],
    });
  }
});

it('a problem outside lists keeps its message', () => {
  const problem = { severity: 'error', path: 'features.a.percentage', line: 3, column: 7, message: 'is 101' };
  expect(withoutNames({ problems: [problem] })).toEqual({ problems: [problem] });
});
