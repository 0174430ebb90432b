import { type PlanLike, planJson } from '../words/plan-model.ts';

/** What became of a change of the file, as the pages need it. */
interface ChangeLike {
  title: string;
  via: string;
  raises: boolean;
  file: object | null;
  reconciled: PlanLike | null;
  not_live: string | null;
}

/** The fixed part of `--json` for a change of the file. */
export function changeJson({ title, via, raises, file, reconciled, not_live }: ChangeLike) {
  return {
    title,
    via,
    raises,
    file,
    live: not_live === null,
    not_live,
    reconciled: reconciled && planJson(reconciled),
  };
}

interface ResumeLike extends ChangeLike {
  features: readonly object[];
  permits: readonly object[];
  skipped: readonly object[];
  unlatched: boolean;
}

/** The shape of `resume --json`. */
export function resumeJson(outcome: ResumeLike) {
  const { features, permits, skipped, unlatched } = outcome;
  return { features, permits, skipped, unlatched, ...changeJson(outcome) };
}
