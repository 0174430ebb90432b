import type { Analysis } from '../../../domain/simulation/monitor.ts';
import { type FaultFound, justUnder } from '../../../domain/simulation/operating.ts';
import type { SoakNeeded } from '../../../domain/simulation/soak.ts';
import { HOUR_SECONDS } from '../../../lib/time.ts';
import { count, counted } from '../words.ts';
import type { SimulationLike } from './simulated.ts';

/** Formats a share of 0 to 1 as percent: `9.5%`. */
export function shareText(share: number): string {
  return `${Number((share * 100).toFixed(1))}%`;
}

/** Formats a rate in percent with at most three significant digits: `0.095%`. */
export function rateText(rate: number): string {
  return `${rate === 0 ? 0 : Number(rate.toPrecision(3))}%`;
}

/** Formats a rate that was found by search: `8.1%`. */
export function aboutText(rate: number): string {
  return `${Number(rate.toPrecision(2))}%`;
}

/** `45 min`, `16.25 h`, `11.6 days`. */
export function hoursText(hours: number): string {
  if (hours < 1) return `${Math.ceil(hours * 60)} min`;
  return hours < 72 ? `${Number(hours.toFixed(2))} h` : `${Number((hours / 24).toFixed(1))} days`;
}

/** `20 jobs/h`, `0.35 jobs/h`. */
export function perHourText(jobsPerHour: number): string {
  const text =
    jobsPerHour >= 100 ? count(Math.round(jobsPerHour)) : String(Number(jobsPerHour.toPrecision(3)));
  return `${text} jobs/h`;
}

/** `plain 24 h rule` */
export function ruleName(analysis: Analysis, window: number): string {
  return analysis === 'sequential' ? 'sequential' : `plain ${hoursText(window / HOUR_SECONDS)} rule`;
}

type Known = SimulationLike & { traffic: NonNullable<SimulationLike['traffic']> };

/** Explains the results, one sentence each. Empty if nothing was simulated. */
export function simulationSentences(simulation: SimulationLike): string[] {
  const { traffic, rules, spec } = simulation;
  if (!traffic || !rules) {
    return [
      'no finished treatment job is stored of the last 30 days: not simulated; give --jobs-per-hour and --error-rate',
    ];
  }
  const known = { ...simulation, traffic };
  if (traffic.jobsPerHour === 0) return ['without jobs nothing can be seen: neither rule ever says anything'];
  const own = rules[spec.analysis];
  return [
    ...falseSentences(known),
    otherSentence(known),
    ...own.faults.map((fault) => faultSentence(known, fault)),
    halfSentence(known),
    soakSentence(known, own.soak),
    togetherSentence(known),
    ...measuredSentences(known),
    spec.rollback.enabled
      ? ''
      : 'rollback.enabled is false: where it says rolled back, people would only be notified',
    precisionSentence(simulation.runs),
  ].filter(Boolean);
}

function falseSentences({ rules, traffic, spec, runs }: Known): string[] {
  const limit = spec.thresholds.max_error_rate;
  const own = rules?.[spec.analysis].falseAlarms ?? [];
  const normal = own.find(({ rate }) => rate === traffic.errorRate);
  const near = own.find(({ rate }) => rate === justUnder(limit));
  const found: string[] = [];
  if (normal && normal.rate > limit) {
    found.push(
      `the normal rate of ${rateText(normal.rate)} is over the limit of ${rateText(limit)}: it is rolled back in ${shareText(normal.rolledBackShort)} of two-day runs, as the limit asks for`,
    );
  } else if (normal) {
    found.push(
      `at the normal rate of ${rateText(normal.rate)} it is rolled back by mistake in ${neverText(normal.rolledBackLong, runs)} of weeks, and warned about in ${shareText(normal.raisedLong)}`,
    );
  }
  if (near && near !== normal) {
    const times = traffic.control ? near.rate / traffic.control.errorRate : 0;
    // The tolerated odds: a higher failure rate than they allow is rolled back.
    const worse =
      times > 2 && times < Infinity ? `, ${Number(times.toPrecision(2))} times control's rate,` : ',';
    found.push(
      `just under the limit, at ${rateText(near.rate)}${worse} it is rolled back in ${neverText(near.rolledBackShort, runs)} of two-day runs and ${neverText(near.rolledBackLong, runs)} of weeks`,
    );
  }
  return found;
}

/** Sentences about the rule that is not used. */
function otherSentence({ rules, spec, traffic }: Known): string {
  const other = spec.analysis === 'sequential' ? 'threshold' : 'sequential';
  const limit = spec.thresholds.max_error_rate;
  const alarms = (rules?.[other].falseAlarms ?? []).filter(({ rate }) => rate < limit);
  const parts = alarms.map(
    ({ rate, rolledBackShort }) => `${shareText(rolledBackShort)} at ${rateText(rate)}`,
  );
  if (parts.length === 0) return '';
  const name = other === 'sequential' ? 'sequential rule' : ruleName(other, spec.thresholds.window);
  const before =
    traffic.errorRate < limit ? '; its faults are those of the runs it left alone until then' : '';
  return `the ${name} would roll back ${parts.join(' and ')} of two-day runs within the limit${before}`;
}

/** Zero of the runs does not mean never: the rate that 95% confidence cannot exclude. */
function neverText(share: number, runs: number): string {
  return share > 0 ? shareText(share) : `0% (fewer than ${shareText(1 - 0.05 ** (1 / runs))})`;
}

