/** For unit tests of an application: `import { testRollout } from 'rollout-controller/testing'`. */

export type { Routed, Stamp } from '../host/job.ts';
export type { Rollout } from '../host/rollout.ts';
export type { ObservedEvent, RecordedEnd } from './recorded.ts';
export type { TestFeature, TestFeatures } from './test-features.ts';
export { type TestOptions, type TestRollout, testRollout } from './test-rollout.ts';
