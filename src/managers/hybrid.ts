import { changeList, type ListAction } from '../app/lists.ts';
import { setPercentage } from '../app/set.ts';
import { checkHealth } from '../app/tick.ts';
import type { Application } from '../compose/application.ts';
import { HYBRID_FEATURE } from '../domain/overrides.ts';
import type { Category } from '../domain/vocabulary.ts';
import { hybridStats } from './hybrid-stats.ts';
import { takeBack } from './lowering.ts';
import { actingAs, applicationOf, decided, isLive, isoOf, requirePercentage } from './options.ts';
import type { ManagerOptions, ProcessorType, RolloutConfiguration, RolloutStats } from './types.ts';

const BY_PROGRAM = 'changed by a program that gave no reason';

/**
 * The hand-written manager of one feature, its methods over the controller's use cases.
 *
 * Toward safety the database comes first, toward exposure the file in Git: without a file (`ManagerOptions.file`)
 * nothing is raised, and the error says how it can be. Methods that change something return true when it is live,
 * and false when it waits for a person's merge; then the log says what for. They throw `RolloutError` where it
 * could not be done.
 */
export class HybridRolloutManager {
  readonly feature: string;
  readonly #application: Application;

  /** `feature` is `hybrid_progressive_capture` unless another is named. */
  constructor(options?: ManagerOptions & { feature?: string }) {
    this.feature = options?.feature ?? HYBRID_FEATURE;
    this.#application = applicationOf(options);
  }

  /** Is the feature on for this repository, by its id? Decided from memory; false where it cannot be known. */
  async isRepositoryEligible(repositoryId: string): Promise<boolean> {
    try {
      return (await this.#application.rollout()).isEligible(this.feature, repositoryId);
    } catch (error) {
      this.#application.log(`${this.feature}: nobody is eligible: ${messageOf(error)}`);
      return false;
    }
  }

  /** Null where there is no such feature. */
  async getRolloutConfiguration(): Promise<RolloutConfiguration | null> {
    const { store } = await this.#application.controller();
    const row = await store.reading((read) => read.originalConfiguration(this.feature));
    return row && { ...row, created_at: isoOf(row.created_at), updated_at: isoOf(row.updated_at) };
  }

  /**
   * Sets the percentage, 0 to 100. 0 is a rollback: the feature is off for everyone, whitelist included, and stays
   * so until a person resumes it. To keep the whitelist at 0 %, write that into the file: `rollout set FEATURE 0`.
   */
  async updateRolloutPercentage(
    percentage: number,
    reason?: string,
    triggeredBy = 'manual',
  ): Promise<boolean> {
    requirePercentage(percentage);
    if (percentage === 0) return this.rollbackToZero(reason, triggeredBy);
    const controller = await this.#application.controller();
    const deps = actingAs(controller, triggeredBy);
    const { feature } = this;
    if (!controller.hasRepository && (await this.#isBelow(percentage))) {
      return takeBack(this.#application, deps, { feature, to: percentage, reason: reason ?? BY_PROGRAM });
    }
    return isLive(this.#application, await setPercentage(deps, { feature, percentage, reason, ...decided }));
  }

  /** Takes the feature back for everyone: in the database at once, then in the file. */
  async rollbackToZero(reason = BY_PROGRAM, triggeredBy = 'manual'): Promise<boolean> {
    const deps = actingAs(await this.#application.controller(), triggeredBy);
    return takeBack(this.#application, deps, { feature: this.feature, to: null, reason });
  }

  /** Stops the feature at once, with nothing but the database. It stays stopped until a person resumes it. */
  async emergencyStop(reason: string, triggeredBy = 'emergency'): Promise<boolean> {
    return this.#application.unchecked(async (controller) => {
      const { store, actor } = actingAs(controller, triggeredBy);
      await store.stop(this.feature, reason.trim() || 'emergency stop', actor);
      return true;
    });
  }

  /** How the rollout stands; null where there is no such feature. */
  async getRolloutStats(): Promise<RolloutStats | null> {
    return hybridStats((await this.#application.controller()).store, this.feature);
  }

  /** Gives a repository the category of its size again; null where there is none of that id or `owner/name`. */
  async categorizeRepository(repositoryId: string): Promise<Category | null> {
    const { store, actor } = await this.#application.controller();
    return store.categorizeOne({ actor }, repositoryId);
  }

  /** Lets repositories in whatever the percentage, by id or `owner/name`. */
  addToWhitelist(
    repositoryIds: string | readonly string[],
    reason?: string,
    triggeredBy = 'manual',
  ): Promise<boolean> {
    return this.#changeWhitelist('add', repositoryIds, reason, triggeredBy);
  }

  /** Takes repositories out of the whitelist; they may still be in by the percentage. */
  removeFromWhitelist(
    repositoryIds: string | readonly string[],
    reason?: string,
    triggeredBy = 'manual',
  ): Promise<boolean> {
    return this.#changeWhitelist('remove', repositoryIds, reason, triggeredBy);
  }

  /** Judges the feature now, as the scheduled tick does; true where that took it back. */
  async checkAndTriggerAutoRollback(): Promise<boolean> {
    const controller = await this.#application.controller();
    const input = { actor: 'auto-rollback', environment: this.#application.environment, dryRun: false };
    const { results } = await checkHealth(controller, input, this.feature);
    return results.some(({ action }) => action === 'rolled_back');
  }

  /**
   * How a finished job ended. `processingTime` is in milliseconds. Resolves when the database has it, or when it is
   * clear that it has to be sent later; never throws.
   */
  async recordMetrics(
    repositoryId: string,
    processorType: ProcessorType,
    success: boolean,
    processingTime?: number,
    errorMessage?: string,
  ): Promise<void> {
    try {
      const rollout = await this.#application.rollout();
      rollout.record({
        ...{ feature: this.feature, subject: repositoryId, processor: processorType, ok: success },
        ...{ durationMs: processingTime, error: errorMessage },
      });
      await rollout.flush();
    } catch (error) {
      this.#application.log(`${this.feature}: an outcome was not recorded: ${messageOf(error)}`);
    }
  }

  /** Sends what is recorded and lets go of every connection; a later call opens again. */
  close(): Promise<void> {
    return this.#application.close();
  }

  async #changeWhitelist(
    action: ListAction,
    repositoryIds: string | readonly string[],
    reason: string | undefined,
    triggeredBy: string,
  ): Promise<boolean> {
    const deps = actingAs(await this.#application.controller(), triggeredBy);
    const entries = typeof repositoryIds === 'string' ? [repositoryIds] : repositoryIds;
    const input = { list: 'whitelist', action, feature: this.feature, entries, reason, ...decided } as const;
    const outcome = await changeList(deps, input);
    if (outcome.unmatched.length > 0) {
      this.#application.log(`${outcome.title}: no repository is known as ${outcome.unmatched.join(', ')}`);
    }
    return isLive(this.#application, outcome);
  }

  async #isBelow(percentage: number): Promise<boolean> {
    const row = await this.getRolloutConfiguration();
    return row !== null && percentage < row.rollout_percentage;
  }
}

/** For the feature `hybrid_progressive_capture`, with everything from the environment. Importing it opens nothing. */
export const hybridRolloutManager = new HybridRolloutManager();

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