function faultSentence({ traffic }: Known, fault: FaultFound): string {
  const head = `at ${perHourText(traffic.jobsPerHour)} a rise to ${rateText(fault.rate)}`;
  if (fault.runs === 0) return `${head} could not be tried: every run is rolled back before it`;
  const found = `${head} is found in ${shareText(fault.found)} of two-day runs`;
  const failed = counted(fault.medianFailed, 'job');
  if (fault.medianHours === null) {
    const word =
      fault.found < 0.05 ? 'practically invisible' : fault.found < 0.2 ? 'hardly visible' : 'mostly missed';
    return `${found}: ${word}, while ${failed} fail in two days`;
  }
  const most = fault.p90Hours === null ? '' : `, nine of ten within ${hoursText(fault.p90Hours)}`;
  return `${found}: half of them all within ${hoursText(fault.medianHours)}${most}, after ${failed} failed`;
}

function halfSentence({ rules, spec, traffic }: Known): string {
  const limit = spec.thresholds.max_error_rate;
  if (limit >= 100) return 'a limit of 100% is never exceeded: nothing is ever rolled back';
  if (traffic.errorRate >= limit) return '';
  const half = rules?.[spec.analysis].halfFound ?? null;
  return half === null
    ? 'at this volume not even a failure of every job is found in half of two-day runs'
    : `within two days half of the runs find a rise to about ${aboutText(half)}; a smaller one is more likely missed`;
}

/** How long a step must soak at this traffic to detect a doubling of the normal rate, or why no soak detects it. */
export function soakSentence(
  { spec, traffic }: { spec: SimulationLike['spec']; traffic: { errorRate: number } },
  soak: SoakNeeded,
): string {
  const doubling = `a doubling of the normal rate, to ${rateText(soak.rate)},`;
  const { counting, problem } = soak;
  const warning = rateText(spec.thresholds.warning_error_rate);
  const least = counting
    ? `; by counting alone it takes ${counted(counting.jobs, 'job')}, ${hoursText(counting.hours)} at this volume`
    : '';
  if (problem === 'nothing_to_double')
    return 'no job fails at the normal rate, so there is nothing to double';
  if (problem === 'normal_over_warning_rate') {
    return `the normal rate of ${rateText(traffic.errorRate)} is not under the warning rate of ${warning}: it is warned about without any doubling, and the step waits`;
  }
  if (problem === 'doubled_under_warning_rate') {
    return `${doubling} stays within the warning rate of ${warning}: no soak shows it${least}, and a lower warning_error_rate`;
  }
  if (soak.hours === null) return `${doubling} is not seen in 80% of runs even in 30 days of soak${least}`;
  const present = spec.steps.find(({ percentage }) => percentage === spec.percentage)?.soak ?? null;
  const short = present !== null && present < soak.hours * HOUR_SECONDS;
  const file =
    present === null
      ? ''
      : `; the file says ${hoursText(present / HOUR_SECONDS)}${short ? ': too short for that' : ''}`;
  return `a step must soak ${hoursText(soak.hours)} to see ${doubling} with 80%; the normal rate is warned about in ${shareText(soak.falseShare ?? 0)} of as long runs${file}${least}`;
}

/** How jobs cluster, and what that means for the score. */
function togetherSentence({ traffic }: Known): string {
  const { jobsTogether, measured } = traffic;
  const bursts = measured?.bursts ?? null;
  const seen = bursts
    ? `a subject runs ${plainText(bursts.jobsPerSpan)} jobs in a span of five minutes on average, and where one fails ${plainText(bursts.failedTogether)} do; `
    : '';
  if (jobsTogether > 1) {
    return `${seen}jobs were simulated in spans that fail together, ${plainText(jobsTogether)} jobs for the mean job; the score counts a span once, the plain rule each of its jobs`;
  }
  const hint = measured ? '' : ': where the jobs of one subject fail together try --jobs-together 3';
  return `${seen}jobs were simulated as failing independently${hint}`;
}

function plainText(value: number): string {
  return String(Number(value.toPrecision(3)));
}

function measuredSentences({ traffic, spec }: Known): string[] {
  const { measured, errorRate } = traffic;
  const found = unseenSentences(traffic, spec.analysis);
  if (!measured) {
    return traffic.control
      ? found
      : ['without control only the rate itself is judged, not treatment against control', ...found];
  }
  if (errorRate === 0) {
    const most = shareText(1 - 0.05 ** (1 / measured.counts.jobs));
    found.unshift(
      `none of ${counted(measured.counts.jobs, 'job')} failed; with 95% confidence the normal rate is under ${most}, not 0`,
    );
  }
  if (measured.clumping !== null && measured.clumping > 1.5 * traffic.jobsTogether) {
    const clumping = Number(measured.clumping.toFixed(1));
    found.unshift(
      `the stored failures vary ${clumping} times as much as those of independent jobs: a fault in that time, or an outage that many subjects share; the score treats only the jobs of one subject within five minutes as one`,
    );
  }
  return found;
}

/** What the simulation does not cover. */
function unseenSentences({ measured }: Known['traffic'], analysis: Analysis): string[] {
  if (analysis === 'threshold') return [];
  const seconds = measured?.meanSeconds ?? null;
  const late = seconds === null ? null : 3.1 * seconds;
  const young =
    late !== null && late >= 300
      ? [
          `a job takes ${hoursText((seconds ?? 0) / 3_600)} on average: without recorded routing the first ${hoursText(late / 3_600)} of an epoch are not judged`,
        ]
      : [];
  return [
    ...young,
    'not simulated: subjects that differ, one bad subject, listed subjects, outages that control shares, and looks within five minutes',
  ];
}

function precisionSentence(runs: number): string {
  const error = (1.96 * 50) / Math.sqrt(runs);
  return `shares come from ${counted(runs, 'run')} and are right to within ${Number(error.toFixed(1))} percentage points, closer near 0 and 100%`;
}
