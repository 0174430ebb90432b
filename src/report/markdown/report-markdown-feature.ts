import { money } from '../../domain/report/advice.ts';
import type { ReportData, ReportFeature } from '../../domain/report/report.ts';
import type { ReportIncident } from '../../domain/report/report-incident.ts';
import {
  costProblemText,
  evidenceWarningText,
  failureSentences,
  spendingText,
} from '../words/evidence-words.ts';
import { stateSentence } from '../words/feature-sentence.ts';
import { actionWord, incidentWord } from '../words/report-words.ts';
import { capital, count, counted, moment } from '../words/words.ts';
import { markdownTable } from './markdown-table.ts';
import { code, escapeMarkdown } from './plan-markdown.ts';
import { exposureChart, pieOfCosts, soakGantt } from './report-mermaid.ts';

const MOST_CHANGES = 20;

/** Formats one feature: its state, advice, its last four weeks, its cost, and its changes. */
export function featureMarkdown(data: ReportData, feature: ReportFeature, charts: boolean): string {
  const { advice, health, incidents, exposure } = feature;
  const open = incidents.filter(({ state }) => state === 'open');
  const parts = [
    `### ${code(feature.feature)}`,
    escapeMarkdown(stateSentence(feature)),
    ...open.map((incident) => incidentLine(data, incident)),
    [
      ...health.warnings.map((warning) => `${evidenceWarningText(warning)}.`),
      ...failureSentences(feature).map((sentence) => `${sentence}.`),
      ...advice.map(({ sentence }) => sentence),
    ]
      .map((sentence) => `- ${escapeMarkdown(sentence)}`)
      .join('\n'),
    ...(charts ? [exposureChart(feature, data.generated_at), soakGantt(feature, data.generated_at)] : []),
    costs(feature, charts),
    feature.health.spending ? escapeMarkdown(`${capital(spendingText(feature.health.spending))}.`) : '',
    changes(exposure, feature),
  ];
  return parts.filter(Boolean).join('\n\n');
}

function incidentLine({ repository_url: repository }: ReportData, incident: ReportIncident): string {
  const { id, kind, reason, opened_at, opened_by, write_back, write_back_pull_request: pull } = incident;
  const place =
    pull !== null && repository?.startsWith('https://') ? `[#${pull}](${repository}/pull/${pull})` : null;
  const file =
    write_back === 'pending'
      ? '; the file has still to be brought in line'
      : place === null
        ? ''
        : `; ${place} brings the file in line`;
  return `> **${incidentWord(kind)}** (incident ${id}, ${moment(opened_at)}, by ${escapeMarkdown(opened_by)}): ${escapeMarkdown(reason)}${file}`;
}

function costs(feature: ReportFeature, charts: boolean): string {
  const { processors, total, alone, saved, fallback, days, problem } = feature.cost;
  if (total === null || processors.length === 0) {
    return processors.length === 0 || problem?.code === 'no_prices'
      ? ''
      : `Cost: not known, because ${escapeMarkdown(problem ? costProblemText(problem) : '')}.`;
  }
  const rows = processors.map((one) => [
    escapeMarkdown(one.processor),
    count(one.jobs),
    one.per_job === null ? '–' : money(one.per_job),
    one.cost === null ? '–' : money(one.cost),
  ]);
  const beside =
    alone === null || saved === null
      ? ''
      : ` On ${escapeMarkdown(fallback)} alone ${money(alone)}: ${saved >= 0 ? `${money(saved)} saved` : `${money(-saved)} more`}.`;
  return `${money(total)} in ${days} days.${beside}\n\n${markdownTable(['processor', 'jobs', 'a job', 'cost'], '-rrr', rows)}${charts ? pieOfCosts(feature) : ''}`;
}

function changes(exposure: ReportFeature['exposure'], { history }: ReportFeature): string {
  const newest = exposure.slice(-MOST_CHANGES).reverse();
  if (newest.length === 0) return '';
  const lines = newest.map(({ at, percentage, action, history: row }) => {
    const entry = history.find(({ id }) => id === row);
    const why = entry
      ? `, by ${escapeMarkdown(entry.triggered_by)}: ${escapeMarkdown(entry.reason ?? 'no reason')}`
      : '';
    return `- ${moment(at)} ${actionWord(action)}: ${percentage}%${why}`;
  });
  return `<details><summary>${counted(newest.length, 'change')} of the exposure</summary>\n\n${lines.join('\n')}\n\n</details>`;
}
