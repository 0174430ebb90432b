import { describe, expect, it } from 'vitest';
import type { HistoryEntry } from '../../src/domain/report/history.ts';
import { styleOf } from '../../src/report/style/style.ts';
import { table } from '../../src/report/style/table.ts';
import { categoriesText } from '../../src/report/text/categories-text.ts';
import { historyText } from '../../src/report/text/history-text.ts';
import { incidentsText } from '../../src/report/text/incidents-text.ts';
import { formatProblem } from '../../src/report/text/plan-text.ts';
import { statsText, statusText } from '../../src/report/text/status-text.ts';
import { ago, commit, counted, moment, share } from '../../src/report/words/words.ts';
import { HOSTILE, problem } from '../helpers/data/changes.ts';

const plain = styleOf(false);
const now = new Date('2026-11-22T10:00:00Z');
const earlier = (minutes: number) => new Date(now.getTime() - minutes * 60_000);

const standing = (feature: string, overrides: object = {}) => ({
  ...{ feature, strategy: 'percentage', percentage: 10, active: true, emergency_stop: false },
  ...{ incident: null, incident_reason: null, revision: '0123456789abcdef', eligible: 131, total: 1_250 },
  ...{
    step_started_at: earlier(90),
    epoch: 1,
    categories: [] as { category: string | null; eligible: number; total: number }[],
  },
  ...overrides,
});
const entry = (overrides: Partial<HistoryEntry> = {}): HistoryEntry => ({
  ...{
    id: 12,
    feature: 'new_checkout',
    action: 'updated' as const,
    previous_percentage: 10,
    new_percentage: 25,
  },
  ...{
    reason: 'percentage 10 -> 25',
    triggered_by: 'ada',
    session_role: 'postgres',
    verified_by: null,
  },
  ...{ revision: '0123456789abcdef', created_at: now, digest: 'ab' },
  ...{ epoch: 1, metadata: {} },
  ...overrides,
});

