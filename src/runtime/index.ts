/** What an application embeds: `import { createRollout } from 'rollout-controller'`. */
export { type ErrorCode, RolloutError } from '../errors.ts';
export { createRollout } from './create.ts';
export {
  githubActions,
  type InngestLike,
  inngest,
  type OctokitLike,
  stampOf,
  type WorkflowTarget,
} from './processors.ts';
export { createRouter, type Processor, type Router, type Sent } from './router.ts';
export type {
  ChangeEvent,
  ControllerStaleEvent,
  DecisionReason,
  Evaluation,
  Job,
  JobEnd,
  OtherHistoryEvent,
  PoolLike,
  Rollout,
  RolloutDatabase,
  RolloutEvents,
  RolloutOptions,
  RolloutSettings,
  RolloutState,
  Routed,
  StaleEvent,
  Stamp,
} from './types.ts';
