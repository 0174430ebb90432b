import type { ReportData } from '../../domain/report/report.ts';
import type { ReportIncident } from '../../domain/report/report-incident.ts';
import { incidentWord } from '../words/report-words.ts';
import { count, share } from '../words/words.ts';
import { EVIDENCE_LINE, WARNING_LINE } from './chart-data.ts';
import { type Html, html } from './html.ts';
import { bar, commitLink, date, pullLink, shape } from './parts.ts';

/** Shows one incident with its evidence and its further course. */
export function incidentCard(data: ReportData, incident: ReportIncident): Html {
  const { id, kind, state, severity, reason, opened_at, opened_by } = incident;
  const tone = state === 'open' ? 'bad' : 'off';
  return html`<article class="incident ${state}"><h4>${shape(tone)} ${incidentWord(kind)} <span class="quiet">incident ${id} · ${state}${severity === 'critical' ? ' · critical' : ''}</span></h4>
<p>${reason}</p>
<p class="quiet">${date(opened_at)} by ${opened_by}; ${exposureText(incident)}</p>
${evidence(incident)}${outcome(data, incident)}</article>`;
}

function exposureText({ before_percentage: before, held_percentage: held, kind }: ReportIncident): string {
  const after = kind === 'drift' ? `${held}%` : 'nobody';
  return before === null ? `held at ${after}` : `from ${before}% to ${after}`;
}

function evidence({ evidence: found }: ReportIncident): Html | null {
  if (!found) return null;
  const { window, scores, scope, since } = found;
  const of = (errors: number, jobs: number) =>
    `${count(errors)} of ${count(jobs)} failed (${share(errors, jobs)})`;
  return html`<dl class="evidence">
<div><dt>Treatment</dt><dd>${of(window.errors, window.jobs)}${since && html` since ${date(since)}`}</dd></div>
<div><dt>Control</dt><dd>${window.control_jobs === 0 ? 'no job' : of(window.control_errors, window.control_jobs)}</dd></div>
<div><dt>Judged</dt><dd>${scope === 'all' ? 'all categories' : `${scope} alone`}</dd></div>
<div><dt>Over the limit</dt><dd>${scoreBar(scores.absolute, EVIDENCE_LINE)}</dd></div>
<div><dt>Worse than control</dt><dd>${scoreBar(scores.relative, EVIDENCE_LINE)}</dd></div>
<div><dt>Over the critical rate</dt><dd>${scoreBar(scores.critical, WARNING_LINE)}</dd></div></dl>`;
}

function scoreBar(score: number, line: number): Html {
  const over = score >= line;
  const said = `${score.toFixed(1)} of ${line.toFixed(1)} needed`;
  return html`${bar((score / line) * 100, said, over ? 'over' : 'rate')} <span class="detail">${said}</span>`;
}

function outcome({ repository_url: repository }: ReportData, incident: ReportIncident): Html {
  const {
    write_back,
    write_back_commit,
    write_back_pull_request: pull,
    write_back_error,
    permit,
    issue,
  } = incident;
  const lines: Html[] = [];
  if (write_back === 'done')
    lines.push(html`Written back to the file by ${commitLink(repository, write_back_commit)}.`);
  if (write_back === 'proposed') {
    lines.push(
      html`Proposed to the file by ${pull === null ? 'a branch' : pullLink(repository, pull)}: merging it moves nobody, it is in effect already.`,
    );
  }
  if (write_back === 'pending')
    lines.push(
      html`The file has still to be brought in line${write_back_error !== null && html`: ${write_back_error}`}.`,
    );
  if (issue !== null && repository !== null)
    lines.push(html`<a href="${repository}/issues/${issue}">Issue #${issue}</a>.`);
  if (permit)
    lines.push(
      html`${permit.granted_by} lets it go up to ${permit.ceiling}% until ${date(permit.expires_at)}: ${permit.reason}.`,
    );
  if (incident.resumed_at)
    lines.push(
      html`Resumed ${date(incident.resumed_at)}${incident.resumed_by !== null && html` by ${incident.resumed_by}`}.`,
    );
  else if (incident.settled_at) lines.push(html`Settled ${date(incident.settled_at)}: the file agrees.`);
  if (incident.superseded_by !== null) lines.push(html`Incident ${incident.superseded_by} took its place.`);
  return html`<p>${lines.map((line, i) => html`${i > 0 && ' '}${line}`)}</p>`;
}
