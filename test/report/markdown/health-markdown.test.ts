import { describe, expect, it } from 'vitest';
import { healthMarkdown } from '../../../src/report/markdown/health-markdown.ts';
import type { HealthLike } from '../../../src/report/text/health/health-text.ts';
import { HOSTILE } from '../../helpers/data/changes.ts';

const result = (overrides: Partial<HealthLike> = {}): HealthLike => ({
  feature: 'new_checkout',
  judgement: {
    ...{
      verdict: 'harmful',
      reasonCode: 'over_limit',
      reason: '30 of 40 jobs failed',
      severity: 'critical',
      scope: 'all',
    },
    ...{ jobs: 1_040, errors: 30, scores: { absolute: 61, relative: 0, warning: 70, critical: 50 } },
  },
  guardrails: [],
  advance: { wait: { code: 'no_steps' }, soakLeft: 0, next: null, step: { jobs: 0, errors: 0 } },
  ...{ action: 'rolled_back', note: { code: 'incident', incident: '7' }, overrides: [] },
  ...overrides,
});

describe('verdicts as markdown', () => {
  it('verdicts become a markdown table with the reason, the next step and the action taken', () => {
    expect(healthMarkdown([result()])).toMatchInlineSnapshot(`
      "| feature | verdict | jobs | failed | why | next step | done |
      | --- | --- | ---: | ---: | --- | --- | --- |
      | \`new_checkout\` | :red_circle: harmful, critical | 1,040 | 2.88% | 30 of 40 jobs failed | no steps | rolled back: incident 7 |
      "
    `);
    expect(healthMarkdown([])).toBe('No feature is live.\n');
  });

  it.each(HOSTILE)('a verdict stays one row of the table whatever %j says', (hostile) => {
    const { judgement, advance } = result();
    const hostileResult = result({
      ...{ feature: `x|${hostile}`, note: { code: 'step_failed', error: `|${hostile}` } as const },
      ...{
        judgement: { ...judgement, reason: `| ${hostile}` },
        advance: { ...advance, wait: { code: 'freeze', to: '2026-12-31', reason: `|${hostile}` } },
      },
    });
    const rows = healthMarkdown([hostileResult]).trimEnd().split('\n').slice(2);
    expect(rows).toHaveLength(1);
    expect(rows[0]?.match(/(?<!\\)(?:\\\\)*\|/g)).toHaveLength(8);
  });
});
