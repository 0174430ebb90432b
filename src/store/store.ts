import type pg from 'pg';
import { adoptBaseline, applyChange } from './configuration/changes.ts';
import { countEligible, readStandings } from './configuration/feature-rows.ts';
import { historyAt, historyHead, readHistory, verifyHistory } from './configuration/history.ts';
import { countImpact, largestMoved } from './configuration/impact.ts';
import { countJobsMoved } from './configuration/jobs-moved.ts';
import { appendNote } from './configuration/notes.ts';
import { recordOverride } from './configuration/overrides.ts';
import { beginReconcile, finishReconcile } from './configuration/reconcile-run.ts';
import {
  governingRevision,
  lookUpNames,
  readCurrentIncidents,
  readFeatures,
  readState,
  unknownIds,
} from './configuration/snapshot.ts';
import { readOnly, singly, transaction } from './db/client.ts';
import { maintain } from './db/maintenance.ts';
import {
  type CheckAction,
  noteAction,
  proposedFeatures,
  readLatestChecks,
  readSoak,
  readSoaks,
} from './health/checks.ts';
import { countStepJobs, countStepJobsOf, readEvidence, readEvidenceOf } from './health/evidence.ts';
import { readHearings } from './health/hearing.ts';
import { holdLease, leaveHeartbeat, releaseLease, takeLease } from './health/lease.ts';
import { countParticipants, readErrorTexts, readLastVerdicts, readRates } from './health/rates.ts';
import { countHistory, readIncidentDetails, readProcessorSums } from './health/report.ts';
import { restartSoaks } from './health/soaks.ts';
import { readSpeed, readSpeedOf } from './health/speed.ts';
import { readSpread, readSpreads } from './health/spread.ts';
import { readExposures, readRateSeries, readScoreSeries, readTurns } from './health/timeline.ts';
import { readEvidenceEpochs } from './health/traffic.ts';
import { type RecordedVerdict, recordVerdict } from './health/verdicts.ts';
import { markDeployed, undeployed } from './incidents/deployments.ts';
import { liftGlobalStop } from './incidents/global-stop.ts';
import { listIncidents, stop } from './incidents/incidents.ts';
import { incidentsToTell, markIssue } from './incidents/issues.ts';
import {
  announceIncidents,
  enqueue,
  markDelivery,
  markTold,
  type Notification,
  pendingNotifications,
} from './incidents/outbox.ts';
import { grantPermit } from './incidents/permits.ts';
import { takeBack } from './incidents/roll-back.ts';
import { markWriteBack, pendingWriteBacks, type WriteBackOutcome } from './incidents/write-backs.ts';
import { countCustomers, readCustomerEvents, recordEvent } from './outcomes/events.ts';
import { tripFuse } from './outcomes/fuse.ts';
import { countOpenJobs, timeOutJobs } from './outcomes/jobs.ts';
import { recordJobs, refusedJobs } from './outcomes/outcomes.ts';
import {
  categorizeAll,
  categorizeOne,
  countCategories,
  hasTestRepositories,
  setTestRepositories,
} from './registry/categories.ts';
import { categoryAt, evaluateInDatabase, findSubject } from './registry/lookup.ts';
import {
  readOriginalConfiguration,
  readOriginalRollout,
  repositoriesIn,
  repositoriesToCome,
} from './registry/originals.ts';
import {
  importCustomers,
  importRepositories,
  refreshFromSource,
  resolvePending,
} from './registry/subjects.ts';

