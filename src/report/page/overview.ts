import { percentOf } from '../../domain/evidence/rates.ts';
import { type FeatureState, STATE_TONES } from '../../domain/report/feature-state.ts';
import type { ReportData, ReportFeature } from '../../domain/report/report.ts';
import { rolledBackText } from '../text/health/rolled-back-text.ts';
import { waitsForText } from '../words/feature-sentence.ts';
import { stateWord } from '../words/report-words.ts';
import { counted, moment } from '../words/words.ts';
import { anchorOf, type Html, html } from './html.ts';
import { badge, bar, breakable, commitLink, rateText, shape, when } from './parts.ts';

/** Title, the page's environment, and whether the controller is alive. */
export function header(data: ReportData): Html {
  const { environment, generated_at: now, revision, repository_url, heartbeat, heartbeat_stale } = data;
  const alive =
    heartbeat === null
      ? html`<span class="pulse wait">${shape('wait')}<span>no tick has run yet</span></span>`
      : heartbeat_stale
        ? html`<span class="pulse bad">${shape('bad')}<span>last tick ${when(heartbeat, now)}</span></span>`
        : html`<span class="pulse good">${shape('good')}<span>last tick ${when(heartbeat, now)}</span></span>`;
  return html`<header class="top">
<div><h1>Rollouts${environment !== null && html` <span class="environment">${environment}</span>`}</h1>
<p class="quiet">As of <time datetime="${now.toISOString()}">${moment(now)}</time>${revision !== null && html` · file at ${commitLink(repository_url, revision)}`}</p></div>
<div class="controls">${alive}<button type="button" id="theme" data-kept hidden>Theme: <span>as the system</span></button></div>
</header>`;
}

/** Messages that concern every feature; empty if there are none. */
export function banners({ global_stop: stop, freeze, heartbeat_stale }: ReportData): Html[] {
  const banners: Html[] = [];
  if (stop) {
    banners.push(
      html`<p class="banner bad" role="alert">${shape('bad')}<span><strong>Everything is stopped</strong> since ${moment(stop.at)} by ${stop.by}: ${stop.reason}</span></p>`,
    );
  }
  if (heartbeat_stale) {
    banners.push(
      html`<p class="banner bad" role="alert">${shape('bad')}<span><strong>The controller is silent.</strong> Three ticks are missing: nothing is judged or rolled back meanwhile. Is the scheduled workflow on?</span></p>`,
    );
  }
  if (freeze) {
    banners.push(
      html`<p class="banner wait">${shape('wait')}<span><strong>Freeze</strong> until ${freeze.to}: ${freeze.reason}. The controller raises nothing.</span></p>`,
    );
  }
  return banners;
}

/** Shows every feature in a line with a link to its section. */
export function overview(features: readonly ReportFeature[]): Html {
  const troubled = features.filter(needsSomebody).length;
  const said = troubled === 0 ? 'none needs a person' : `${counted(troubled, 'needs', 'need')} a person`;
  return html`<section aria-labelledby="overview-title"><h2 id="overview-title">${counted(features.length, 'feature')}, ${said}</h2>${features.length > FEW && finder()}
<ul class="overview"><li class="columns" aria-hidden="true"><span>State</span><span>Feature</span><span>Exposure</span><span>Failed</span><span>Next</span></li>${features.map(overviewLine)}</ul></section>`;
}

/** With at most this many features no search is needed. */
const FEW = 5;

/** Search, states and order: for scripts, which show it and count the states. */
function finder(): Html {
  return html`<div id="finder" class="finder" role="search" aria-label="Features" data-kept hidden><input id="find" type="search" placeholder="Search ( / )" aria-label="Search by name or owner" autocomplete="off" spellcheck="false"><label>Order <select id="order"><option value="">gravest first</option><option value="name">name</option><option value="exposed">exposure</option><option value="failed">failed</option><option value="since">newest first</option></select></label><div id="chips" class="chips" role="group" aria-label="States"></div><p id="found" class="quiet" role="status"></p></div>`;
}

/** Does the state need a person? */
export function needsSomebody({ state }: Pick<ReportFeature, 'state'>): boolean {
  return TROUBLED.has(state);
}

const TROUBLED: ReadonlySet<string> = new Set([
  'stopped',
  'held',
  'rolled_back',
  'harmful',
  'error',
  'suspect',
  'warning',
]);

function overviewLine(feature: ReportFeature): Html {
  const { percentage, health, thresholds, next, state } = feature;
  const live = shownPercentage(feature);
  const rate = health.treatment.error_rate;
  const id = anchorOf(feature.feature);
  const found = `${feature.feature} ${feature.owner ?? ''}`;
  return html`<li id="${id}-line" data-listed data-text="${found}" data-state="${stateWord(state)}" data-tone="${STATE_TONES[state]}" data-exposed="${live}" data-failed="${rate ?? -1}" data-since="${feature.since.getTime()}"><a href="#${id}" id="${id}-link" class="line">
<span class="cell">${badge(state)}</span>
<span class="cell name">${breakable(feature.feature)}</span>
<span class="cell"><span class="figure">${exposureWord(feature)}</span> <span class="what">exposed</span>${bar(live, `${live}% exposed`)}</span>
<span class="cell"><span class="figure">${rateText(health.treatment)}</span> <span class="what">failed</span>${rate !== null && bar((rate / thresholds.max_error_rate) * 100, `${rate}% failed, the limit is ${thresholds.max_error_rate}%`, rate > thresholds.max_error_rate ? 'over' : 'rate')}</span>
<span class="cell then">${health.rolled_back ? rolledBackText(feature.feature, health.rolled_back) : nextText(next, percentage)}</span>
</a></li>`;
}

/**
 * Returns the live percentage: 0 for a feature that is off or stopped, and for a whitelist its share of all subjects.
 */
export function shownPercentage({
  exposure,
  percentage,
  state,
  strategy,
  eligible,
  total,
}: ReportFeature): number {
  if (nobodyIsIn(state)) return 0;
  if (strategy === 'whitelist') return total === 0 ? 0 : percentOf(eligible, total);
  return exposure.at(-1)?.percentage ?? percentage;
}

export function exposureWord(feature: ReportFeature): string {
  return feature.strategy === 'whitelist' && !nobodyIsIn(feature.state)
    ? 'whitelist'
    : `${shownPercentage(feature)}%`;
}

/** Does the state admit nobody, whatever the percentage? */
export function nobodyIsIn(state: FeatureState): boolean {
  return state === 'off' || state === 'stopped' || state === 'rolled_back';
}

function nextText(next: ReportFeature['next'], from: number): string {
  const { percentage, at, what } = next;
  const waits_for = waitsForText(next);
  if (percentage === null) return waits_for === null ? '–' : `waits for ${waits_for}`;
  const step = percentage > from ? `${percentage}%` : '';
  if (at !== null && !(what.code === 'ready' && what.way === 'manual'))
    return `${step} ${waits_for === null ? 'now' : `from ${moment(at)}`}`;
  return `${step} waits${waits_for === null ? '' : `: ${waits_for}`}`;
}

export function footer({ history_head, names_shown }: ReportData): Html {
  const chain =
    history_head === ''
      ? 'History has no row yet.'
      : html`History ends with <code class="digest">${history_head}</code>: <code>rollout history verify --expect</code> that tells whether it was rewritten since.`;
  const names =
    !names_shown &&
    html` Subjects are not named on this page, and what failed jobs said is left out, because it may name some; <code>--show-names</code> shows both.`;
  return html`<footer><p class="quiet">${chain}${names} Times are UTC.</p></footer>`;
}
