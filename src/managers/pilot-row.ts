import { freezeAt } from '../domain/freeze.ts';
import { type PilotStatus, type Tier, targetTierOf } from '../domain/pilot.ts';
import type { Reader, Store } from '../store/store.ts';
import { isoOf } from './options.ts';
import type { FeatureRollout, PilotStats } from './types.ts';

/** Null where there is no such feature of customers. */
export function readPilot(store: Store, feature: string): Promise<FeatureRollout | null> {
  return store.reading((read) => pilotIn(read, feature));
}

/** Null where there is no such feature of customers. */
export function readPilotStats(store: Store, feature: string): Promise<PilotStats | null> {
  return store.reading(async (read) => {
    const pilot = await pilotIn(read, feature);
    if (!pilot) return null;
    const { customers, failed, events } = await read.customerEvents(feature);
    const counts = await read.eligible(feature);
    const sum = (count: 'eligible' | 'total') => counts.reduce((total, row) => total + row[count], 0);
    const { feature_name, status, current_tier, target_tier, percentage } = pilot;
    return {
      ...{ feature_name, status, current_tier, target_tier, percentage },
      total_customers: sum('total'),
      eligible_customers: sum('eligible'),
      enabled_customers: customers,
      error_customers: failed,
      error_rate: customers === 0 ? 0 : failed / customers,
      time_window: pilot.rollback_threshold.timeWindow,
      events,
    };
  });
}

async function pilotIn(read: Reader, feature: string): Promise<FeatureRollout | null> {
  const row = await read.originalRollout(feature);
  if (!row) return null;
  const { freezes, now } = await read.state();
  const { spec } = (await read.features(feature)).get(feature) ?? { spec: null };
  const frozen = row.status === 'in_progress' && freezeAt(freezes, now) !== null;
  return {
    ...row,
    current_tier: row.current_tier as Tier,
    target_tier: spec?.steps.length ? targetTierOf(row.percentage, spec.steps) : (row.target_tier as Tier),
    status: frozen ? 'paused' : (row.status as PilotStatus),
    started_at: isoOf(row.started_at),
    completed_at: isoOf(row.completed_at),
  };
}
