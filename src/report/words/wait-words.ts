import type { Advance } from '../../domain/gate/advance.ts';
import type { Wait } from '../../domain/gate/wait.ts';
import { verdictWord } from '../../domain/health/wording.ts';
import { durationText } from '../../lib/duration.ts';
import { costProblemText, overBudgetText } from './evidence-words.ts';
import { moment, share } from './words.ts';

/** Input of a gate's text: why it waits, or its findings if it is open. */
export type Gated = Pick<Advance, 'wait' | 'step'> & Partial<Pick<Advance, 'next'>>;

/** `waits: paused`, `at the last step`, or why the next step may be taken: one sentence without a full stop. */
export function advanceText(gated: Gated): string {
  const then = gated.next?.approve ? `; a person approves ${gated.next.percentage}% by a pull request` : '';
  return `${gateText(gated)}${then}`;
}

function gateText({ wait, step }: Gated): string {
  if (wait === null) return `healthy for the whole soak: ${failedText(step)}`;
  switch (wait.code) {
    case 'no_steps':
    case 'last_step':
    case 'person':
      return waitText(wait);
    default:
      return `waits: ${waitText(wait)}`;
  }
}

/** What the next step waits for: a clause without a full stop. */
export function waitText(wait: Wait): string {
  switch (wait.code) {
    case 'no_steps':
      return 'no steps';
    case 'last_step':
      return 'at the last step';
    case 'held':
      return 'held by an incident';
    case 'paused':
      return 'paused';
    case 'freeze':
      return `freeze until ${wait.to} (${wait.reason})`;
    case 'cutoff':
      return `its cutoff, ${wait.day}, has passed; set a later cutoff to go on`;
    case 'not_before':
      return `not before ${wait.day}`;
    case 'verdict':
      return `${verdictWord(wait.verdict)}, ${wait.reason}`;
    case 'few_jobs':
      return `${wait.jobs} of ${wait.needed} jobs of this step have finished`;
    case 'failing':
      return `${wait.errors} of ${wait.jobs} jobs of this step failed: ${share(wait.errors, wait.jobs)}, above advance_error_rate ${wait.limit}%`;
    case 'soak':
      return `${durationText(wait.left_seconds)} of the soak left`;
    case 'no_job_of_step':
      return 'no job of this step has finished yet';
    case 'newest_job_old':
      return `no job has finished for ${durationText(wait.age_seconds)}; the newest must be at most ${durationText(wait.most_seconds)} old`;
    case 'silent_hours':
      return `jobs finished in ${wait.heard} of the ${wait.expected} hours of the soak that had any the day before`;
    case 'over_budget':
      return `${overBudgetText(wait)}; raise budget.${wait.over} to go on`;
    case 'cost_unknown':
      return `the cost of the next step is not known: ${costProblemText(wait.problem)}`;
    case 'hours':
      return `outside its hours, which begin at ${moment(wait.opens)} (${wait.zone})`;
    case 'person':
      return `ready for ${wait.percentage}%: waits for a person`;
  }
}

function failedText({ jobs, errors }: Advance['step']): string {
  return `${errors} of ${jobs} jobs of this step failed (${share(errors, jobs)})`;
}
