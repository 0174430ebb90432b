import type { ActualFeature } from '../../../domain/plan/actual.ts';
import type { Spec } from '../../../domain/spec/spec.ts';
import type { FeatureStanding } from '../../../store/configuration/feature-rows.ts';
import type { LastVerdict, RateRow } from '../../../store/health/rates.ts';

/** Eligible subjects of one category. */
export interface CategoryCount {
  category: string | null;
  eligible: number;
  total: number;
}

/** Facts of one feature at one moment. */
export interface FeatureFacts {
  standing: FeatureStanding;
  categories: readonly CategoryCount[];
  live: boolean;
  spec: Spec | null;
  verdict: LastVerdict | null;
  row: ActualFeature | undefined;
  rates: readonly RateRow[];
  /** Eligible subjects with a job; null: in the window not every subject was stored by its id. */
  participants: number | null;
  slowdown: number | null;
  now: Date;
}
