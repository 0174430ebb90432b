/** For applications without a database connection: `import { createRollout } from 'rollout-controller/http'`. */
export { type ErrorCode, RolloutError } from '../../errors.ts';
export type {
  BreakerEvent,
  ChangeEvent,
  ControllerStaleEvent,
  DecisionReason,
  Evaluation,
  Job,
  JobEnd,
  OtherHistoryEvent,
  Rollout,
  RolloutEvents,
  RolloutState,
  Routed,
  SnapshotCache,
  StaleEvent,
  Stamp,
} from '../host/api.ts';
export {
  githubActions,
  type InngestLike,
  inngest,
  type OctokitLike,
  stampOf,
  type WorkflowTarget,
} from '../jobs/processors.ts';
export { createRouter, type Processor, type Router, type Sent } from '../jobs/router.ts';
export type { HttpRolloutOptions } from './api.ts';
export { createRollout } from './create.ts';
