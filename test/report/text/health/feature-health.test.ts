import { describe, expect, it } from 'vitest';
import type { Quantiles } from '../../../../src/domain/evidence/time-counters.ts';
import { styleOf } from '../../../../src/report/style/style.ts';
import type { FeatureHealthLike } from '../../../../src/report/text/health/feature-health.ts';
import { statsText, statusText } from '../../../../src/report/text/status-text.ts';
import { HOSTILE } from '../../../helpers/data/changes.ts';

const plain = styleOf(false);
const now = new Date('2026-11-22T10:00:00Z');
const earlier = (minutes: number) => new Date(now.getTime() - minutes * 60_000);
const NO_TIMES = { p50_ms: null, p95_ms: null, p99_ms: null };
const rate = (jobs: number, errors: number, mean_ms: number | null, times: Quantiles = NO_TIMES) => ({
  ...{ jobs, errors, error_rate: jobs === 0 ? null : (errors / jobs) * 100, mean_ms, ...times },
});

const HEALTH: FeatureHealthLike = {
  verdict: {
    verdict: 'warning',
    severity: 'warning',
    reason: '9 of 100 jobs failed',
    checked_at: earlier(4),
  },
  score: 74,
  score_parts: { errors: 12, slowness: 0, participation: 3.5, limit: 74 },
  window: 86_400,
  treatment: rate(1_100, 22, 840, { p50_ms: 700, p95_ms: 2_100, p99_ms: 130_000 }),
  control: rate(0, 0, null),
  before: rate(100, 1, null),
  trend: 1,
  participation: { subjects: 40, share: 30.53 },
  guardrails: [],
  open_jobs: 3,
  oldest_open: earlier(200),
  next_step: 25,
  advance: {
    wait: { code: 'verdict', verdict: 'warning', reason: '9 of 100 jobs failed' },
    step: { jobs: 100, errors: 9 },
  },
  warnings: [{ code: 'uneven', category: 'small', percent: 90 }],
  rates: [
    {
      processor: 'inngest',
      arm: 'treatment',
      category: '',
      ...rate(1_100, 22, 125_000, { p50_ms: 700, p95_ms: 2_100, p99_ms: 130_000 }),
    },
  ],
  error_texts: [
    { processor: 'inngest', arm: 'treatment', message: 'boom', occurrences: 20, last_at: earlier(3) },
  ],
  open_by_processor: [{ processor: 'inngest', arm: 'treatment', open: 3, oldest: earlier(200) }],
};

const feature = (health: FeatureHealthLike, name = 'checkout') => ({
  ...{ feature: name, strategy: 'percentage', percentage: 10, active: true, emergency_stop: false },
  ...{ incident: null, incident_reason: null, revision: null, eligible: 131, total: 1_250, epoch: 2 },
  ...{
    step_started_at: earlier(90),
    categories: [{ category: 'small', eligible: 131, total: 1_250 }],
    health,
  },
});

describe('how features fare', () => {
  it('the status shows a feature’s health in its line and its problems below', () => {
    const status = {
      features: [feature(HEALTH)],
      archived: [],
      heartbeat: earlier(180),
      environment: null,
      global_stop: null,
      now,
    };
    expect(statusText(plain, status)).toMatchInlineSnapshot(`
      "feature   state   in            health  verdict   jobs  failed  since
      checkout  on 10%  131 of 1,250      74  warning  1,100      2%  90 min ago
      checkout is warning: 9 of 100 jobs failed
      checkout next step to 25%: waits: warning, 9 of 100 jobs failed
      checkout: 90% are small: the others are hardly tried
      last tick 3 h ago, three are missing: nothing is judged or rolled back meanwhile"
    `);
  });

  it('the statistics show a feature’s health in full', () => {
    expect(statsText(plain, { features: [feature(HEALTH)], archived: [], now })).toMatchInlineSnapshot(`
      "checkout  on 10%, 131 of 1,250 (10.48%), epoch 2, step since 90 min
      category   in     of   share
      small     131  1,250  10.48%
        warning (4 min ago): 9 of 100 jobs failed
        health 74 of 100 = 100 - 12 for errors - 3.5 for participation, at most 74 with this verdict
        last 1d: treatment 1,100 jobs, 2% failed, 840 ms (p50 700 ms, p95 2.1 s, p99 2.2 min); control no job; the window before 1% (+1 points)
        next step to 25%: waits: warning, 9 of 100 jobs failed
        40 eligible subjects had a job (30.53%)
        90% are small: the others are hardly tried
      processor  arm        category           jobs  failed  rate  mean time  p50     p95    p99
      inngest    treatment  without category  1,100      22    2%  2.1 min    700 ms  2.1 s  2.2 min
      times  processor  arm        last       said
         20  inngest    treatment  3 min ago  boom
      open jobs of  arm        open  oldest routed
      inngest       treatment     3  3 h ago"
    `);
  });

  it('the statistics say what is not known yet', () => {
    const unknown: FeatureHealthLike = {
      ...{ ...HEALTH, verdict: null, score: null, score_parts: null, trend: null, participation: null },
      ...{ treatment: rate(0, 0, null), next_step: null, advance: null, warnings: [], rates: [] },
      ...{ error_texts: [], open_by_processor: [], open_jobs: 0 },
    };
    expect(statsText(plain, { features: [feature(unknown)], archived: [], now })).toMatchInlineSnapshot(`
      "checkout  on 10%, 131 of 1,250 (10.48%), epoch 2, step since 90 min
      category   in     of   share
      small     131  1,250  10.48%
        not judged yet in this epoch
        last 1d: treatment no job; control no job"
    `);
  });

  it.each(HOSTILE)('the health texts escape %j for the terminal', (hostile) => {
    const texts: FeatureHealthLike = {
      ...HEALTH,
      verdict: { verdict: 'warning', severity: 'warning', reason: hostile, checked_at: now },
      advance: {
        wait: { code: 'freeze', to: '2026-12-31', reason: hostile },
        step: { jobs: 0, errors: 0 },
      },
      warnings: [{ code: 'uneven', category: hostile, percent: 90 }],
      rates: [{ processor: hostile, arm: 'treatment', category: hostile, ...rate(1, 0, null) }],
      error_texts: [{ processor: hostile, arm: hostile, message: hostile, occurrences: 1, last_at: now }],
      open_by_processor: [{ processor: hostile, arm: hostile, open: 1, oldest: now }],
    };
    const said = { features: [feature(texts, hostile)], archived: [], now };
    for (const text of [
      statusText(plain, { ...said, heartbeat: null, environment: null, global_stop: null, now }),
      statsText(plain, said),
    ]) {
      expect(text).not.toMatch(/[^\P{Cc}\n]|[\p{Cf}\p{Zl}\p{Zp}]/u);
    }
  });
});
