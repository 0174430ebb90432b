/** Entry for applications: `import { createRollout } from 'rollout-controller'`. */
export { type ErrorCode, RolloutError } from '../errors.ts';
export { createRollout } from './create.ts';
export type { DecisionReason, Evaluation } from './host/evaluation.ts';
export type { Job, JobEnd, ObserveOptions, Routed, Stamp } from './host/job.ts';
export type {
  PoolLike,
  RolloutDatabase,
  RolloutOptions,
  RolloutSettings,
  SnapshotCache,
} from './host/options.ts';
export type { Rollout } from './host/rollout.ts';
export type {
  BreakerEvent,
  ChangeEvent,
  ControllerStaleEvent,
  OtherHistoryEvent,
  RolloutEvents,
  StaleEvent,
} from './host/rollout-events.ts';
export type { RolloutState } from './host/rollout-state.ts';
export {
  githubActions,
  type InngestLike,
  inngest,
  type OctokitLike,
  stampOf,
  type WorkflowTarget,
} from './jobs/processors.ts';
export { createRouter, type Processor, type Router, type Sent } from './jobs/router.ts';
