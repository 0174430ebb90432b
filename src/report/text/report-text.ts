import { type FeatureState, STATE_TONES, type Tone } from '../../domain/report/feature-state.ts';
import type { ReportData, ReportFeature } from '../../domain/report/report.ts';
import { harmless } from '../../lib/text.ts';
import type { Style } from '../style/style.ts';
import { failureSentences } from '../words/evidence-words.ts';
import { nextSentence, stateSentence } from '../words/feature-sentence.ts';
import { stateWord } from '../words/report-words.ts';
import { moment } from '../words/words.ts';

/** Formats the report for a terminal: a paragraph per feature, and advice. */
export function reportText(style: Style, data: ReportData): string {
  const lines: string[] = [];
  const { global_stop: stop, freeze } = data;
  if (stop)
    lines.push(style.bad(`EVERYTHING IS STOPPED since ${moment(stop.at)}: ${harmless(stop.reason, 200)}`));
  if (freeze) lines.push(style.warn(`nothing is raised until ${freeze.to}: ${harmless(freeze.reason, 200)}`));
  if (data.heartbeat_stale)
    lines.push(style.bad('three ticks are missing: nothing is judged or rolled back meanwhile'));
  if (data.features.length === 0) return [...lines, 'no features; next: rollout status'].join('\n');
  return [...lines, ...data.features.map((feature) => featureText(style, feature))].join('\n\n');
}

function featureText(style: Style, feature: ReportFeature): string {
  const { state, next, advice } = feature;
  return [
    `${style.bold(harmless(feature.feature, 255))}  ${colourOf(style, state)(stateWord(state))}`,
    `  ${stateSentence(feature)}`,
    ...failureSentences(feature).map((sentence) => `  ${harmless(sentence, 500)}`),
    style.dim(`  next: ${nextSentence(feature.feature, next)}`),
    ...advice.map(({ sentence: advised }) => style.warn(`  ${advised}`)),
  ].join('\n');
}

function colourOf(style: Style, state: FeatureState): (text: string) => string {
  const colours: Record<Tone, (text: string) => string> = {
    bad: style.bad,
    warn: style.warn,
    good: style.good,
    wait: style.dim,
    off: style.dim,
  };
  return colours[STATE_TONES[state]];
}
