import { money } from '../../domain/report/advice.ts';
import { gravestFirst } from '../../domain/report/gravest-first.ts';
import type { ReportData, ReportFeature } from '../../domain/report/report.ts';
import { nextSentence } from '../words/feature-sentence.ts';
import { stateWord } from '../words/report-words.ts';
import { ago, commit, count, counted, moment } from '../words/words.ts';
import { markdownTable } from './markdown-table.ts';
import { code, escapeMarkdown } from './plan-markdown.ts';
import { featureMarkdown } from './report-markdown-feature.ts';

/** Largest length in bytes; a summary holds 1 MiB, and an omitted part is mentioned. */
const LONGEST_SUMMARY = 900_000;
const MOST_FEATURES = 100;
/** Limit of features with charts: a browser takes long for a summary with hundreds. */
const MOST_CHARTED = 10;

/**
 * Formats the report as markdown with charts, for a workflow run's summary: every feature in a line, this week compared
 * with the last, participation, cost, and advice. Text from a file or a person is escaped.
 */
export function reportMarkdown(data: ReportData): string {
  const shown = gravestFirst(data.features).slice(0, MOST_FEATURES);
  const left = data.features.length - shown.length;
  const parts = [
    head(data),
    ...(shown.length === 0
      ? ['No features. Archived ones are not listed.']
      : [
          featureTable(shown),
          week(shown),
          ...shown.map((one, i) => featureMarkdown(data, one, i < MOST_CHARTED)),
        ]),
    left > 0 ? `${counted(left, 'more feature')} without trouble: see \`rollout status\`.` : '',
    `History ends with \`${data.history_head || 'no row'}\`.`,
  ].filter(Boolean);
  const text = `${parts.join('\n\n')}\n`;
  return text.length <= LONGEST_SUMMARY
    ? text
    : `${text.slice(0, text.lastIndexOf('\n\n', LONGEST_SUMMARY))}\n\nThe rest is left out: it is too long for a summary.\n`;
}

function head({
  environment,
  generated_at: now,
  revision,
  heartbeat,
  heartbeat_stale,
  global_stop: stop,
  freeze,
}: ReportData): string {
  const alive = heartbeat === null ? 'no tick has run yet' : `last tick ${ago(heartbeat, now)} ago`;
  const lines = [
    `## Rollouts${environment === null ? '' : ` of ${escapeMarkdown(environment)}`}`,
    `${moment(now)}${revision === null ? '' : ` · file at \`${commit(revision)}\``} · ${alive}`,
  ];
  if (stop)
    lines.push(
      `:octagonal_sign: **Everything is stopped** since ${moment(stop.at)} by ${escapeMarkdown(stop.by)}: ${escapeMarkdown(stop.reason)}`,
    );
  if (heartbeat_stale)
    lines.push(
      ':rotating_light: **The controller is silent**: three ticks are missing, nothing is judged or rolled back meanwhile.',
    );
  if (freeze)
    lines.push(`:snowflake: Nothing is raised until ${freeze.to}: ${escapeMarkdown(freeze.reason)}`);
  return lines.join('\n\n');
}

const SIGNS: Record<ReturnType<typeof stateWord>, string> = {
  stopped: ':octagonal_sign:',
  held: ':no_entry:',
  'rolled back': ':no_entry:',
  harmful: ':no_entry:',
  'not judged': ':question:',
  suspect: ':warning:',
  warning: ':warning:',
};

function sign(feature: ReportFeature): string {
  const word = stateWord(feature.state);
  return `${SIGNS[word] ? `${SIGNS[word]} ` : ''}${word}`;
}

function featureTable(features: readonly ReportFeature[]): string {
  return markdownTable(
    ['feature', 'state', 'exposure', 'in', 'jobs', 'failed', 'control', 'took part', 'next'],
    '--r-rrrr-',
    features.map((one) => [
      code(one.feature),
      sign(one),
      one.strategy === 'whitelist' ? 'whitelist' : `${one.exposure.at(-1)?.percentage ?? one.percentage}%`,
      `${count(one.eligible)} of ${count(one.total)}`,
      count(one.health.treatment.jobs),
      rate(one.health.treatment.error_rate),
      rate(one.health.control.error_rate),
      one.health.participation === null ? '–' : `${one.health.participation.share}%`,
      escapeMarkdown(nextSentence(one.feature, one.next)),
    ]),
  );
}

/** Compares this week with the last, for features that had jobs in one of them. */
function week(features: readonly ReportFeature[]): string {
  const active = features.filter(
    ({ weeks: { now, before } }) => now.treatment.jobs + before.treatment.jobs > 0,
  );
  if (active.length === 0) return '';
  const rows = active.map(({ feature, weeks: { now, before } }) => [
    code(feature),
    `${before.percentage} → ${now.percentage}%`,
    `${count(before.treatment.jobs)} → ${count(now.treatment.jobs)}`,
    `${rate(before.treatment.error_rate)} → ${rate(now.treatment.error_rate)}`,
    change(before.treatment.mean_ms, now.treatment.mean_ms),
    ...(['p50_ms', 'p95_ms', 'p99_ms'] as const).map((key) =>
      change(before.treatment[key], now.treatment[key]),
    ),
    `${before.cost === null ? '–' : money(before.cost)} → ${now.cost === null ? '–' : money(now.cost)}`,
  ]);
  return `### Last week → this week\n\n${markdownTable(['feature', 'exposure', 'jobs', 'failed', 'mean time', 'p50', 'p95', 'p99', 'cost'], '-rrrrrrrr', rows)}`;
}

function rate(value: number | null): string {
  return value === null ? '–' : `${value}%`;
}

function change(before: number | null, now: number | null): string {
  const text = (ms: number | null) => (ms === null ? '–' : `${Math.round(ms / 10) / 100} s`);
  return `${text(before)} → ${text(now)}`;
}
