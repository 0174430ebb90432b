import type { Spending } from '../../../domain/evidence/spending.ts';
import type { Quantiles } from '../../../domain/evidence/time-counters.ts';
import type { EvidenceWarning } from '../../../domain/evidence/warning.ts';
import type { GuardrailResult } from '../../../domain/guardrails/result.ts';
import { verdictClause } from '../../../domain/health/wording.ts';
import type { RolledBack } from '../../../domain/report/rolled-back.ts';
import { formatDuration } from '../../../lib/duration.ts';
import { harmless } from '../../../lib/text.ts';
import { guardrailText, worried } from '../../guardrails/guardrail-text.ts';
import type { Style } from '../../style/style.ts';
import { table } from '../../style/table.ts';
import { evidenceWarningText, spendingText } from '../../words/evidence-words.ts';
import { advanceText, type Gated } from '../../words/wait-words.ts';
import { ago, count, counted } from '../../words/words.ts';
import { rolledBackText } from './rolled-back-text.ts';

interface RateLike extends Quantiles {
  jobs: number;
  errors: number;
  error_rate: number | null;
  mean_ms: number | null;
}

/** Health of a feature, as the lists show it. */
export interface FeatureHealthLike {
  rolled_back?: RolledBack | null;
  verdict: { verdict: string; severity: string; reason: string; checked_at: Date } | null;
  score: number | null;
  score_parts: { errors: number; slowness: number; participation: number; limit: number } | null;
  window: number;
  treatment: RateLike;
  control: RateLike;
  before: RateLike;
  trend: number | null;
  participation: { subjects: number; share: number } | null;
  guardrails: readonly GuardrailResult[];
  open_jobs: number;
  oldest_open: Date | null;
  spending?: Spending;
  next_step: number | null;
  advance: Gated | null;
  warnings: readonly EvidenceWarning[];
  rates: readonly (RateLike & { processor: string; arm: string; category: string })[];
  error_texts: readonly {
    processor: string;
    arm: string;
    message: string;
    occurrences: number;
    last_at: Date;
  }[];
  open_by_processor: readonly { processor: string; arm: string; open: number; oldest: Date }[];
}

const LONGEST_SENTENCE = 500;

export const HEALTH_HEAD = ['health', 'verdict', 'jobs', 'failed'];

/** Returns the status cells of one feature: score, verdict, jobs of the window, and the failed ones. */
export function healthCells(health: FeatureHealthLike): string[] {
  return [
    health.score === null ? '-' : String(health.score),
    health.verdict?.verdict ?? '-',
    count(health.treatment.jobs),
    rateText(health.treatment),
  ];
}

/** Returns lines below the table: problems, the next step, and advice. */
export function healthNotes(style: Style, feature: string, health: FeatureHealthLike): string[] {
  const name = harmless(feature, 255);
  const notes: string[] = [];
  const { verdict } = health;
  if (health.rolled_back) notes.push(style.warn(`${name}: ${rolledBackText(feature, health.rolled_back)}`));
  if (verdict && verdict.verdict !== 'healthy') {
    const say = worry(style, verdict.verdict);
    notes.push(
      say(`${name} ${verdictClause(verdict.verdict)}: ${harmless(verdict.reason, LONGEST_SENTENCE)}`),
    );
  }
  for (const one of health.guardrails.filter(worried))
    notes.push(style.warn(`${name}: ${guardrailText(style, one, name)}`));
  const next = health.next_step === null ? null : nextText(health);
  if (next !== null) notes.push(style.dim(`${name} ${next}`));
  for (const warning of health.warnings)
    notes.push(style.warn(`${name}: ${harmless(evidenceWarningText(warning), LONGEST_SENTENCE)}`));
  return notes;
}

/** Returns everything about one feature, below its head line in the statistics. */
export function healthDetails(style: Style, feature: string, health: FeatureHealthLike, now: Date): string[] {
  const lines = [verdictLine(style, health, now), rateLine(health)];
  if (health.rolled_back) lines.unshift(style.warn(`  ${rolledBackText(feature, health.rolled_back)}`));
  const next = nextText(health);
  if (next !== null) lines.push(`  ${next}`);
  if (health.spending) lines.push(`  ${spendingText(health.spending)}`);
  if (health.participation) {
    const { subjects, share } = health.participation;
    lines.push(`  ${counted(subjects, 'eligible subject')} had a job (${share}%)`);
  }
  for (const one of health.guardrails) lines.push(`  ${guardrailText(style, one, feature)}`);
  for (const warning of health.warnings)
    lines.push(style.warn(`  ${harmless(evidenceWarningText(warning), LONGEST_SENTENCE)}`));
  if (health.rates.length > 0) lines.push(ratesTable(style, health));
  if (health.error_texts.length > 0) lines.push(errorsTable(style, health, now));
  if (health.open_by_processor.length > 0) lines.push(openTable(style, health, now));
  return lines;
}

