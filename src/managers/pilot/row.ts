import { type PilotStatus, type Tier, targetTierOf } from '../../domain/originals/pilot.ts';
import { freezeAt } from '../../domain/spec/freeze.ts';
import type { Reader, Store } from '../../store/store.ts';
import type { PilotConfig, PilotStats } from '../calls/types.ts';

/** Returns null if no feature of customers has this name. */
export function readPilot(store: Store, feature: string): Promise<PilotConfig | null> {
  return store.reading((read) => pilotIn(read, feature));
}

/** Returns null if no feature of customers has this name. */
export function readPilotStats(store: Store, feature: string): Promise<PilotStats | null> {
  return store.reading(async (read) => {
    const pilot = await pilotIn(read, feature);
    if (!pilot) return null;
    const { customers, failed, events } = await read.outcomes.customerEvents(feature);
    const counts = (await read.features.eligible(feature)).get(feature) ?? [];
    const sum = (count: 'eligible' | 'total') => counts.reduce((total, row) => total + row[count], 0);
    return {
      featureName: pilot.featureName,
      totalCustomers: sum('total'),
      eligibleCustomers: sum('eligible'),
      enabledCustomers: customers,
      errorCount: failed,
      errorRate: customers === 0 ? 0 : failed / customers,
      successRate: customers === 0 ? 0 : (customers - failed) / customers,
      timeWindow: pilot.rollbackThreshold.timeWindow,
      events,
    };
  });
}

/** Statistics of a pilot that does not exist, as in the originals. */
export function noStats(featureName: string): PilotStats {
  return {
    featureName,
    totalCustomers: 0,
    eligibleCustomers: 0,
    enabledCustomers: 0,
    errorCount: 0,
    errorRate: 0,
    successRate: 0,
    timeWindow: 0,
    events: { enabled: 0, disabled: 0, error: 0, rollback: 0 },
  };
}

async function pilotIn(read: Reader, feature: string): Promise<PilotConfig | null> {
  const row = await read.registry.originalRollout(feature);
  if (!row) return null;
  const { freezes, now } = await read.state();
  const { spec } = (await read.features.actual(feature)).get(feature) ?? { spec: null };
  const frozen = row.status === 'in_progress' && freezeAt(freezes, now) !== null;
  const { started_at, completed_at } = row;
  return {
    featureName: row.feature_name,
    currentTier: row.current_tier as Tier,
    targetTier: spec?.steps.length ? targetTierOf(row.percentage, spec.steps) : (row.target_tier as Tier),
    percentage: row.percentage,
    status: frozen ? 'paused' : (row.status as PilotStatus),
    ...(started_at === null ? {} : { startedAt: started_at }),
    ...(completed_at === null ? {} : { completedAt: completed_at }),
    whitelistedCustomers: row.whitelisted_customers,
    blacklistedCustomers: row.blacklisted_customers,
    rollbackThreshold: row.rollback_threshold,
  };
}
