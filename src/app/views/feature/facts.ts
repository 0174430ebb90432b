import type { ActualFeature } from '../../../domain/plan/actual.ts';
import type { Spec } from '../../../domain/spec/spec.ts';
import type { FeatureStanding } from '../../../store/configuration/feature-rows.ts';
import type { LastVerdict, RateRow } from '../../../store/health/rates.ts';

/** Who is in, of one category. */
export interface CategoryCount {
  category: string | null;
  eligible: number;
  total: number;
}

/** What is known of one feature at one moment. */
export interface FeatureFacts {
  standing: FeatureStanding;
  categories: readonly CategoryCount[];
  live: boolean;
  spec: Spec | null;
  verdict: LastVerdict | null;
  row: ActualFeature | undefined;
  rates: readonly RateRow[];
  /** Null: not every subject was kept by its id in the window. */
  participants: number | null;
  slowdown: number | null;
  now: Date;
}
