/**
 * The classes of the hand-written managers, based on this controller: `import { hybridRolloutManager } from
 * 'rollout-controller/managers'`. A separate entry, because changing the file needs its parser and its schema.
 */
export { RolloutStatus, RolloutTier } from '../domain/originals/pilot.ts';
export { type ErrorCode, RolloutError } from '../errors.ts';
export type {
  CategorizeAllResult,
  CategoryStats,
  FeatureOptions,
  ManagerOptions,
  NewPilot,
  PilotAdvance,
  PilotAdvanced,
  PilotConfig,
  PilotEvent,
  PilotResult,
  PilotStart,
  PilotStats,
  ProcessorType,
  RepositoryCategory,
  RolloutConfiguration,
  RolloutStats,
} from './calls/types.ts';
export { RepositoryCategorizationManager, repositoryCategorizer } from './hybrid/categorization.ts';
export { HybridRolloutManager, hybridRolloutManager } from './hybrid/hybrid-manager.ts';
export { getPilotRolloutManager, PilotRolloutManager } from './pilot/pilot-manager.ts';
