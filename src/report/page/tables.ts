import { money } from '../../domain/report/advice.ts';
import type { ReportData, ReportFeature, ReportWeek } from '../../domain/report/report.ts';
import { guardrailWord } from '../guardrails/guardrail-text.ts';
import {
  classWord,
  costProblemText,
  failedText,
  spendingText,
  trendWord,
  whoFailed,
} from '../words/evidence-words.ts';
import { ruleLastText, ruleText } from '../words/outcome-words.ts';
import { actionWord } from '../words/report-words.ts';
import { capital, count, share } from '../words/words.ts';
import { type Html, html } from './html.ts';
import { bar, commitLink, date, number, rateText, table, timeText, when } from './parts.ts';

/** Shows where jobs ran in the window, arm by arm. */
export function processorsTable({ health }: ReportFeature): Html {
  if (health.rates.length === 0) return html`<p class="quiet">No job has finished in the window.</p>`;
  const rows = health.rates.map(
    (one) =>
      html`<tr><th scope="row">${one.processor}</th><td>${one.arm}</td><td>${one.category === '' ? 'without' : one.category}</td><td class="number">${count(one.jobs)}</td><td class="number">${count(one.errors)}</td><td class="number">${rateText(one)}</td>${[one.mean_ms, one.p50_ms, one.p95_ms, one.p99_ms].map((ms) => html`<td class="number">${timeText(ms)}</td>`)}</tr>`,
  );
  const numbers = ['Jobs', 'Failed', 'Rate', 'Mean time', 'p50', 'p95', 'p99'].map(number);
  return table('By processor, arm and category', ['Processor', 'Arm', 'Category', ...numbers], rows);
}

/** Shows how often each routing rule decided; null if no job was routed. */
export function routesTable({ routes = [] }: ReportFeature): Html | null {
  if (routes.length === 0) return null;
  const rows = routes.map(
    (one) =>
      html`<tr><th scope="row">${ruleText(one.rule)}</th><td>${one.processor}</td>${[one.today, one.week, one.epoch].map((jobs) => html`<td class="number">${count(jobs)}</td>`)}<td>${ruleLastText(one)}</td></tr>`,
  );
  const numbers = ['Today', '7 days', 'This epoch'].map(number);
  return table('Routed jobs, by the rule that decided', ['Rule', 'Goes to', ...numbers, 'Last'], rows);
}

/** Shows each guardrail with its events, limit and reaction; null if there are none. */
export function guardrailsTable({ health }: ReportFeature): Html | null {
  if (health.guardrails.length === 0) return null;
  const rows = health.guardrails.map(
    (one) =>
      html`<tr><th scope="row">${one.metric}</th><td>${guardrailWord(one)}</td><td>${one.on_harm}${one.dry_run && ', dry run'}</td><td class="number">${one.limit}%</td><td class="number">${ofEvents(one.bad, one.events)}</td><td class="number">${ofEvents(one.control_bad, one.control_events)}</td><td class="said">${one.reason}</td></tr>`,
  );
  return table(
    'Guardrails',
    ['Metric', 'Found', 'Does', number('Limit'), number('Bad, treatment'), number('Bad, control'), 'Why'],
    rows,
  );
}

function ofEvents(bad: number, events: number): string {
  return events === 0 ? 'no event' : `${count(bad)} of ${count(events)}`;
}

/** Shows eligible subjects by category, smallest first. */
export function categoriesTable({ categories, category_filter }: ReportFeature): Html {
  const rows = categories.map(({ category, eligible, total }) => {
    const out = category_filter !== null && !category_filter.some((name) => name === category);
    return html`<tr><th scope="row">${category ?? 'without category'}</th><td class="number">${count(eligible)}</td><td class="number">${count(total)}</td><td class="wide">${bar(total === 0 ? 0 : (eligible / total) * 100, `${share(eligible, total)} are in`)}</td><td class="number">${out ? 'filtered out' : share(eligible, total)}</td></tr>`;
  });
  if (rows.length === 0) return html`<p class="quiet">The registry is empty.</p>`;
  return table(
    'Who is in, by category',
    ['Category', number('In'), number('Of'), 'Bar', number('Share')],
    rows,
  );
}

export function errorsTable({ generated_at: now }: ReportData, { health }: ReportFeature): Html | null {
  if (health.error_texts.length === 0) return null;
  const rows = health.error_texts.map(
    (one) =>
      html`<tr><td class="number">${count(one.occurrences)}</td><td>${one.processor}</td><td>${one.arm}</td><td>${when(one.last_at, now)}</td><td class="said">${one.message}</td></tr>`,
  );
  return table('What failed jobs said', [number('Times'), 'Processor', 'Arm', 'Last', 'Said'], rows);
}

