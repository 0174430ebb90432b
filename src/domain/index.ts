/**
 * The pure part of the controller, to decide, judge or plan without a database: no I/O, no clock, no dependency.
 * `import { evaluate, judge } from 'rollout-controller/domain'`.
 */

export { BUCKETS, bucket } from './eligibility/bucket.ts';
export { type Counts, categoriesInBand, categoryOf } from './eligibility/category.ts';
export {
  bucketsBelow,
  type Decision,
  evaluate,
  type Overrides,
  type Subject,
} from './eligibility/eligibility.ts';
export { HYBRID_FEATURE, type OverrideReading, readOverrides } from './eligibility/overrides.ts';
export type { Arm } from './evidence/outcomes.ts';
export {
  type EvidenceRow,
  type FeatureEvidence,
  type HealthParams,
  type Judged,
  type Judgement,
  judge,
  judgeByThreshold,
  type Verdict,
} from './health/health.ts';
export { type ScoreWindow, type SubjectWindow, windowsOf } from './score/window.ts';
export { admitsNobody, atMost, isOff, strictlyLess } from './spec/at-most.ts';
export type {
  Exposure,
  ResolvedExposure,
  Rollback,
  RolloutConfig,
  Routing,
  Spec,
  Step,
  Thresholds,
} from './spec/spec.ts';
export {
  CATEGORIES,
  type Category,
  type Reason,
  STRATEGIES,
  type Strategy,
  SUBJECT_TYPES,
  type SubjectType,
} from './spec/vocabulary.ts';
export { evidenceOf, type Windows } from './verdict/evidence.ts';
