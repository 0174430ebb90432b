import type pg from 'pg';
import { readCurrentIncidents } from '../configuration/actual.ts';
import type { Queryable } from '../db/client.ts';
import { readIncidentDetails } from '../health/report.ts';
import { markDeployed, undeployed } from '../incidents/deployments.ts';
import { liftGlobalStop } from '../incidents/global-stop.ts';
import { listIncidents, stop } from '../incidents/incidents.ts';
import { incidentsToTell, markIssue } from '../incidents/issues.ts';
import { incidentsOfMerged, markMerged, notePlansSeen, plansSeen } from '../incidents/merged.ts';
import { announceIncidents } from '../incidents/outbox.ts';
import { grantPermit } from '../incidents/permits.ts';
import {
  markQuarantines,
  pendingQuarantines,
  quarantine,
  readQuarantined,
  readQuarantinedIds,
  release,
} from '../incidents/quarantine.ts';
import { recentRollbacks } from '../incidents/recent-rollbacks.ts';
import { rollBack } from '../incidents/roll-back.ts';
import { markWriteBack, pendingWriteBacks, type WriteBackOutcome } from '../incidents/write-backs.ts';

export const incidentReader = (db: pg.PoolClient) => ({
  current: () => readCurrentIncidents(db),
  list: listIncidents.bind(null, db),
  details: (limit: number, feature?: string) => readIncidentDetails(db, limit, feature),
  pendingWriteBacks: () => pendingWriteBacks(db),
  toTell: () => incidentsToTell(db),
  recentRollbacks: (seconds: number) => recentRollbacks(db, seconds),
  ofMerged: () => incidentsOfMerged(db),
  plansSeen: () => plansSeen(db),
  quarantined: readQuarantined.bind(null, db),
  quarantinedIds: () => readQuarantinedIds(db),
  pendingQuarantines: () => pendingQuarantines(db),
  undeployed: (limit: number) => undeployed(db, limit),
});

export const incidentWriter = (pool: pg.Pool, single: Queryable) => ({
  /** `onWait` is called each second with the holder of the lock that the stop waits for. */
  stop: (
    feature: string | null,
    reason: string,
    actor: string,
    onWait: (message: string) => void = () => {},
  ) => stop(pool, { feature, reason, actor }, onWait),
  liftGlobalStop: (actor: string, reason: string) => liftGlobalStop(pool, actor, reason),
  rollBack: rollBack.bind(null, pool),
  quarantine: quarantine.bind(null, pool),
  release: release.bind(null, pool),
  markQuarantines: markQuarantines.bind(null, single),
  grantPermit: grantPermit.bind(null, pool),
  announce: () => announceIncidents(single),
  markWriteBack: (incident: string, outcome: WriteBackOutcome) => markWriteBack(single, incident, outcome),
  markIssue: markIssue.bind(null, single),
  markDeployed: markDeployed.bind(null, single),
  markMerged: markMerged.bind(null, single),
  notePlansSeen: (digest: string) => notePlansSeen(single, digest),
});
