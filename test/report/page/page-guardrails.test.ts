import { expect, it } from 'vitest';
import type { GuardrailResult } from '../../../src/domain/guardrails/result.ts';
import { guardrailsTable } from '../../../src/report/page/tables.ts';
import { reportFeature } from '../../helpers/reports/report-data.ts';

const refunds: GuardrailResult = {
  ...{ metric: 'refunds', limit: 3, on_harm: 'freeze', dry_run: true, verdict: 'no_data' },
  ...{ reason_code: 'no_treated_jobs', reason: 'no <event> of the treatment arm yet', severity: 'none' },
  ...{ events: 0, bad: 0, control_events: 1_200, control_bad: 7, score: 0 },
};

it('the page has a row for each guardrail with its events and limit, and no row without guardrails', () => {
  const feature = reportFeature();
  expect(guardrailsTable(feature)).toBeNull();
  const table = guardrailsTable({ ...feature, health: { ...feature.health, guardrails: [refunds] } })?.text;
  for (const part of ['refunds', 'no events', 'freeze, dry run', '3%', 'no event<', '7 of 1,200']) {
    expect(table).toContain(part);
  }
  expect(table).toContain('no &lt;event&gt; of the treatment arm yet');
});
