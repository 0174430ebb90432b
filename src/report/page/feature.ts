import type { ReportData, ReportFeature } from '../../domain/report/report.ts';
import type { ReportIncident } from '../../domain/report/report-incident.ts';
import { evidenceWarningText } from '../words/evidence-words.ts';
import { nextSentence, stateSentence } from '../words/feature-sentence.ts';
import { capital, counted } from '../words/words.ts';
import { type ChartData, chartData } from './chart-data.ts';
import { chartsOf } from './charts.ts';
import { commands } from './commands.ts';
import { daysTable, timesOfDays } from './days.ts';
import { facts, ladder } from './facts.ts';
import { anchorOf, type Html, html } from './html.ts';
import { incidentCard } from './incident.ts';
import { nobodyIsIn } from './overview.ts';
import { badge, breakable, folded, when } from './parts.ts';
import {
  categoriesTable,
  classesTable,
  costTable,
  errorsTable,
  guardrailsTable,
  historyTable,
  processorsTable,
  routesTable,
  weeksTable,
  worstTable,
} from './tables.ts';

/** Shows everything about one feature, the most important first. */
export function featureSection(data: ReportData, feature: ReportFeature): Html {
  const id = anchorOf(feature.feature);
  return html`<article class="feature" id="${id}" data-listed aria-labelledby="${id}-title">
<header>${title(data, id, feature)}
${essentials(feature)}</header>
${rest(data, feature, chartData(data, feature), true)}
</article>`;
}

/**
 * Shows one of many features that need no action: the essentials in a fold, and a place where a script puts the rest.
 */
export function foldedSection(data: ReportData, feature: ReportFeature): Html {
  const id = anchorOf(feature.feature);
  // The anchor is inside, so that a link to it opens the fold even without a script.
  return html`<details class="feature fold" id="${id}-fold" data-listed><summary>${title(data, id, feature)}</summary>
<article id="${id}" aria-labelledby="${id}-title"><header>${essentials(feature)}</header><div data-part="${id}" data-key="${feature.feature}" data-kept></div></article></details>`;
}

/** The contents of a fold besides its essentials. */
export interface FeaturePart {
  html: string;
  charts: ChartData;
}

export function partOf(data: ReportData, feature: ReportFeature): FeaturePart {
  const charts = chartData(data, feature);
  return { html: rest(data, feature, charts, false).text, charts };
}

function title(data: ReportData, id: string, feature: ReportFeature): Html {
  return html`<div class="title">${badge(feature.state)}<h3 id="${id}-title">${breakable(feature.feature)}</h3><span class="quiet since">${when(feature.since, data.generated_at)}</span></div>`;
}

function essentials(feature: ReportFeature): Html {
  return html`${about(feature)}
<p class="sentence">${stateSentence(feature)}</p>
<p class="next"><span class="label">Next</span> ${nextSentence(feature.feature, feature.next)}</p>
${commands(feature)}`;
}

/** `still`: with charts for pages without a script. */
function rest(data: ReportData, feature: ReportFeature, charts: ChartData, still: boolean): Html {
  const id = anchorOf(feature.feature);
  return html`${ladder(feature)}
${notes(feature)}
${facts(data, feature)}
${guardrailsTable(feature)}
<div class="charts">${chartsOf(id, charts, feature, still)}</div>
${incidents(data, id, feature)}
${tables(data, id, feature)}`;
}

function about({ description, owner }: ReportFeature): Html | null {
  if (description === null && owner === null) return null;
  const own = (text: string | null) => text !== null && html`<bdi>${text}</bdi>`;
  return html`<p class="about quiet">${own(description)}${description !== null && owner !== null && ' · '}${own(owner)}</p>`;
}

/** Advice and warnings for a person. */
function notes({ advice, health }: ReportFeature): Html | null {
  const sentences = [
    ...health.warnings.map((warning) => `${evidenceWarningText(warning)}.`),
    ...advice.map(({ sentence }) => sentence),
  ];
  if (sentences.length === 0) return null;
  return html`<ul class="advice" aria-label="Advice">${sentences.map((sentence) => html`<li>${capital(sentence)}</li>`)}</ul>`;
}

function incidents(data: ReportData, id: string, { incidents: all, state }: ReportFeature): Html | null {
  if (all.length === 0) return null;
  // A settled incident that nobody has resumed still explains why the feature is off.
  const waits = (incident: ReportIncident) =>
    incident.state === 'open' || (nobodyIsIn(state) && incident === all[0] && incident.state === 'settled');
  const open = all.filter(waits);
  const past = all.filter((incident) => !waits(incident));
  return html`${open.map((incident) => incidentCard(data, incident))}${
    past.length > 0 &&
    folded(
      `${id}-incidents`,
      html`${counted(past.length, 'past incident')}`,
      html`${past.map((incident) => incidentCard(data, incident))}`,
    )
  }`;
}

function tables(data: ReportData, id: string, feature: ReportFeature): Html {
  const errors = errorsTable(data, feature);
  const routes = routesTable(feature);
  const worst = worstTable(data, feature);
  const classes = classesTable(data, feature);
  return html`<div class="folds">${[
    folded(`${id}-days`, html`Day by day`, html`${daysTable(data, feature)}${timesOfDays(feature)}`),
    folded(
      `${id}-processors`,
      html`Processors and failures`,
      html`${processorsTable(feature)}${routes && html`<h4>Routing rules</h4>${routes}`}${worst && html`<h4>Subjects with most failures</h4>${worst}`}${classes && html`<h4>Errors by class</h4>${classes}`}${errors && html`<h4>What failed jobs said</h4>${errors}`}`,
    ),
    folded(`${id}-categories`, html`Categories`, html`${categoriesTable(feature)}${names(feature)}`),
    folded(`${id}-weeks`, html`This week and the last`, weeksTable(feature)),
    folded(`${id}-cost`, html`Cost`, costTable(feature)),
    folded(`${id}-history`, html`History`, historyTable(data, feature)),
  ]}</div>`;
}

const MOST_NAMES = 50;

function names({ lists: { names: shown } }: ReportFeature): Html | null {
  if (!shown) return null;
  const list = (what: string, entries: readonly string[]) =>
    entries.length > 0 &&
    html`<p><span class="label">${what}</span> ${entries.slice(0, MOST_NAMES).join(', ')}${entries.length > MOST_NAMES && ` and ${entries.length - MOST_NAMES} more`}</p>`;
  return html`${list('Always in', shown.whitelist)}${list('Never in', shown.blacklist)}`;
}
