import { verdictWord } from '../../domain/health/wording.ts';
import type { ReportData, ReportFeature } from '../../domain/report/report.ts';
import { durationText } from '../../lib/duration.ts';
import { failureSentences } from '../words/evidence-words.ts';
import { breakerText } from '../words/outcome-words.ts';
import { count, moment, share } from '../words/words.ts';
import { type Html, html } from './html.ts';
import { exposureWord, nobodyIsIn } from './overview.ts';
import { bar, ofJobs, rateText, timeText, when } from './parts.ts';

/** The key numbers, each with its bar. */
export function facts(data: ReportData, feature: ReportFeature): Html {
  return html`<dl class="facts">${[
    exposureFact(feature),
    errorsFact(feature),
    verdictFact(data, feature),
    soakFact(feature),
    timeFact(feature),
  ]}</dl>`;
}

function fact(name: string, figure: Html | string, rest: readonly (Html | string | null | false)[]): Html {
  return html`<div><dt>${name}</dt><dd><span class="large">${figure}</span>${rest.map((line) => line && html`<span class="detail">${line}</span>`)}</dd></div>`;
}

function exposureFact(feature: ReportFeature): Html {
  const { eligible, total, subject, lists, health, in_quarantine: quarantined } = feature;
  const people = subject === 'repository' ? 'repositories' : 'customers';
  const part = total === 0 ? 0 : (eligible / total) * 100;
  const taking = health.participation;
  return fact('Exposure', exposureWord(feature), [
    bar(part, `${share(eligible, total)} of the ${people} are in`),
    `${count(eligible)} of ${count(total)} ${people} (${share(eligible, total)})`,
    taking && `${count(taking.subjects)} of them had a job (${taking.share}%)`,
    (lists.whitelist > 0 || lists.blacklist > 0) &&
      `lists: ${count(lists.whitelist)} always in, ${count(lists.blacklist)} never`,
    quarantined !== undefined &&
      `in quarantine: ${quarantined.names?.join(', ') ?? count(quarantined.count)}; rollout incidents ${feature.feature}`,
  ]);
}

function errorsFact(feature: ReportFeature): Html {
  const { health, thresholds, breakers } = feature;
  const { treatment, control, trend, window } = health;
  const rate = treatment.error_rate ?? 0;
  const limit = thresholds.max_error_rate;
  return fact(
    health.rolled_back ? 'Failed, when rolled back' : `Failed, last ${durationText(window)}`,
    rateText(treatment),
    [
      treatment.error_rate !== null &&
        bar((rate / limit) * 100, `${rate}% failed, the limit is ${limit}%`, rate > limit ? 'over' : 'rate'),
      `${ofJobs(treatment)}; limit ${limit}%`,
      ...(breakers ?? []).map(breakerText),
      control.jobs === 0 ? 'control: no job' : `control: ${rateText(control)}, ${ofJobs(control)}`,
      trend !== null &&
        `${trend > 0 ? '+' : trend < 0 ? '−' : '±'}${Math.abs(trend)} points against the window before`,
      ...failureSentences(feature),
    ],
  );
}

function verdictFact(
  { generated_at: now }: ReportData,
  { health, analysis, rollback_enabled }: ReportFeature,
): Html {
  const { verdict, score, score_parts } = health;
  const lost =
    score_parts &&
    [
      score_parts.errors > 0 && `${score_parts.errors} for errors`,
      score_parts.slowness > 0 && `${score_parts.slowness} for slowness`,
      score_parts.participation > 0 && `${score_parts.participation} for participation`,
    ].filter(Boolean);
  const limit = score_parts && score_parts.limit < 100 && `at most ${score_parts.limit} with this verdict`;
  const none = health.rolled_back ? 'rolled back' : 'none yet';
  return fact('Verdict', verdict ? verdictWord(verdict.verdict) : none, [
    health.rolled_back && `incident ${health.rolled_back.incident}`,
    verdict &&
      html`checked ${when(verdict.checked_at, now)}${verdict.scope !== 'all' && ` · ${verdict.scope} alone`}`,
    score !== null &&
      `health ${score} of 100${lost && lost.length > 0 ? `: less ${lost.join(', ')}` : ''}${limit ? `; ${limit}` : ''}`,
    analysis === 'threshold' && 'by the plain rule: the rate over the window',
    rollback_enabled ? null : 'is not rolled back by itself',
  ]);
}

function soakFact({ soak, next, paused }: ReportFeature): Html | null {
  if (!soak) return null;
  const done = soak.left <= 0;
  return fact('Soak', `${Math.floor(soak.share)}%`, [
    bar(soak.share, `${soak.share}% of the soak is over`, 'soak'),
    done
      ? `over: ${durationText(soak.seconds)}`
      : `${durationText(soak.left)} of ${durationText(soak.seconds)} left${paused ? ', paused' : ''}`,
    next.at !== null && !done && `until ${moment(next.at)}`,
  ]);
}

function timeFact({ health: { treatment, control } }: ReportFeature): Html | null {
  if (treatment.mean_ms === null) return null;
  const beside = control.mean_ms === null ? null : treatment.mean_ms / control.mean_ms;
  return fact('Mean time', timeText(treatment.mean_ms), [
    control.mean_ms !== null && `control: ${timeText(control.mean_ms)}`,
    beside !== null && `${Math.round(beside * 100) / 100} times as long as control`,
    ...quantileLines('p95', treatment.p95_ms, control.p95_ms),
    ...quantileLines('p99', treatment.p99_ms, control.p99_ms),
  ]);
}

function quantileLines(name: string, ms: number | null, control: number | null): string[] {
  if (ms === null) return [];
  return [`${name}: ${timeText(ms)}${control === null ? '' : `, control ${timeText(control)}`}`];
}

/** The plan as a ladder: past steps, the present one, and the next ones. */
export function ladder({ steps, percentage, strategy, state }: ReportFeature): Html | null {
  if (steps.length === 0 || strategy === 'whitelist') return null;
  const now = nobodyIsIn(state) ? -1 : steps.findLastIndex((step) => step.percentage <= percentage);
  return html`<ol class="ladder" aria-label="Steps">${steps.map((step, i) => {
    const at = i < now ? 'past' : i === now ? 'present' : 'coming';
    const sign = {
      past: html`<span aria-hidden="true">✓ </span><span class="hidden">done: </span>`,
      present: null,
      coming: null,
    }[at];
    return html`<li class="rung ${at}"${at === 'present' && html` aria-current="step"`}><span class="figure">${sign}${step.percentage}%${at === 'present' && ' now'}</span><span class="detail">${step.soak === null ? 'no soak' : `soak ${durationText(step.soak)}`}</span></li>`;
  })}</ol>`;
}
