import type { ChangeOutcome, ResumeOutcome, RollbackOutcome } from '../../domain/change/outcome.ts';
import type { Checked, TickResult } from '../../domain/change/round.ts';
import { changesTheRest, type PlanLike, totalsOf } from './plan-model.ts';

/** Exit codes of all commands: done, error, the plan has changes, something is held or refused. */
export const EXIT = { ok: 0, error: 1, changes: 2, held: 3 } as const;
export type Exit = (typeof EXIT)[keyof typeof EXIT];

/** Would applying the plan change anything? */
export function wouldChange(plan: PlanLike): boolean {
  return totalsOf(plan).changes > 0 || changesTheRest(plan);
}

/** Exit code of a plan: 1 with errors, 3 if something is held or refused, 2 with changes. */
export function planExit(plan: PlanLike): Exit {
  const totals = totalsOf(plan);
  if (totals.errors > 0) return EXIT.error;
  if (totals.held + totals.refused > 0 || plan.refused) return EXIT.held;
  return wouldChange(plan) ? EXIT.changes : EXIT.ok;
}

/** Exit code of a reconcile: as for a plan, except that applied changes are success. */
export function reconcileExit(plan: PlanLike): Exit {
  const exit = planExit(plan);
  return exit === EXIT.changes ? EXIT.ok : exit;
}

/** 0 if everything that was requested is done or waits for a merge, 3 if something else keeps it from being live. */
export function changeExit({ file, via, obstacle }: ChangeOutcome): Exit {
  if (obstacle?.code === 'declined') return EXIT.error;
  const asAsked = file?.state === 'proposed' || (file?.state === 'edited' && via === 'file');
  return obstacle === null || asAsked ? EXIT.ok : EXIT.held;
}

export function resumeExit(outcome: ResumeOutcome): Exit {
  return outcome.skipped.length > 0 ? EXIT.held : changeExit(outcome);
}

/** 1 if the file is neither committed nor proposed: every tick tries again, but a script must know. */
export function rollbackExit({ incident, written_back }: RollbackOutcome): Exit {
  return incident === null || (written_back !== null && written_back.state !== 'pending')
    ? EXIT.ok
    : EXIT.error;
}

/** 1 if the file, the evidence or a write-back needs a person. */
export function checkExit({ results, written_back, reconcile_error }: Checked): Exit {
  const unjudged = results.some(({ judgement }) => judgement.verdict === 'error');
  const pending = written_back.some(({ error }) => error !== null);
  return reconcile_error || unjudged || pending ? EXIT.error : EXIT.ok;
}

/**
 * Exit code of a tick's job on GitHub: 1 if something must be fixed, 3 if something in the file is held. What was
 * already pending does not fail the job again: `actions/commands/tick` decides what is new.
 */
export function tickJobExit({ reconciled }: TickResult, broken: boolean): Exit {
  const totals = reconciled && totalsOf(reconciled);
  if (broken || (totals && totals.errors + totals.refused > 0)) return EXIT.error;
  return totals && totals.held > 0 ? EXIT.held : EXIT.ok;
}

/**
 * Exit code of a check and of a tick's housekeeping; a known hold is not a failure of a run that comes every few
 * minutes.
 */
export function tickExit(result: TickResult): Exit {
  const totals = result.reconciled && totalsOf(result.reconciled);
  const broken = totals !== null && totals.errors + totals.refused > 0;
  return broken || result.problems.length > 0 ? EXIT.error : checkExit(result);
}
