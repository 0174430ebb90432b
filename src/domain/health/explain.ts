import type { Tally } from '../evidence/evidence.ts';
import { type Decision, thinlyRaised } from './decide.ts';
import type { ScoreReason } from './judgement.ts';
import type { Rule } from './rule.ts';
import type { SharedOutage } from './shared-outage.ts';
import type { Readings, Watch, Window } from './watch.ts';
import { againstText, percentText, plural, scopeText, timeText } from './wording.ts';

/**
 * One sentence that lets a reader redo the decision: the counts, since when, the limit, the evidence it
 * makes and the evidence it needed. `category` is null when all of them were judged together.
 */
export function explain(decision: Decision, watch: Watch, category: string | null): string {
  const { readings, shared } = decision;
  const facts = { ...readings, rule: watch.rule, watch, shared, now: watch.minutes.at(-1) ?? 0 };
  return scopeText(category) + SENTENCES[decision.reasonCode](facts);
}

interface Facts extends Readings {
  rule: Rule;
  watch: Watch;
  shared: SharedOutage | null;
  /** Start of the last bucket. */
  now: number;
}

const SENTENCES: Record<ScoreReason, (facts: Facts) => string> = {
  impossible_evidence: () => 'not judged',
  no_treated_jobs: ({ watch }) => {
    const { controlJobs } = watch.totals;
    return `no job of the treatment arm has finished${controlJobs > 0 ? `, against ${controlJobs} of control` : ''}`;
  },
  worse_than_control_and_over_limit: (facts) => {
    const { absolute, relative, rule, now } = facts;
    const same = absolute.window.since === relative.window.since;
    const over = same ? '' : `${failedText(absolute.window, now)}, `;
    return (
      `${worseText(facts, rule.evidence)}; ` +
      `and ${over}at a limit of ${percentText(rule.maxErrorRate)} evidence ${againstText(absolute.score, rule.warningEvidence)}`
    );
  },
  shared_outage: (facts) => {
    const { controlErrors, controlJobs } = facts.shared?.counts ?? facts.absolute.window;
    const where =
      controlJobs === facts.absolute.window.controlJobs ? '' : ` of ${categoriesText(facts.shared)}`;
    return `${overText(facts)}, but ${controlErrors} of ${controlJobs} control jobs${where} failed too: an outage that both arms share`;
  },
  over_limit: (facts) => overText(facts),
  worse_than_control: (facts) => {
    const { absolute, rule } = facts;
    const limit = `for the limit of ${percentText(rule.maxErrorRate)}`;
    return `${worseText(facts, rule.evidence)}; ${limit} it is ${againstText(absolute.score, rule.warningEvidence)}`;
  },
  over_warning_rate: (facts) => warningText(facts),
  drifting_from_control: (facts) => worseText(facts, facts.rule.warningEvidence),
  too_few_jobs: (facts) => {
    const { watch, relative, rule } = facts;
    const thin = watch.totals.jobs < rule.minimumJobs ? undefined : thinlyRaised(facts, rule);
    if (thin === undefined) return missingText(watch.totals, rule);
    const raised = thin === relative ? worseText(facts, rule.warningEvidence) : warningText(facts);
    return `${raised}, but ${moreText(thin.window, rule)} needed for a judgement`;
  },
  healthy: (facts) => {
    const { jobs, errors } = facts.watch.totals;
    const all = `${errors} of ${plural(jobs, 'job')} failed in all`;
    return facts.warning.window.jobs < jobs ? warningText(facts, all) : warningText(facts);
  },
};

/** `4 jobs finished, 1 failed; 6 more jobs are needed for a judgement` */
export function missingText(counts: Tally, rule: Rule, since = ''): string {
  const { jobs, errors } = counts;
  return `${plural(jobs, 'job')} finished${since}, ${errors} failed; ${moreText(counts, rule)} needed for a judgement`;
}

/** `6 more jobs are`: what these counts lack, jobs before failures. */
function moreText({ jobs, errors }: Tally, { minimumJobs, minimumErrors }: Rule): string {
  const [missing, word] =
    jobs < minimumJobs
      ? [Math.ceil(minimumJobs - jobs), 'more job']
      : [Math.ceil(minimumErrors - errors), 'more failure'];
  return `${plural(missing, word)} ${missing === 1 ? 'is' : 'are'}`;
}

/** `14 of 20 jobs failed since 10:15` */
function failedText({ errors, jobs, since }: Window, now: number): string {
  return `${errors} of ${plural(jobs, 'job')} failed since ${timeText(since ?? now, now)}`;
}

/** The categories of a shared outage: `medium and enterprise`. */
function categoriesText(shared: SharedOutage | null): string {
  return (shared?.categories ?? [])
    .map((category) => category || 'subjects without a category')
    .join(' and ');
}

/** The clause about jobs that do not count for one each; nothing when they do. */
function pooledText({ designEffect }: Rule): string {
  return designEffect === 1 ? '' : `, ${Number(designEffect.toFixed(2))} jobs counting as one,`;
}

function overText({ absolute, rule, now }: Facts): string {
  return (
    `${failedText(absolute.window, now)}; at a limit of ${percentText(rule.maxErrorRate)}${pooledText(rule)} ` +
    `that is evidence ${againstText(absolute.score, rule.evidence)}`
  );
}

/** With `all`, the counts of the window follow those of all the evidence. */
function warningText({ warning, rule, now }: Facts, all?: string): string {
  const { errors, jobs, since } = warning.window;
  const recent = all && `${all}, ${errors} of ${jobs} since ${timeText(since ?? now, now)}`;
  return (
    `${recent ?? failedText(warning.window, now)}; at a warning rate of ${percentText(rule.warningErrorRate)}` +
    `${pooledText(rule)} that is evidence ${againstText(warning.score, rule.warningEvidence)}`
  );
}

function worseText({ relative, rule, now }: Facts, evidence: number): string {
  const { controlErrors, controlJobs } = relative.window;
  return (
    `${failedText(relative.window, now)} and ${controlErrors} of ${controlJobs} in control; ` +
    `at tolerated odds of ${Number(rule.oddsRatio.toFixed(2))} to 1${pooledText(rule)} ` +
    `that is evidence ${againstText(relative.score, evidence)}`
  );
}