describe('the lists', () => {
  it('the status shows every feature’s state in a line and the holding incident below', () => {
    const features = [
      standing('a'),
      standing('b', { active: false, eligible: 0, revision: null, step_started_at: earlier(60 * 30) }),
      standing('c', {
        emergency_stop: true,
        incident: '7',
        incident_reason: 'payments fail',
        step_started_at: earlier(60 * 24 * 9),
      }),
      standing('d', { strategy: 'whitelist', percentage: 0, eligible: 3 }),
    ];
    const quiet = {
      ...{ features, archived: [], heartbeat: earlier(4), environment: 'production' },
      global_stop: null,
      now,
    };
    expect(statusText(plain, quiet)).toMatchInlineSnapshot(`
      "feature  state          in            since
      a        on 10%         131 of 1,250  90 min ago
      b        off            0 of 1,250    30 h ago
      c        stopped, held  131 of 1,250  9 days ago
      d        on for 3       3 of 1,250    90 min ago
      c is held by incident 7: payments fail
      last tick 4 min ago"
    `);
    const stop = { reason: 'all hands', by: 'ada', at: earlier(5) };
    expect(statusText(plain, { ...quiet, features: [], global_stop: stop })).toMatchInlineSnapshot(`
      "EVERYTHING IS STOPPED since 2026-11-22 09:55 UTC by ada: all hands
      no features yet; next: rollout plan"
    `);
  });

  it('the lists show eligible subjects by category, the history, the incidents and the registry', () => {
    const categories = [
      { category: 'small', eligible: 4, total: 40 },
      { category: null, eligible: 0, total: 2 },
    ];
    expect(
      statsText(plain, { features: [standing('a', { categories })], archived: [], now }),
    ).toMatchInlineSnapshot(`
      "a  on 10%, 131 of 1,250 (10.48%), epoch 1, step since 90 min
      category          in  of  share
      small              4  40    10%
      without category   0   2     0%"
    `);
    const first = entry({ id: 1, previous_percentage: null, feature: null, revision: null, reason: null });
    expect(historyText(plain, [entry(), first])).toMatchInlineSnapshot(`
      "id  when                  feature       action   percent   by   commit      reason
      12  2026-11-22 10:00 UTC  new_checkout  updated  10 -> 25  ada  0123456789  percentage 10 -> 25
       1  2026-11-22 10:00 UTC  *             updated  - -> 25   ada  -"
    `);
    const incident = {
      ...{ id: '7', feature: 'a', kind: 'rollback', state: 'open', reason: 'errors 12% > 5%' },
      ...{ opened_at: now, opened_by: 'tick', write_back: 'pending' },
    };
    expect(incidentsText(plain, [incident])).toMatchInlineSnapshot(`
      "id  opened                feature  kind      state  write-back  by    reason
       7  2026-11-22 10:00 UTC  a        rollback  open   pending     tick  errors 12% > 5%"
    `);
    const registry = [
      { category: 'small', subjects: 3, stars: 10, contributors: 4, prs: 1_000 },
      { category: null, subjects: 1, stars: 0, contributors: 0, prs: 0 },
    ];
    expect(categoriesText(plain, registry)).toMatchInlineSnapshot(`
      "category          repositories  share  mean stars  mean contributors  mean prs
      small                        3    75%           3                  1       333
      without category             1    25%           0                  0         0"
    `);
  });

  it('an empty list says what to do next', () => {
    const nothing = {
      features: [],
      archived: [],
      heartbeat: null,
      environment: null,
      global_stop: null,
      now,
    };
    expect([
      statusText(plain, nothing),
      statsText(plain, nothing),
      historyText(plain, []),
      incidentsText(plain, []),
      categoriesText(plain, []),
    ]).toEqual([
      'no features yet; next: rollout plan',
      'no features yet; next: rollout plan',
      'no history yet',
      'no incidents',
      'the registry is empty; next: rollout import FILE',
    ]);
  });

  it('a filtered list that is empty does not claim that there is nothing, and names the command for all', () => {
    expect(historyText(plain, [], true)).toBe('no such row; see all with: rollout history');
    expect(incidentsText(plain, [], true)).toBe('no such incident; see all with: rollout incidents');
  });

  it('the status says which features are archived and how to see them', () => {
    const archived = ['old', 'older', 'eldest'];
    const nothing = { features: [], archived, heartbeat: null, environment: null, global_stop: null, now };
    const [first] = archived.map((one) => ({ ...nothing, archived: [one] }));
    expect([
      statusText(plain, first ?? nothing),
      statsText(plain, nothing),
      statusText(plain, { ...nothing, archived: Array.from({ length: 30 }, (_, n) => `f${n}`) }),
    ]).toEqual([
      'no feature is left: old is archived; see: rollout stats old, rollout history old',
      'no feature is left: 3 are archived (old, older, eldest); see: rollout stats FEATURE, rollout history FEATURE',
      'no feature is left: 30 are archived (f0, f1, f2, f3, f4 and 25 more); see: rollout stats FEATURE, rollout history FEATURE',
    ]);
  });

  it.each(HOSTILE)('the lists escape %j for the terminal', (hostile) => {
    const feature = standing(`f${hostile}`, { incident: '7', incident_reason: hostile, revision: hostile });
    const stop = { reason: hostile, by: hostile, at: now };
    const said = [
      statusText(plain, {
        features: [feature],
        archived: [],
        heartbeat: null,
        environment: hostile,
        global_stop: stop,
        now,
      }),
      statsText(plain, { features: [feature], archived: [], now }),
      historyText(plain, [
        entry({ feature: hostile, reason: hostile, triggered_by: hostile, revision: hostile }),
      ]),
      formatProblem(problem(), hostile),
      table(plain, ['head'], [[hostile]]),
    ];
    for (const text of said) expect(text).not.toMatch(/[^\P{Cc}\n]|[\p{Cf}\p{Zl}\p{Zp}]/u);
    expect(said.map((text) => text.split('\n').length)).toEqual([5, 2, 2, 1, 2]);
  });
});

describe('a table', () => {
  it('a table aligns numbers to the right, cuts long cells and ends no line in blanks', () => {
    const said = table(
      plain,
      ['name', 'n'],
      [
        ['a', '1'],
        ['b'.repeat(300), '1,000'],
      ],
    );
    const lines = said.split('\n');
    expect(lines.every((line) => line === line.trimEnd())).toBe(true);
    expect(lines[1]).toMatch(/^a {202} {4}1$/);
    expect(lines[2]).toMatch(/^b{200}… {2}1,000$/);
  });
});

describe('words', () => {
  it('counts, shares and times are written the same in every locale', () => {
    expect([counted(1, 'subject'), counted(1_250, 'repository', 'repositories')]).toEqual([
      '1 subject',
      '1,250 repositories',
    ]);
    expect([share(1, 8), share(1, 3), share(0, 0)]).toEqual(['12.5%', '33.33%', '0%']);
    expect([moment(now), commit(null), commit('abcdef0123456789')]).toEqual([
      '2026-11-22 10:00 UTC',
      'no commit',
      'abcdef0123',
    ]);
    expect([
      ago(earlier(0), now),
      ago(earlier(119), now),
      ago(earlier(121), now),
      ago(earlier(60 * 72), now),
      ago(earlier(-5), now),
    ]).toEqual(['0 min', '119 min', '2 h', '3 days', '0 min']);
  });
});
