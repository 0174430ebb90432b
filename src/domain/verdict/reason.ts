import type { Run } from '../score/level-watch.ts';
import type { LoneSubject } from './lone-subject.ts';
import type { Shared } from './sharing.ts';

/** A score that speaks: its run, the rate it is held against (percent), and the evidence it needs, as odds to 1. */
export interface Speaking {
  score: number;
  run: Run;
  rate: number;
  evidence: number;
}

/** The comparison with control that speaks; `odds` of treatment over those of control are tolerated. */
export type Comparing = Omit<Speaking, 'rate'> & { odds: number };

/** Why a verdict is what it is: a code with its facts. Words are made of it in `health/sentence.ts` only. */
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
  /** Each of them alone takes the feature over its limit, whatever the score over all says. */
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
      /** The score that is raised on too little; null where the jobs are too few in all. */
      raised: { warning: Speaking } | { relative: Comparing } | null;
      missing: Missing;
    }
  | { code: 'healthy'; warning: Speaking; finished: number; failed: number }
  | { code: 'ratio'; arms: WrongArms }
  | { code: 'silent'; hosts: SilentHosts };

/** What a run lacks before anything is concluded from it; jobs before failures. */
export interface Missing {
  what: 'jobs' | 'failures';
  count: number;
}

/** Jobs of treatment of which nobody hears, because the processes that routed them fell silent while others go on. */
export interface SilentHosts {
  processes: number;
  silentSeconds: number;
  /** Jobs of theirs that should have ended. */
  missing: number;
  /** Jobs of treatment that have ended since the first of these began. */
  finished: number;
}

/** Subjects whose jobs did not run in the arm that registry, percentage and lists give them. */
export interface WrongArms {
  /** Subjects with a job, and those of them in the other arm than they should be. */
  subjects: number;
  wrong: number;
  /** Some of them, by id. */
  named: readonly string[];
}
