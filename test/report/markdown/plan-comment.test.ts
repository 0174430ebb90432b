import { describe, expect, it } from 'vitest';
import { thresholdParams } from '../../../src/domain/health/health.ts';
import { soakToSeeDoubling } from '../../../src/domain/simulation/soak.ts';
import { seededRandom } from '../../../src/lib/random.ts';
import {
  type OutlookLike,
  type PlanCommentLike,
  planComment,
  planSummary,
} from '../../../src/report/markdown/plan-comment.ts';
import { change, created, HOSTILE, held, planLike, problem } from '../../helpers/data/changes.ts';
import { spec } from '../../helpers/data/specs.ts';

const SPEC = {
  ...spec({ percentage: 25 }),
  steps: [
    { percentage: 25, soak: 172_800, name: null },
    { percentage: 50, soak: null, name: null },
  ],
};

/** Simulated once: it takes half a second. */
const NEEDED = soakToSeeDoubling(thresholdParams(SPEC), 20, 2, seededRandom(1), { runs: 50 });

const outlook = (overrides: Partial<OutlookLike> = {}): OutlookLike => ({
  feature: 'new_checkout',
  spec: SPEC,
  jobs: { jobs: 2_000, moving: 300, grouped: 0 },
  health: {
    verdict: 'healthy',
    reason: '12 of 2000 jobs failed (0.6%)',
    gate: { wait: { code: 'soak', left_seconds: 10_800 }, step: { jobs: 0, errors: 0 } },
  },
  next: { percentage: 50, soak: null, name: null },
  soak: { errorRate: 2, needed: NEEDED },
  backTest: { fired: [], epochs: [], comparisons: [] },
  guardrails: [],
  wouldRollBack: null,
  ...overrides,
});

const like = (overrides: Partial<PlanCommentLike> = {}): PlanCommentLike => ({
  plan: planLike({ changes: [change()] }),
  outlooks: [outlook()],
  from: { head: 'feedface00', branch: 'main', tip: '0123456789abcdef', generation: 1_234 },
  notes: [],
  ...overrides,
});

describe('the comment on a pull request', () => {
  it('the plan comment has a line of totals, a table of the changes, and folded reasons and origin', () => {
    expect(planComment(like())).toMatchInlineSnapshot(`
      "### Rollout plan

      **1 change** · 187 in, 0 out

      | feature | what | from | to | in | out | jobs | health | why |
      | --- | --- | ---: | ---: | ---: | ---: | ---: | --- | --- |
      | \`new_checkout\` | update | 10% | 25% | 187 | 0 | 15% | healthy | percentage 10 -&gt; 25 |

      <details>
      <summary><code>new_checkout</code>: 10% → 25%</summary>

      - test 35 in, small 152 in; then 312 of 1,250 (24.96%)
      - largest: acme/large (enters), r2 (enters)
      - 300 of 2,000 jobs of the last week belong to subjects that move (15%)
      - now **healthy**: 12 of 2000 jobs failed \\(0.6%\\); waits: 3 hours of the soak left
      - the step that follows: 50% after 2d
      - a step must soak 65.75 h to see a doubling of the normal rate, to 4%, with 80%; the normal rate is warned about in 6% of as long runs; the file says 48 h: too short for that; by counting alone it takes 391 jobs, 19.55 h at this volume
      - back-test: no finished treatment job is stored of the last 30 days

      </details>

      <sub>Computed for \`feedface00\` against main at \`0123456789\`, generation 1,234 of the database.</sub>
      "
    `);
  });

  it('the plan comment warns about thresholds that would roll back the feature at the next tick', () => {
    const text = planComment(
      like({ outlooks: [outlook({ wouldRollBack: '9 of 20 jobs failed | 45% > 5%' })] }),
    );
    expect(text).toContain(
      '- :warning: `new_checkout`: with these thresholds the next tick takes it back: 9 of 20 jobs failed \\| 45% &gt; 5%\n',
    );
  });

  it('the plan comment without a database has neither jobs nor health and says that none was used', () => {
    const uncounted = change({ impact: null, largest: [] });
    const text = planComment(
      like({
        plan: planLike({ changes: [uncounted] }),
        outlooks: [],
        from: { head: 'feedface00', branch: 'main', tip: '0123456789', generation: null },
        notes: ['Compared with the file <b>only</b>'],
      }),
    );
    expect(text).toContain('> Compared with the file &lt;b&gt;only&lt;/b&gt;\n');
    expect(text).toContain('| feature | what | from | to | in | out | why |');
    expect(text).not.toContain('<details>');
    expect(text).toContain('without a database.</sub>');
  });

  it.each(HOSTILE)('the plan comment shows %j as text only, wherever it comes from', (hostile) => {
    const text = planComment(
      like({
        plan: planLike({
          changes: [
            change({
              ...{
                feature: `x${hostile}`,
                reason: {
                  code: 'database_refused' as const,
                  error: `${hostile}</details><!-- rollout:plan -->`,
                },
                warnings: [
                  { code: 'unmatched_names' as const, subject: 'customer' as const, names: [hostile] },
                ],
              },
              largest: [{ id: hostile, name: `${hostile}</details>@acme/web`, category: null, enters: true }],
            }),
            held,
            created,
          ],
          problems: [problem({ message: hostile })],
        }),
        outlooks: [outlook({ feature: `x${hostile}`, wouldRollBack: hostile })],
        from: { head: hostile, branch: `${hostile}</sub>`, tip: hostile, generation: 1 },
        notes: [hostile],
      }),
    );
    expect(text.match(/<\/details>/g)).toHaveLength(text.match(/<details>/g)?.length ?? 0);
    expect(
      text.match(/<[a-z!/][^>]*>/g)?.filter((tag) => !/^<\/?(details|summary|code|sub)>$/.test(tag)),
    ).toEqual([]);
    expect(text).not.toContain('@acme');
    expect(text.replaceAll('\u200b', '').replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
  });

  it('the plan comment fits into GitHub’s limit, keeps its end and says how much was left out', () => {
    const changes = Array.from({ length: 2_000 }, (_, n) => change({ feature: `feature_${n}` }));
    const outlooks = changes.slice(0, 20).map(({ feature }) => outlook({ feature }));
    const text = planComment(like({ plan: planLike({ changes }), outlooks }));
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(65_536);
    expect(Buffer.byteLength(text)).toBeGreaterThan(60_000);
    expect(text).toMatch(
      /_[\d,]+ more lines did not fit here; all of it: `rollout plan`\._\n\n<sub>Computed .*<\/sub>\n$/,
    );
    expect(planSummary(like({ plan: planLike({ changes }), outlooks })).length).toBeGreaterThan(text.length);
  });
});
