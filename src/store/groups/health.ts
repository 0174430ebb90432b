import type pg from 'pg';
import type { CheckAction } from '../../domain/change/round.ts';
import type { Queryable } from '../db/client.ts';
import { noteAction, proposedFeatures, readLatestChecks, readSoak, readSoaks } from '../health/checks.ts';
import { countStepJobs, countStepJobsOf, readEvidence, readEvidenceOf } from '../health/evidence.ts';
import { readHearings } from '../health/hearing.ts';
import { readLastVerdicts } from '../health/rates.ts';
import { readSpeed, readSpeedOf } from '../health/speed.ts';
import { readSpent } from '../health/spent.ts';
import { readSpread, readSpreads } from '../health/spread.ts';
import { readExposures, readScoreSeries, readTurns } from '../health/timeline.ts';
import { readEvidenceEpochs } from '../health/traffic.ts';
import { type RecordedVerdict, recordVerdict } from '../health/verdicts.ts';
import { tripFuse } from '../outcomes/fuse.ts';
import { readBreakers, readSilentHosts } from '../outcomes/processes.ts';
import { readWrongArms } from '../outcomes/wrong-arms.ts';
import { forgetCheckpoints, keepCheckpoints } from '../score/checkpoints.ts';
import { keepWindows } from '../score/kept-windows.ts';
import { readLoneSubjects } from '../score/lone-subjects.ts';
import type { Lifetime } from '../score/spans.ts';
import { readResumedWindows, readWindows, SCORE_DAYS, slicesOf } from '../score/windows.ts';
import { readWorstSubjects } from '../score/worst-subjects.ts';

/** Reads evidence and verdicts. */
export const healthReader = (db: pg.PoolClient) => ({
  evidence: readEvidence.bind(null, db),
  evidenceOf: readEvidenceOf.bind(null, db),
  slicesOf: slicesOf.bind(null, db),
  windowsOf: readWindows.bind(null, db),
  resumedWindows: readResumedWindows.bind(null, db),
  worstSubjects: readWorstSubjects.bind(null, db),
  loneSubjects: readLoneSubjects.bind(null, db),
  wrongArms: readWrongArms.bind(null, db),
  silentHosts: readSilentHosts.bind(null, db),
  breakers: (feature?: string) => readBreakers(db, feature),
  evidenceEpochs: (feature: string) => readEvidenceEpochs(db, feature),
  stepJobs: countStepJobs.bind(null, db),
  stepJobsOf: countStepJobsOf.bind(null, db),
  speed: readSpeed.bind(null, db),
  speedOf: readSpeedOf.bind(null, db),
  spentOf: readSpent.bind(null, db),
  soak: readSoak.bind(null, db),
  soaks: readSoaks.bind(null, db),
  spread: readSpread.bind(null, db),
  spreads: readSpreads.bind(null, db),
  hearings: readHearings.bind(null, db),
  latestChecks: readLatestChecks.bind(null, db),
  lastVerdicts: (feature?: string) => readLastVerdicts(db, feature),
  proposedFeatures: () => proposedFeatures(db),
  exposures: (feature?: string) => readExposures(db, feature),
  scoreSeries: (feature?: string) => readScoreSeries(db, feature),
  turns: (feature?: string) => readTurns(db, feature),
});

export const healthWriter = (pool: pg.Pool, single: Queryable) => ({
  recordVerdict: (actor: string, verdict: RecordedVerdict) => recordVerdict(pool, actor, verdict),
  noteAction: (feature: string, action: CheckAction) => noteAction(single, feature, action),
  keepWindows: (asked: readonly Lifetime[]) => keepWindows(single, asked, SCORE_DAYS),
  keepCheckpoints: keepCheckpoints.bind(null, single),
  forgetCheckpoints: forgetCheckpoints.bind(null, single),
  tripFuse: () => tripFuse(single),
});
