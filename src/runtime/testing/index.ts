/** For unit tests of an application: `import { testRollout } from 'rollout-controller/testing'`. */
export type { Rollout, Routed, Stamp } from '../host/api.ts';
export type { TestFeature, TestFeatures } from './test-features.ts';
export {
  type ObservedEvent,
  type RecordedEnd,
  type TestOptions,
  type TestRollout,
  testRollout,
} from './test-rollout.ts';
