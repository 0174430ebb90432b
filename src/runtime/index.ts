/** What an application embeds: `import { createRollout } from 'rollout-controller'`. */
export { type ErrorCode, RolloutError } from '../errors.ts';
export { createRollout } from './create.ts';
export type {
  BreakerEvent,
  ChangeEvent,
  ControllerStaleEvent,
  DecisionReason,
  Evaluation,
  Job,
  JobEnd,
  ObserveOptions,
  OtherHistoryEvent,
  PoolLike,
  Rollout,
  RolloutDatabase,
  RolloutEvents,
  RolloutOptions,
  RolloutSettings,
  RolloutState,
  Routed,
  SnapshotCache,
  StaleEvent,
  Stamp,
} from './host/api.ts';
export {
  githubActions,
  type InngestLike,
  inngest,
  type OctokitLike,
  stampOf,
  type WorkflowTarget,
} from './jobs/processors.ts';
export { createRouter, type Processor, type Router, type Sent } from './jobs/router.ts';
