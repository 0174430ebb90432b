import { isGroup } from '../spec/subject-id.ts';
import { LONE_EVIDENCE, type LoneSubject } from '../verdict/lone-subject.ts';
import type { Comparing, Missing, Reason, Speaking } from '../verdict/reason.ts';
import { againstText, type Counted, JOBS, percentText, plural, timeText } from './wording.ts';

/**
 * Builds one sentence from which a reader can verify the decision: the counts, since when, the limit, the evidence and
 * the evidence needed. `now` in minutes since 1970; without a full stop.
 */
export function reasonSentence(reason: Reason, now: number, of: Counted = JOBS): string {
  switch (reason.code) {
    case 'impossible_evidence':
      return `not judged: ${reason.problem}`;
    case 'no_treated_jobs':
      return `${noneText(of)}${reason.controlJobs > 0 ? `, against ${reason.controlJobs} of control` : ''}`;
    case 'over_limit':
      return overText(reason.absolute, now, of);
    case 'shared_outage': {
      const { controlFailed, controlJobs, categories } = reason.shared;
      const where =
        controlJobs === reason.absolute.run.controlJobs ? '' : ` of ${categoriesText(categories)}`;
      return `${overText(reason.absolute, now, of)}, but ${controlFailed} of ${controlJobs} control ${of.one}s${where} ${of.failed} too: an outage that both arms share`;
    }
    case 'awaiting_control':
      return `${overText(reason.absolute, now, of)}, but control has ${of === JOBS ? 'finished ' : ''}only ${plural(reason.controlJobs, of.one)} since then: too few to know whether it fails as well`;
    case 'few_subjects': {
      if (reason.without === null) return loneText(reason.worst, now, of);
      const among = reason.subjects === reason.worst.length ? '' : ` of ${reason.subjects} subjects`;
      return `${overText(reason.absolute, now, of)}, but without ${worstText(reason.worst, of)}${among} it is ${reason.without.toFixed(1)} against 4.6 needed: quarantine or fix them`;
    }
    case 'young_epoch':
      return `${overText(reason.absolute, now, of)}, but until ${timeText(Math.ceil(reason.until / 60), now)} the epoch is too young to be judged by the jobs that end first`;
    case 'storm':
      return `${reason.judged}, but more than ${Math.floor(reason.limit)} features crossed their limits within ten minutes: a cause outside of them is more likely`;
    case 'worse_than_control':
      return `${worseText(reason.relative, now, of)}; for the limit of ${percentText(reason.absolute.rate)} it is ${againstText(reason.absolute.score, reason.absolute.evidence)}`;
    case 'over_warning_rate':
      return warningText(reason.warning, now, of);
    case 'drifting_from_control':
      return worseText(reason.relative, now, of);
    case 'too_few_jobs':
      return tooFewText(reason, now, of);
    case 'healthy': {
      const { finished, failed, warning } = reason;
      const all = `${failed} of ${plural(finished, of.one)} ${of.failed} in all`;
      return warning.run.finished < finished
        ? warningText(warning, now, of, all)
        : warningText(warning, now, of);
    }
    case 'ratio': {
      const { wrong, subjects, named } = reason.arms;
      return `not judged: ${wrong} of ${plural(subjects, 'subject')} ran jobs in the other arm than the database gives them, such as ${named.join(', ')}; check that every process follows the snapshot`;
    }
    case 'silent': {
      const { processes, silentSeconds, missing, finished } = reason.hosts;
      return `not judged: ${plural(missing, 'routed job')} should have ended in ${plural(processes, 'host')} last heard of ${Math.round(silentSeconds / 60)} minutes ago, while others go on (${plural(finished, 'job')} finished since); they count as failed at job_timeout`;
    }
  }
}

/** `4 jobs finished, 1 failed; 6 more jobs are needed for a judgement` */
export function missingText(
  finished: number,
  failed: number,
  missing: Missing,
  since = '',
  of: Counted = JOBS,
): string {
  return `${plural(finished, of.one)}${of.ended}${since}, ${failed} ${of.failedShort}; ${moreText(missing, of)} needed for a judgement`;
}

function noneText({ one, ended }: Counted): string {
  return ended === '' ? `no ${one} of the treatment arm yet` : `no ${one} of the treatment arm has${ended}`;
}