function verdictLine(
  style: Style,
  { verdict, score, score_parts: parts }: FeatureHealthLike,
  now: Date,
): string {
  const said = verdict
    ? `${worry(style, verdict.verdict)(verdict.verdict)} (${ago(verdict.checked_at, now)} ago): ${harmless(verdict.reason, LONGEST_SENTENCE)}`
    : 'not judged yet in this epoch';
  if (score === null || parts === null) return `  ${said}`;
  const less = [
    [parts.errors, 'errors'],
    [parts.slowness, 'slowness'],
    [parts.participation, 'participation'],
  ].filter(([lost]) => lost !== 0);
  const sum = ['100', ...less.map(([lost, what]) => `${lost} for ${what}`)].join(' - ');
  const limit = parts.limit < 100 ? `, at most ${parts.limit} with this verdict` : '';
  return `  ${said}\n  health ${score} of 100 = ${sum}${limit}`;
}

function rateLine(health: FeatureHealthLike): string {
  const { window, treatment, control, before, trend } = health;
  const rate = (name: string, one: RateLike) =>
    one.jobs === 0
      ? `${name} no job`
      : `${name} ${counted(one.jobs, 'job')}, ${rateText(one)} failed${timesText(one)}`;
  const change =
    trend === null ? '' : `; the window before ${rateText(before)} (${trend > 0 ? '+' : ''}${trend} points)`;
  const when = health.rolled_back ? 'when rolled back' : `last ${formatDuration(window)}`;
  return `  ${when}: ${rate('treatment', treatment)}; ${rate('control', control)}${change}`;
}

/** Formats the mean, and the durations below which 50%, 95% and 99% of the jobs lie, as far as known. */
function timesText({ mean_ms, p50_ms, p95_ms, p99_ms }: RateLike): string {
  if (mean_ms === null) return '';
  const mean = `, ${timeText(mean_ms)}`;
  if (p50_ms === null || p95_ms === null || p99_ms === null) return mean;
  return `${mean} (p50 ${timeText(p50_ms)}, p95 ${timeText(p95_ms)}, p99 ${timeText(p99_ms)})`;
}

function nextText({ next_step, advance }: FeatureHealthLike): string | null {
  if (advance === null) return null;
  const step = next_step === null ? '' : ` to ${next_step}%`;
  return `next step${step}: ${harmless(advanceText(advance), LONGEST_SENTENCE)}`;
}

function ratesTable(style: Style, { rates }: FeatureHealthLike): string {
  const rows = rates.map((one) => [
    one.processor,
    one.arm,
    one.category === '' ? 'without category' : one.category,
    count(one.jobs),
    count(one.errors),
    rateText(one),
    ...[one.mean_ms, one.p50_ms, one.p95_ms, one.p99_ms].map((ms) => (ms === null ? '-' : timeText(ms))),
  ]);
  const times = ['mean time', 'p50', 'p95', 'p99'];
  return table(style, ['processor', 'arm', 'category', 'jobs', 'failed', 'rate', ...times], rows);
}

function errorsTable(style: Style, { error_texts }: FeatureHealthLike, now: Date): string {
  const rows = error_texts.map((one) => [
    count(one.occurrences),
    one.processor,
    one.arm,
    `${ago(one.last_at, now)} ago`,
    harmless(one.message, 100),
  ]);
  return table(style, ['times', 'processor', 'arm', 'last', 'said'], rows);
}

function openTable(style: Style, { open_by_processor }: FeatureHealthLike, now: Date): string {
  const rows = open_by_processor.map((one) => [
    one.processor,
    one.arm,
    count(one.open),
    `${ago(one.oldest, now)} ago`,
  ]);
  return table(style, ['open jobs of', 'arm', 'open', 'oldest routed'], rows);
}

function rateText({ error_rate }: RateLike): string {
  return error_rate === null ? '-' : `${error_rate}%`;
}

/** Formats a duration: `840 ms`, `12.4 s`, `3.5 min`. */
export function timeText(ms: number): string {
  if (ms < 1_000) return `${ms} ms`;
  return ms < 120_000 ? `${Math.round(ms / 100) / 10} s` : `${Math.round(ms / 6_000) / 10} min`;
}

function worry(style: Style, verdict: string): (text: string) => string {
  if (verdict === 'healthy') return style.good;
  if (verdict === 'harmful' || verdict === 'error') return style.bad;
  return verdict === 'warning' || verdict === 'suspect' ? style.warn : style.dim;
}
