import type { Shared } from '../comparison/sharing.ts';
import type { Run } from '../score/level-watch.ts';
import type { LoneSubject } from './lone-subject.ts';

/** A score that decides: its run, its rate (percent), and the evidence that it needs, as odds to 1. */
export interface Speaking {
  score: number;
  run: Run;
  rate: number;
  evidence: number;
}

/** A comparison with control that decides; `odds` is the tolerated ratio of treatment's odds to control's. */
export type Comparing = Omit<Speaking, 'rate'> & { odds: number };

/** Why a verdict was reached, as a code with its facts. Only `health/sentence.ts` makes sentences of it. */
export type Reason =
  | { code: 'impossible_evidence'; problem: string }
  | { code: 'no_treated_jobs'; controlJobs: number }
  | { code: 'over_limit'; absolute: Speaking }
  | { code: 'shared_outage'; absolute: Speaking; shared: Shared }
  | { code: 'awaiting_control'; absolute: Speaking; controlJobs: number }
  | {
      code: 'few_subjects';
      absolute: Speaking;
      without: number;
      subjects: number;
      worst: readonly { subject: string; jobs: number; failed: number }[];
    }
  /** Each of these subjects alone takes the feature over its limit, whatever the score over all. */
  | { code: 'few_subjects'; absolute: Speaking; without: null; worst: readonly LoneSubject[] }
  | { code: 'young_epoch'; absolute: Speaking; until: number }
  | { code: 'storm'; judged: string; limit: number }
  | { code: 'worse_than_control'; relative: Comparing; absolute: Speaking }
  | { code: 'over_warning_rate'; warning: Speaking }
  | { code: 'drifting_from_control'; relative: Comparing }
  | {
      code: 'too_few_jobs';
      finished: number;
      failed: number;
      /** The score that is raised on too few jobs or failures; null if there are too few jobs altogether. */
      raised: { warning: Speaking } | { relative: Comparing } | null;
      missing: Missing;
    }
  | { code: 'healthy'; warning: Speaking; finished: number; failed: number }
  | { code: 'ratio'; arms: WrongArms }
  | { code: 'silent'; hosts: SilentHosts };

/** What a run lacks before it counts; jobs before failures. */
export interface Missing {
  what: 'jobs' | 'failures';
  count: number;
}

/** Treatment jobs without a reported end, because the processes that routed them fell silent while others continue. */
export interface SilentHosts {
  processes: number;
  silentSeconds: number;
  /** Jobs of silent processes that should have ended. */
  missing: number;
  /** Treatment jobs that ended since the first missing one began. */
  finished: number;
}

/** Subjects whose jobs ran in another arm than the registry, percentage and lists give them. */
export interface WrongArms {
  /** Subjects with a job, and those of them in the wrong arm. */
  subjects: number;
  wrong: number;
  /** Some of the subjects in the wrong arm, by id. */
  named: readonly string[];
}
