import { TOLERATED_ODDS } from '../score/relative.ts';
import type { Missing, Reason, Speaking } from '../verdict/reason.ts';
import { againstText, percentText, plural, timeText } from './wording.ts';

/**
 * One sentence that lets a reader redo the decision: the counts, since when, the limit, the evidence it makes and the
 * evidence it needed. `now` in minutes since 1970; without a full stop.
 */
export function reasonSentence(reason: Reason, now: number): string {
  switch (reason.code) {
    case 'impossible_evidence':
      return `not judged: ${reason.problem}`;
    case 'no_treated_jobs':
      return `no job of the treatment arm has finished${reason.controlJobs > 0 ? `, against ${reason.controlJobs} of control` : ''}`;
    case 'over_limit':
      return overText(reason.absolute, now);
    case 'shared_outage': {
      const { controlFailed, controlJobs, categories } = reason.shared;
      const where =
        controlJobs === reason.absolute.run.controlJobs ? '' : ` of ${categoriesText(categories)}`;
      return `${overText(reason.absolute, now)}, but ${controlFailed} of ${controlJobs} control jobs${where} failed too: an outage that both arms share`;
    }
    case 'awaiting_control':
      return `${overText(reason.absolute, now)}, but control has finished only ${plural(reason.controlJobs, 'job')} since then: too few to know whether it fails as well`;
    case 'few_subjects': {
      const of = reason.subjects === reason.worst.length ? '' : ` of ${reason.subjects} subjects`;
      return `${overText(reason.absolute, now)}, but without ${worstText(reason.worst)}${of} it is ${reason.without.toFixed(1)} against 4.6 needed: quarantine or fix them`;
    }
    case 'young_epoch':
      return `${overText(reason.absolute, now)}, but until ${timeText(Math.ceil(reason.until / 60), now)} the epoch is too young to be judged by the jobs that end first`;
    case 'storm':
      return `${reason.judged}, but more than ${Math.floor(reason.limit)} features crossed their limits within ten minutes: a cause outside of them is more likely`;
    case 'worse_than_control':
      return `${worseText(reason.relative, now)}; for the limit of ${percentText(reason.absolute.rate)} it is ${againstText(reason.absolute.score, reason.absolute.evidence)}`;
    case 'over_warning_rate':
      return warningText(reason.warning, now);
    case 'drifting_from_control':
      return worseText(reason.relative, now);
    case 'too_few_jobs':
      return tooFewText(reason, now);
    case 'healthy': {
      const { finished, failed, warning } = reason;
      const all = `${failed} of ${plural(finished, 'job')} failed in all`;
      return warning.run.finished < finished ? warningText(warning, now, all) : warningText(warning, now);
    }
    case 'ratio': {
      const { wrong, subjects, named } = reason.arms;
      return `not judged: ${wrong} of ${plural(subjects, 'subject')} ran jobs in the other arm than the database gives them, such as ${named.join(', ')}; check that every process follows the snapshot`;
    }
  }
}

/** `4 jobs finished, 1 failed; 6 more jobs are needed for a judgement` */
export function missingText(finished: number, failed: number, missing: Missing, since = ''): string {
  return `${plural(finished, 'job')} finished${since}, ${failed} failed; ${moreText(missing)} needed for a judgement`;
}

/** `6 more jobs are` */
function moreText({ what, count }: Missing): string {
  const word = what === 'jobs' ? 'more job' : 'more span with a failure';
  const many = what === 'jobs' ? 'more jobs' : 'more spans with a failure';
  return count === 1 ? `1 ${word} is` : `${count} ${many} are`;
}

function tooFewText(reason: Extract<Reason, { code: 'too_few_jobs' }>, now: number): string {
  const { raised, missing, finished, failed } = reason;
  if (raised === null) return missingText(finished, failed, missing);
  const text = 'warning' in raised ? warningText(raised.warning, now) : worseText(raised.relative, now);
  return `${text}, but ${moreText(missing)} needed for a judgement`;
}

/** `14 of 20 jobs failed since 10:15` */
function failedText({ failed, finished, since }: Speaking['run'], now: number): string {
  return `${failed} of ${plural(finished, 'job')} failed since ${timeText(minuteOf(since, now), now)}`;
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
function worstText(worst: readonly { subject: string; jobs: number; failed: number }[]): string {
  const named = worst
    .slice(0, MOST_NAMED)
    .map(({ subject, jobs, failed }) => `${subject} (${failed} of ${jobs} failed)`);
  const more = worst.length - named.length;
  return more > 0 ? `${named.join(', ')} and ${more} more` : named.join(', ');
}

/** The arithmetic of the run: what its spans won less what each of them is charged. */
function arithmetic({ multiplier, level, cost, spans }: Speaking['run']): string {
  return `odds x ${multiplier}: ${(level + cost * spans).toFixed(1)} - ${Math.round(spans)} spans x ${cost.toFixed(4)}`;
}

function overText({ run, rate, score, evidence }: Speaking, now: number): string {
  return `${failedText(run, now)}; at a limit of ${percentText(rate)} that is evidence ${againstText(score, evidence)} (${arithmetic(run)})`;
}

/** With `all`, the counts of the run follow those of all the evidence. */
function warningText({ run, rate, score, evidence }: Speaking, now: number, all?: string): string {
  const recent =
    all && `${all}, ${run.failed} of ${run.finished} since ${timeText(minuteOf(run.since, now), now)}`;
  return `${recent ?? failedText(run, now)}; at a warning rate of ${percentText(rate)} that is evidence ${againstText(score, evidence)}`;
}

function worseText({ run, score, evidence }: Omit<Speaking, 'rate'>, now: number): string {
  return (
    `${failedText(run, now)} and ${run.controlFailed} of ${run.controlJobs} in control; ` +
    `at tolerated odds of ${TOLERATED_ODDS} to 1 that is evidence ${againstText(score, evidence)}`
  );
}