/** Everything the use cases may read, on one unchanging view of the database. */
function reader(db: pg.PoolClient) {
  return {
    state: () => readState(db),
    governingRevision: () => governingRevision(db),
    features: (feature?: string) => readFeatures(db, feature),
    currentIncidents: () => readCurrentIncidents(db),
    namesOf: (names: readonly string[]) => lookUpNames(db, names),
    unknownIds: unknownIds.bind(null, db),
    impact: countImpact.bind(null, db),
    largestMoved: largestMoved.bind(null, db),
    jobsMoved: countJobsMoved.bind(null, db),
    standings: (feature?: string) => readStandings(db, feature),
    eligible: (feature: string) => countEligible(db, feature),
    categories: () => countCategories(db),
    hasTestRepositories: (count: number) => hasTestRepositories(db, count),
    incidents: listIncidents.bind(null, db),
    history: readHistory.bind(null, db),
    historyAt: historyAt.bind(null, db),
    historyHead: () => historyHead(db),
    verifyHistory: verifyHistory.bind(null, db),
    subject: findSubject.bind(null, db),
    originalConfiguration: readOriginalConfiguration.bind(null, db),
    originalRollout: readOriginalRollout.bind(null, db),
    repositoriesIn: repositoriesIn.bind(null, db),
    repositoriesToCome: repositoriesToCome.bind(null, db),
    customerEvents: readCustomerEvents.bind(null, db),
    categoryAt: categoryAt.bind(null, db),
    evaluate: evaluateInDatabase.bind(null, db),
    evidence: readEvidence.bind(null, db),
    evidenceOf: readEvidenceOf.bind(null, db),
    evidenceEpochs: (feature: string) => readEvidenceEpochs(db, feature),
    stepJobs: countStepJobs.bind(null, db),
    stepJobsOf: countStepJobsOf.bind(null, db),
    speed: readSpeed.bind(null, db),
    speedOf: readSpeedOf.bind(null, db),
    latestChecks: readLatestChecks.bind(null, db),
    proposedFeatures: () => proposedFeatures(db),
    soak: readSoak.bind(null, db),
    soaks: readSoaks.bind(null, db),
    spread: readSpread.bind(null, db),
    spreads: readSpreads.bind(null, db),
    hearings: readHearings.bind(null, db),
    pendingWriteBacks: () => pendingWriteBacks(db),
    incidentsToTell: () => incidentsToTell(db),
    undeployed: (limit: number) => undeployed(db, limit),
    refusedJobs: refusedJobs.bind(null, db),
    rates: (feature?: string) => readRates(db, feature),
    errorTexts: (limit: number, feature?: string) => readErrorTexts(db, limit, feature),
    openJobs: (feature?: string) => countOpenJobs(db, feature),
    participants: (feature?: string) => countParticipants(db, feature),
    lastVerdicts: (feature?: string) => readLastVerdicts(db, feature),
    exposures: (feature?: string) => readExposures(db, feature),
    rateSeries: (feature?: string) => readRateSeries(db, feature),
    scoreSeries: (feature?: string) => readScoreSeries(db, feature),
    turns: (feature?: string) => readTurns(db, feature),
    processorSums: (weeks: number, feature?: string) => readProcessorSums(db, weeks, feature),
    incidentDetails: (limit: number, feature?: string) => readIncidentDetails(db, limit, feature),
    historyCounts: (feature?: string) => countHistory(db, feature),
  };
}

export type Reader = ReturnType<typeof reader>;

/** The database, as the use cases know it. */
export function createStore(pool: pg.Pool) {
  const single = singly(pool);
  return {
    /** Reads on one unchanging view; a write in here is refused by the database. */
    reading: <T>(work: (read: Reader) => Promise<T>): Promise<T> =>
      readOnly(pool, (client) => work(reader(client))),
    applyChange: applyChange.bind(null, pool),
    adoptBaseline: adoptBaseline.bind(null, pool),
    beginReconcile: beginReconcile.bind(null, single),
    finishReconcile: finishReconcile.bind(null, single),
    resolveNames: (actor: string) => transaction(pool, { actor }, resolvePending),
    setTestRepositories: setTestRepositories.bind(null, pool),
    categorizeAll: categorizeAll.bind(null, pool),
    categorizeOne: categorizeOne.bind(null, pool),
    importRepositories: importRepositories.bind(null, pool),
    importCustomers: importCustomers.bind(null, pool),
    refreshFromSource: refreshFromSource.bind(null, pool),
    /** `onWait` is told each second who holds the lock that the stop waits for. */
    stop: (
      feature: string | null,
      reason: string,
      actor: string,
      onWait: (message: string) => void = () => {},
    ) => stop(pool, { feature, reason, actor }, onWait),
    takeBack: takeBack.bind(null, pool),
    grantPermit: grantPermit.bind(null, pool),
    liftGlobalStop: (actor: string, reason: string) => liftGlobalStop(pool, actor, reason),
    note: appendNote.bind(null, pool),
    recordOverride: recordOverride.bind(null, single),
    recordVerdict: (actor: string, verdict: RecordedVerdict) => recordVerdict(pool, actor, verdict),
    noteAction: (feature: string, action: CheckAction) => noteAction(single, feature, action),
    restartSoaks: restartSoaks.bind(null, pool),
    announceIncidents: () => announceIncidents(single),
    tripFuse: () => tripFuse(single),
    timeOutJobs: (feature: string, seconds: Record<string, number>) => timeOutJobs(single, feature, seconds),
    maintain: maintain.bind(null, pool),
    recordJobs: recordJobs.bind(null, single),
    recordEvent: recordEvent.bind(null, single),
    countCustomers: countCustomers.bind(null, single),
    markWriteBack: (incident: string, outcome: WriteBackOutcome) => markWriteBack(single, incident, outcome),
    markIssue: markIssue.bind(null, single),
    markDeployed: markDeployed.bind(null, single),
    enqueue: (notification: Notification) => enqueue(single, notification),
    pendingNotifications: (limit: number) => pendingNotifications(single, limit),
    markDelivery: markDelivery.bind(null, single),
    markTold: markTold.bind(null, single),
    takeLease: (holder: string, seconds: number) => takeLease(single, holder, seconds),
    holdLease: (holder: string, seconds: number, renewAfterMs?: number) =>
      holdLease(single, holder, seconds, renewAfterMs),
    releaseLease: (holder: string) => releaseLease(single, holder),
    leaveHeartbeat: () => leaveHeartbeat(single),
  };
}

export type Store = ReturnType<typeof createStore>;
