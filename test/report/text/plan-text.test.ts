import { describe, expect, it } from 'vitest';
import { styleOf } from '../../../src/report/style/style.ts';
import { planText } from '../../../src/report/text/plan-text.ts';
import { planJson } from '../../../src/report/words/plan-model.ts';
import { change, created, HOSTILE, held, planLike, problem, refused } from '../../helpers/data/changes.ts';

const plain = styleOf(false);
const text = (plan = planLike(), done = false) => planText(plain, plan, 'rollout.yaml', done);

describe('a plan as text', () => {
  it('a plan as text says of each change what it does, the state before and after, who moves and why', () => {
    const archive = change({
      feature: 'over',
      action: 'archive',
      reason: { code: 'archived', reconciled: true },
    });
    const plan = planLike({
      changes: [refused, created, held, change(), archive],
      problems: [
        problem(),
        problem({ severity: 'warning', line: 3, column: 1, message: 'two features with one salt' }),
      ],
      test_repositories: { added: ['acme/a', 'acme/b'], removed: ['acme/c'] },
    });
    expect(text(plan)).toMatchInlineSnapshot(`
      "rollout.yaml:9:17: error: percentage is 101; it must be from 0 to 100
      rollout.yaml:3:1: warning: two features with one salt
      x broken  refused  5% -> 5%
          left as it is: line 9: percentage is 101; it must be from 0 to 100
      + fresh  create  off -> 0%  +1 -0, then 1 of 1 customer
          new in the file: 0%
          warning: no customer named acme/nobody (misspelled, or not imported yet)
      ! held_back  held  stopped -> stopped (file: 50%)
          held by incident 7 since 2026-11-20T08:00:00.000Z: errors 12% > 5%; to end it, merge the write-back or run: rollout resume held_back --reason ...
      ~ new_checkout  update  10% -> 25%  +187 -0, then 312 of 1,250 repositories
          percentage 10 -> 25
          by category: test +35, small +152
          largest: +acme/large, +r2
      - over  archive  10% -> 25%  +187 -0, then 312 of 1,250 repositories
          no longer in the file and off: archived, history and metrics are kept
          by category: test +35, small +152
          largest: +acme/large, +r2
      ~ test_repositories: +acme/a, +acme/b, -acme/c
      3 changes at 0123456789, 1 held, 1 refused, 375 subjects enter, 0 leave"
    `);
    expect(text(plan, true).split('\n').at(-1)).toMatchInlineSnapshot(
      `"3 changes applied at 0123456789, 1 held, 1 refused, 375 subjects entered, 0 left"`,
    );
  });

  it('a plan as text says "its whitelist" for a whitelist, which has no percentage', () => {
    const whitelist = { percentage: 0, active: true, emergency_stop: false, strategy: 'whitelist' as const };
    const plan = planLike({
      changes: [
        change({ from: { ...whitelist, active: false }, to: whitelist, file: whitelist }),
        { ...held, file: whitelist },
      ],
    });
    expect(text(plan)).toContain('~ new_checkout  update  off -> its whitelist  +187');
    expect(text(plan)).toContain('stopped -> stopped (file: its whitelist)');
    expect(planJson(plan).changes[0]).toMatchObject({
      to: { percentage: 0, active: true, emergency_stop: false },
    });
    expect(planJson(plan).changes[0]?.to).not.toHaveProperty('strategy');
  });

  it('a plan as text begins with a stop of everything, so that nobody trusts the counts below', () => {
    const [first, ...rest] = text(planLike({ global_stop: `all\u001b[31m hands` }), true).split('\n');
    expect(first).toBe(
      'everything is stopped (all\\u{1b}[31m hands): nobody is in; the counts below are for when the stop is lifted',
    );
    expect(rest.join('\n')).toBe(text(planLike(), true));
  });

  it('a plan as text says that nothing is to be done, or that nothing can be', () => {
    expect(text(planLike({ changes: [] }))).toMatchInlineSnapshot(
      `"no changes: the database agrees with the file at 0123456789"`,
    );
    expect(text(planLike({ changes: [], revision: null }))).toMatchInlineSnapshot(
      `"no changes: the database agrees with the file"`,
    );
    expect(text(planLike({ changes: [], problems: [problem(), problem()] }))).toMatchInlineSnapshot(`
      "rollout.yaml:9:17: error: percentage is 101; it must be from 0 to 100
      rollout.yaml:9:17: error: percentage is 101; it must be from 0 to 100
      nothing would be applied: 2 errors in the file"
    `);
    expect(text(planLike({ changes: [], problems: [problem()] }), true)).toMatchInlineSnapshot(`
      "rollout.yaml:9:17: error: percentage is 101; it must be from 0 to 100
      nothing was applied: 1 error in the file"
    `);
  });

  it('a plan as text does not claim that nobody moves where nobody was counted', () => {
    const uncounted = planLike({ changes: [change({ impact: null, largest: [] }), held] });
    expect(text(uncounted).split('\n').at(-1)).toBe(
      '1 change at 0123456789, 1 held, subjects were not counted',
    );
    expect(
      text(planLike({ changes: [held] }), true)
        .split('\n')
        .at(-1),
    ).toBe('0 changes applied at 0123456789, 1 held, 0 subjects entered, 0 left');
  });

  it('a plan as text counts one subject in the singular and names at most five test repositories', () => {
    const names = Array.from({ length: 8 }, (_, place) => `acme/t${place}`);
    expect(
      text(planLike({ changes: [created], test_repositories: { added: names, removed: [] } })),
    ).toMatchInlineSnapshot(`
      "+ fresh  create  off -> 0%  +1 -0, then 1 of 1 customer
          new in the file: 0%
          warning: no customer named acme/nobody (misspelled, or not imported yet)
      ~ test_repositories: +acme/t0, +acme/t1, +acme/t2, +acme/t3, +acme/t4 and 3 more
      1 change at 0123456789, 1 subject enters, 0 leave"
    `);
  });

  it.each(HOSTILE)('a plan as text escapes %j for the terminal', (hostile) => {
    const plan = planLike({
      changes: [
        change({
          feature: `f${hostile}`,
          reason: { code: 'database_refused', error: hostile },
          warnings: [{ code: 'unmatched_names', subject: 'customer', names: [hostile] }],
          largest: [
            { id: hostile, name: null, category: null, enters: true },
            { id: 'x', name: hostile, category: null, enters: false },
          ],
        }),
      ],
      test_repositories: { added: [hostile], removed: [hostile] },
      revision: hostile,
    });
    const said = text(plan);
    expect(said).not.toMatch(/[^\P{Cc}\n]|[\p{Cf}\p{Zl}\p{Zp}]/u);
    expect(said.split('\n')).toHaveLength(7);
  });

  it('a plan as text cuts a very long reason', () => {
    expect(
      text(
        planLike({ changes: [change({ reason: { code: 'database_refused', error: 'x'.repeat(10_000) } })] }),
      ).length,
    ).toBeLessThan(1_000);
  });

  it('a plan as text is coloured only on request', () => {
    const plan = planLike({
      changes: [
        refused,
        change({ warnings: [{ code: 'unmatched_names', subject: 'customer', names: ['w'] }] }),
      ],
      problems: [problem()],
    });
    expect(planText(styleOf(true), plan, 'rollout.yaml', false)).toContain('\u001b[');
    expect(text(plan)).not.toContain('\u001b');
  });
});
