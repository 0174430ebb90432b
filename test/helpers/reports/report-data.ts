import { fillSpec } from '../../../src/config/read/fill.ts';
import { costOf } from '../../../src/domain/evidence/cost.ts';
import type { ReportData, ReportFeature } from '../../../src/domain/report/report.ts';
import type { ReportIncident } from '../../../src/domain/report/report-incident.ts';

export const NOW = new Date('2026-11-20T12:00:00Z');

const NOTHING = {
  jobs: 0,
  errors: 0,
  error_rate: null,
  mean_ms: null,
  p50_ms: null,
  p95_ms: null,
  p99_ms: null,
};
const WEEK = { treatment: NOTHING, control: NOTHING, cost: null, percentage: 0 };

/** A report without any feature, but for what is given. */
export function reportData(given: Partial<ReportData> = {}): ReportData {
  return {
    ...{ generated_at: NOW, environment: 'production', revision: null, repository_url: null },
    ...{ heartbeat: NOW, heartbeat_stale: false, global_stop: null, freeze: null },
    ...{ history_head: 'ab12', names_shown: false, features: [] },
    ...given,
  };
}

/** A feature that is off and has no past, but for what is given. */
export function reportFeature(given: Partial<ReportFeature> = {}): ReportFeature {
  const spec = fillSpec('checkout', {}, {});
  return {
    ...{ feature: 'checkout', description: null, owner: null, subject: 'repository', strategy: 'percentage' },
    ...{ percentage: 25, active: true, emergency_stop: false, paused: false, epoch: 1, revision: null },
    ...{ epoch_started_at: NOW, step_started_at: NOW, state: 'healthy', stopped_by: null, since: NOW },
    next: { percentage: null, at: null, what: { code: 'last_step' } },
    ...{ soak: null, steps: [], thresholds: spec.thresholds, analysis: 'sequential', rollback_enabled: true },
    ...{ eligible: 0, total: 0, categories: [], category_filter: null },
    lists: { whitelist: 0, blacklist: 0, names: null },
    health: {
      ...{
        verdict: null,
        score: null,
        score_parts: null,
        window: 86_400,
        treatment: NOTHING,
        control: NOTHING,
      },
      ...{ before: NOTHING, trend: null, participation: null, open_jobs: 0, oldest_open: null, warnings: [] },
      ...{ rates: [], error_texts: [], open_by_processor: [], guardrails: [] },
    },
    exposure: [],
    difference: null,
    rates: {
      ...{ at: [], span: [], jobs: [], errors: [], control_jobs: [], control_errors: [] },
      ...{ mean_ms: [], control_mean_ms: [] },
    },
    scores: { at: [], verdict: [], absolute: [], relative: [], warning: [] },
    ...{ turns: [], incidents: [], history: [], history_left_out: 0, cost: costOf([], spec, 28) },
    ...{ weeks: { now: WEEK, before: WEEK }, advice: [] },
    ...given,
  } as ReportFeature;
}

export function reportIncident(given: Partial<ReportIncident> = {}): ReportIncident {
  return {
    ...{ id: '7', kind: 'rollback', state: 'open', severity: 'warning', reason: 'too many failed' },
    ...{ opened_at: NOW, opened_by: 'rollout tick', settled_at: null, settled_by: null, resumed_at: null },
    ...{ resumed_by: null, superseded_by: null, held_percentage: 0, before_percentage: 25 },
    ...{
      write_back: 'pending',
      write_back_commit: null,
      write_back_pull_request: null,
      write_back_error: null,
    },
    ...{ issue: null, evidence: null, permit: null },
    ...given,
  } as ReportIncident;
}

/** As much as one feature can have after a year: as many spans, checks, turns and rows as are ever read. */
export function yearOld(feature: string): ReportFeature {
  const now = NOW.getTime() / 1_000;
  const spans = [
    ...Array.from({ length: 336 }, (_, i) => [now - (366 - i) * 86_400, 86_400] as const),
    ...Array.from({ length: 92 }, (_, i) => [now - 30 * 86_400 + i * 21_600, 21_600] as const),
    ...Array.from({ length: 168 }, (_, i) => [now - 7 * 86_400 + i * 3_600, 3_600] as const),
  ];
  const checks = [
    ...spans.map(([at]) => at).filter((at) => at < now - 2 * 86_400),
    ...Array.from({ length: 192 }, (_, i) => now - 2 * 86_400 + i * 900),
  ];
  const noise = (i: number, most: number) => (i * 7_919) % most;
  const at = (i: number) => new Date((now - 366 * 86_400 + i * 3_000) * 1_000);
  const long = 'a sentence that a person wrote about why it was done, longer than most of them are '.repeat(
    2,
  );
  return reportFeature({
    feature,
    description: long,
    exposure: Array.from({ length: 60 }, (_, i) => {
      return {
        at: at(i * 150),
        percentage: noise(i, 101),
        live: true,
        action: 'advanced' as const,
        history: i,
      };
    }),
    difference: {
      since: new Date((now - 97 * 3_600) * 1_000),
      at: Array.from({ length: 96 }, (_, i) => now - (96 - i) * 3_600),
      difference: Array.from({ length: 96 }, (_, i) => noise(i, 99) / 100),
      low: Array.from({ length: 96 }, (_, i) => -1 - noise(i, 99) / 100),
      high: Array.from({ length: 96 }, (_, i) => 1 + noise(i, 99) / 100),
      compared: 97,
    },
    rates: {
      at: spans.map(([start]) => start),
      span: spans.map(([, span]) => span),
      jobs: spans.map((_, i) => 10_000 + noise(i, 90_000)),
      errors: spans.map((_, i) => noise(i, 999)),
      control_jobs: spans.map((_, i) => 10_000 + noise(i, 90_000)),
      control_errors: spans.map((_, i) => noise(i, 999)),
      mean_ms: spans.map((_, i) => 1_000 + noise(i, 9_000)),
      control_mean_ms: spans.map((_, i) => 1_000 + noise(i, 9_000)),
    },
    scores: {
      at: checks,
      verdict: checks.map((_, i) => (noise(i, 7) === 0 ? ('warning' as const) : ('healthy' as const))),
      absolute: checks.map((_, i) => noise(i, 999) / 100),
      relative: checks.map((_, i) => noise(i, 999) / 100),
      warning: checks.map((_, i) => noise(i, 999) / 100),
    },
    incidents: Array.from({ length: 20 }, (_, i) =>
      reportIncident({
        id: String(i),
        state: i === 0 ? 'open' : 'resumed',
        reason: long,
        opened_at: at(i * 400),
      }),
    ),
    history: Array.from({ length: 100 }, (_, i) => {
      const row = {
        id: i,
        created_at: at(i * 100),
        action: 'updated' as const,
        previous_percentage: 10,
        new_percentage: 25,
      };
      return {
        ...row,
        reason: long,
        triggered_by: 'github:somebody',
        session_role: 'rollout',
        verified_by: null,
        revision: 'a'.repeat(40),
      };
    }),
    history_left_out: 4_000,
  });
}