/** `6 more jobs are` */
function moreText({ what, count }: Missing, { one, span }: Counted): string {
  const word = what === 'jobs' ? one : span;
  return count === 1 ? `1 more ${word} is` : `${count} more ${word.replace(/^\w+/, '$&s')} are`;
}

function tooFewText(reason: Extract<Reason, { code: 'too_few_jobs' }>, now: number, of: Counted): string {
  const { raised, missing, finished, failed } = reason;
  if (raised === null) return missingText(finished, failed, missing, '', of);
  const text =
    'warning' in raised ? warningText(raised.warning, now, of) : worseText(raised.relative, now, of);
  return `${text}, but ${moreText(missing, of)} needed for a judgement`;
}

/** `14 of 20 jobs failed since 10:15` */
function failedText({ failed, finished, since }: Speaking['run'], now: number, of: Counted): string {
  return `${failed} of ${plural(finished, of.one)} ${of.failed} since ${timeText(minuteOf(since, now), now)}`;
}

function minuteOf(since: number | null, now: number): number {
  return since === null ? now : Math.floor(since / 60);
}

/** The categories of a shared outage: `medium and enterprise`. */
function categoriesText(categories: readonly string[]): string {
  return categories.map((category) => category || 'subjects without a category').join(' and ');
}

const MOST_NAMED = 5;

/** `acme/api (18 of 20 failed)`, the first of many. */
function worstText(
  worst: readonly { subject: string; jobs: number; failed: number }[],
  { failedShort }: Counted,
): string {
  const named = worst
    .slice(0, MOST_NAMED)
    .map(
      ({ subject, jobs, failed }) =>
        `${isGroup(subject) ? 'a group of subjects' : subject} (${failed} of ${jobs} ${failedShort})`,
    );
  const more = worst.length - named.length;
  return more > 0 ? `${named.join(', ')} and ${more} more` : named.join(', ');
}

/** `acme/api alone is to blame: 17 of 17 jobs failed since 10:15 ...`, the worst of them. */
function loneText(lone: readonly LoneSubject[], now: number, of: Counted): string {
  const [worst, ...others] = lone as [LoneSubject, ...LoneSubject[]];
  const more = others.length > 0 ? `; so are ${worstText(others, of)}` : '';
  const share = Math.floor((100 * worst.failed) / Math.max(1, worst.everybody));
  return (
    `${worst.subject} alone is to blame: ${worst.failed} of ${plural(worst.jobs, of.one)} ${of.failed} since ` +
    `${timeText(minuteOf(worst.since, now), now)}, in ${worst.failedWindows} windows of five minutes, ` +
    `which is ${share}% of all ${worst.everybody} jobs; that it fails nearly everything is evidence ` +
    `${againstText(worst.score, LONE_EVIDENCE)}${more}: quarantine or fix ${others.length > 0 ? 'them' : 'it'}`
  );
}

/** The arithmetic of the run: the gain of its spans minus the cost of each. */
function arithmetic({ multiplier, level, cost, spans }: Speaking['run']): string {
  return `odds x ${multiplier}: ${(level + cost * spans).toFixed(1)} - ${Math.round(spans)} spans x ${cost.toFixed(4)}`;
}

function overText({ run, rate, score, evidence }: Speaking, now: number, of: Counted): string {
  return `${failedText(run, now, of)}; at a limit of ${percentText(rate)} that is evidence ${againstText(score, evidence)} (${arithmetic(run)})`;
}

/** With `all`, the counts of all the evidence come first, then those of the run. */
function warningText(
  { run, rate, score, evidence }: Speaking,
  now: number,
  of: Counted,
  all?: string,
): string {
  const recent =
    all && `${all}, ${run.failed} of ${run.finished} since ${timeText(minuteOf(run.since, now), now)}`;
  return `${recent ?? failedText(run, now, of)}; at ${of.warningRate} of ${percentText(rate)} that is evidence ${againstText(score, evidence)}`;
}

function worseText({ run, score, evidence, odds }: Comparing, now: number, of: Counted): string {
  return (
    `${failedText(run, now, of)} and ${run.controlFailed} of ${run.controlJobs} in control; ` +
    `at tolerated odds of ${odds} to 1 that is evidence ${againstText(score, evidence)}`
  );
}
