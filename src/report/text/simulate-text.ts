import { ANALYSES } from '../../domain/simulation/operating.ts';
import { harmless } from '../../lib/text.ts';
import { atMinute } from '../../lib/time.ts';
import type { Style } from '../style/style.ts';
import { table } from '../style/table.ts';
import { backTestSentences } from '../words/simulation/back-test-sentences.ts';
import { guardrailTestSentences } from '../words/simulation/guardrail-test-sentences.ts';
import {
  aboutText,
  hoursText,
  perHourText,
  rateText,
  ruleName,
  shareText,
  simulationSentences,
} from '../words/simulation/simulate-sentences.ts';
import type { SimulationLike, SimulationReportLike } from '../words/simulation/simulated.ts';
import { count, moment } from '../words/words.ts';

type Rule = NonNullable<SimulationLike['rules']>['sequential'];

const LONGEST_SENTENCE = 600;
const MOST_FIRED = 20;

/** Formats what the thresholds of each feature detect and miss, for a terminal. */
export function simulationText(style: Style, { features, seed }: SimulationReportLike): string {
  if (features.length === 0) return 'the file has no feature to simulate';
  return [...features.map((simulation) => featureText(style, simulation)), style.dim(`seed ${seed}`)].join(
    '\n\n',
  );
}

function featureText(style: Style, simulation: SimulationLike): string {
  const { feature, spec, rules } = simulation;
  const { max_error_rate, warning_error_rate, minimum_jobs, window } = spec.thresholds;
  const head = `${style.bold(harmless(feature, 255))}  limit ${rateText(max_error_rate)}, warned from ${rateText(warning_error_rate)}, at least ${count(minimum_jobs)} jobs; judged by: ${ruleName(spec.analysis, window)}`;
  const sentences = [
    ...simulationSentences(simulation),
    ...backTestSentences(simulation),
    ...guardrailTestSentences(feature, simulation.guardrails),
  ];
  return [
    head,
    `traffic: ${trafficText(simulation)}`,
    ...(rules ? tablesOf(style, simulation) : []),
    '',
    ...sentences.map((sentence) => `- ${harmless(sentence, LONGEST_SENTENCE)}`),
    ...firedLines(style, simulation),
  ].join('\n');
}

function tablesOf(style: Style, simulation: SimulationLike): string[] {
  const faults =
    (simulation.rules?.sequential.faults ?? []).length > 0 ? ['', faultTable(style, simulation)] : [];
  return ['', alarmTable(style, simulation), ...faults, '', limitTable(style, simulation)];
}

function trafficText({ traffic }: SimulationLike): string {
  if (!traffic) return 'not known';
  const { control, measured, categories } = traffic;
  const parts = [
    `${perHourText(traffic.jobsPerHour)} at ${rateText(traffic.errorRate)}`,
    control ? `control ${perHourText(control.jobsPerHour)} at ${rateText(control.errorRate)}` : 'no control',
    ...(categories && categories.length > 1 ? [`${categories.length} categories`] : []),
    measured
      ? `measured ${moment(atMinute(measured.since))} to ${moment(atMinute(measured.until))}`
      : 'as given',
  ];
  return parts.join(', ');
}

/** Formats a line for each rule, one below the other; `cells` is called for each. */
function byRule<T>(
  { spec, rules }: SimulationLike,
  pick: (rule: Rule) => T | undefined,
  cells: (found: T) => string[],
): string[][] {
  return ANALYSES.flatMap((analysis) => {
    const found = rules ? pick(rules[analysis]) : undefined;
    return found === undefined ? [] : [[ruleName(analysis, spec.thresholds.window), ...cells(found)]];
  });
}

function alarmTable(style: Style, simulation: SimulationLike): string {
  const rates = simulation.rules?.sequential.falseAlarms ?? [];
  const rows = rates.flatMap(({ rate }, index) =>
    byRule(
      simulation,
      (rule) => rule.falseAlarms[index],
      ({ rolledBackShort, rolledBackLong, raisedLong }) =>
        [rolledBackShort, rolledBackLong, raisedLong].map(shareText),
    ).map((cells) => [rateText(rate), ...cells]),
  );
  return table(style, ['true rate', 'rule', 'rolled back in 48 h', 'in 7 days', 'warned in 7 days'], rows);
}

function faultTable(style: Style, simulation: SimulationLike): string {
  const faults = simulation.rules?.sequential.faults ?? [];
  const by = (hours: number | null) => (hours === null ? '-' : hoursText(hours));
  const rows = faults.flatMap(({ rate }, index) =>
    byRule(
      simulation,
      (rule) => rule.faults[index],
      ({ runs, found, medianHours, p90Hours, medianFailed }) =>
        runs === 0
          ? ['-', '-', '-', '-']
          : [shareText(found), by(medianHours), by(p90Hours), count(medianFailed)],
    ).map((cells) => [rateText(rate), ...cells]),
  );
  return table(style, ['fault to', 'rule', 'found in 48 h', 'half by', '90% by', 'failed jobs'], rows);
}

function limitTable(style: Style, simulation: SimulationLike): string {
  const rows = byRule(
    simulation,
    (rule) => rule,
    ({ halfFound, soak: { hours, falseShare } }) => [
      halfFound === null ? 'none' : aboutText(halfFound),
      hours === null ? 'never' : hoursText(hours),
      falseShare === null ? '-' : shareText(falseShare),
    ],
  );
  const head = ['rule', 'half find from', 'a doubling needs', 'warned without one meanwhile'];
  return table(style, head, rows);
}

/** Describes when and why these thresholds would have raised an alarm. */
function firedLines(style: Style, { backTest }: SimulationLike): string[] {
  if (!backTest) return [];
  const lines = backTest.fired.slice(0, MOST_FIRED).map(({ at, epoch, verdict, reason }) => {
    const word = verdict === 'harmful' ? style.bad(verdict) : style.warn(verdict);
    return `    ${moment(atMinute(at))}  epoch ${epoch}  ${word}  ${harmless(reason, LONGEST_SENTENCE)}`;
  });
  const more = backTest.fired.length - lines.length;
  return more > 0 ? [...lines, style.dim(`    and ${more} more, all of them with --json`)] : lines;
}
