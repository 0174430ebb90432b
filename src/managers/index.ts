/**
 * The classes of the hand-written managers, over this controller: `import { hybridRolloutManager } from
 * 'rollout-controller/managers'`. An entry of its own, because changing the file needs its parser and its schema.
 */
export { RolloutError } from '../errors.ts';
export type { CategorizeAllResult, CategoryStats, RepositoryCategory } from './categorization.ts';
export { RepositoryCategorizationManager } from './categorization.ts';
export type { ProcessorType, RolloutConfiguration } from './hybrid.ts';
export { HybridRolloutManager, hybridRolloutManager } from './hybrid.ts';
export type { RolloutStats } from './hybrid-stats.ts';
export type { ManagerOptions } from './options.ts';
export { getPilotRolloutManager, PilotRolloutManager } from './pilot.ts';
export type { PilotOptions } from './pilot-fields.ts';
export type { FeatureRollout, PilotStats } from './pilot-row.ts';
