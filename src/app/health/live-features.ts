import { fillSpec } from '../../config/read/fill.ts';
import { observedMetrics } from '../../domain/guardrails/guardrail.ts';
import { admitsNobody } from '../../domain/spec/at-most.ts';
import type { Spec } from '../../domain/spec/spec.ts';
import type { FeatureStanding } from '../../store/configuration/feature-rows.ts';
import type { Reader } from '../../store/store.ts';
import { unknownFeature } from '../registry/known-feature.ts';
import type { Asked } from './health-inputs.ts';

/** A feature that may admit some subject, with everything that its judgement needs. */
export interface LiveFeature {
  standing: FeatureStanding;
  /** The reconciled spec, with exposure from the columns. */
  spec: Spec;
  /** The reconciled spec; null: there is none, or the database was changed since. */
  reconciled: Spec | null;
}

/** Returns what to read for a live feature. */
export function askedOf({ standing, spec }: LiveFeature): Asked {
  return { ...standing, analysis: spec.analysis, metrics: observedMetrics(spec), spec };
}

/** Returns the features to judge: live ones, or the requested one. Throws `unknown_feature`. */
export async function liveFeatures(read: Reader, feature?: string): Promise<LiveFeature[]> {
  const rows = await read.features.actual(feature);
  const standings = (await read.features.standings(feature)).filter(({ archived }) => !archived);
  const { global_stop } = await read.state();
  if (feature !== undefined && standings.length === 0) {
    throw await unknownFeature(read, feature);
  }
  if (global_stop) return [];
  return standings.flatMap((standing) => {
    const row = rows.get(standing.feature);
    if (!row || admitsNobody(row.columns)) return [];
    const spec = row.spec ?? fillSpec(standing.feature, {}, {});
    return [{ standing, spec: { ...spec, ...row.columns }, reconciled: row.spec }];
  });
}