/** Shows the subjects with most failures; null if there are none. */
export function worstTable({ generated_at: now }: ReportData, feature: ReportFeature): Html | null {
  const shown = feature.worst_subjects;
  if (shown === undefined || shown.worst.length === 0) return null;
  const rows = shown.worst.map(
    (one) =>
      html`<tr><th scope="row">${whoFailed(one)}</th><td class="number">${count(one.failed)}</td><td class="number">${one.finished === null ? '–' : count(one.finished)}</td><td class="wide">${bar(one.share, `${one.share}% of all failures`, 'over')}</td><td class="number">${one.share}%</td><td>${when(one.since, now)}</td></tr>`,
  );
  const head = ['Subject', number('Failed'), number('Finished'), 'Bar', number('Of all failures'), 'Since'];
  return html`<p>${failedText(shown)}.</p>${table('Subjects with most failures', head, rows)}`;
}

/** Shows classes of errors compared with the day before; null if there are no error texts. */
export function classesTable({ generated_at: now }: ReportData, feature: ReportFeature): Html | null {
  const shown = feature.error_classes;
  if (shown === undefined) return null;
  const rows = shown.classes.map(
    (one) =>
      html`<tr><th scope="row">${classWord(one)}</th><td class="number">${count(one.failed)}</td><td class="number">${count(one.failed_before)}</td><td class="number">${count(one.control_failed)}</td><td>${trendWord(one)}</td><td>${when(one.first_at, now)}</td><td>${when(one.last_at, now)}</td></tr>`,
  );
  const numbers = ['Last 24 h', 'Day before', 'Control'].map(number);
  const head = ['Class', ...numbers, 'Trend', 'First seen', 'Last seen'];
  const more = shown.more > 0 && html`<p class="quiet">And ${count(shown.more)} more classes.</p>`;
  return html`${table('Errors by class', head, rows)}${more}`;
}

export function historyTable(
  { repository_url }: ReportData,
  { history, history_left_out }: ReportFeature,
): Html {
  if (history.length === 0) return html`<p class="quiet">No history yet.</p>`;
  const rows = history.map(
    (row) =>
      html`<tr><td class="number">${row.id}</td><td>${date(row.created_at)}</td><th scope="row">${actionWord(row.action)}</th><td class="number">${changeText(row)}</td><td>${row.triggered_by}${row.verified_by !== null && html` <span class="quiet">proved: ${row.verified_by}</span>`}</td><td>${commitLink(repository_url, row.revision)}</td><td class="said">${row.reason ?? ''}</td></tr>`,
  );
  const more =
    history_left_out > 0 &&
    html`<p class="quiet">${count(history_left_out)} older rows: <code>rollout history</code> shows them.</p>`;
  return html`${table('History', [number('Row'), 'When', 'What', number('Exposure'), 'By', 'Commit', 'Why'], rows)}${more}`;
}

function changeText({
  previous_percentage: before,
  new_percentage: after,
}: ReportFeature['history'][number]): string {
  if (after === null) return '–';
  return before === null || before === after ? `${after}%` : `${before} → ${after}%`;
}

/** Shows the cost of jobs, compared with the fallback alone. */
export function costTable({ cost, health: { spending } }: ReportFeature): Html {
  const budget = spending !== undefined && html`<p>${capital(spendingText(spending))}.</p>`;
  const { processors, total, alone, saved, fallback, days, problem } = cost;
  if (processors.length === 0)
    return html`<p class="quiet">No job has finished in ${days} days.</p>${budget}`;
  const rows = processors.map(
    (one) =>
      html`<tr><th scope="row">${one.processor}</th><td class="number">${count(one.jobs)}</td><td class="number">${one.minutes === null ? '–' : count(Math.round(one.minutes))}</td><td class="number">${one.per_job === null ? '–' : money(one.per_job)}</td><td class="number">${one.cost === null ? '–' : money(one.cost)}</td></tr>`,
  );
  const sentence =
    total === null || alone === null || saved === null
      ? `Not compared: ${problem ? costProblemText(problem) : 'something is not known'}.`
      : `${money(total)} in ${days} days; on ${fallback} alone ${money(alone)}: ${saved >= 0 ? `${money(saved)} saved` : `${money(-saved)} more`}.`;
  return html`${table(`Cost of ${days} days`, ['Processor', number('Jobs'), number('Minutes'), number('A job'), number('Cost')], rows)}<p>${sentence} <span class="quiet">In the currency of the file.</span></p>${budget}`;
}

const QUANTILES = [
  ['p50', 'p50_ms'],
  ['p95', 'p95_ms'],
  ['p99', 'p99_ms'],
] as const;

/** Compares this week with the last. */
export function weeksTable({ weeks: { now, before } }: ReportFeature): Html {
  const row = (name: string, of: (week: ReportWeek) => string) =>
    html`<tr><th scope="row">${name}</th><td class="number">${of(now)}</td><td class="number">${of(before)}</td></tr>`;
  const rows = [
    row('Exposure at the end', (week) => `${week.percentage}%`),
    row('Jobs of treatment', (week) => count(week.treatment.jobs)),
    row('Failed', (week) => rateText(week.treatment)),
    row('Failed in control', (week) => rateText(week.control)),
    row('Mean time', (week) => timeText(week.treatment.mean_ms)),
    ...QUANTILES.map(([name, key]) => row(`Time, ${name}`, (week) => timeText(week.treatment[key]))),
    row('Cost', (week) => (week.cost === null ? '–' : money(week.cost))),
  ];
  return table('This week and the last', ['Number', number('This week'), number('Last week')], rows);
}
