import { changeList } from '../../app/operate/lists.ts';
import { setPercentage } from '../../app/operate/set.ts';
import { stop } from '../../app/operate/stop.ts';
import { checkHealth } from '../../app/tick/tick.ts';
import type { Application } from '../../compose/application.ts';
import type { ListAction } from '../../domain/change/requested.ts';
import { HYBRID_FEATURE } from '../../domain/eligibility/overrides.ts';
import { errorText } from '../../lib/error-text.ts';
import { unmatchedText } from '../../report/words/outcome-words.ts';
import { oneOrMore, optional, readArguments } from '../calls/arguments.ts';
import {
  ANYTHING,
  MILLISECONDS,
  NAME,
  PERCENTAGE,
  REASON,
  STOP_REASON,
  SUBJECT,
  YES,
} from '../calls/kinds.ts';
import { takeBack } from '../calls/lowering.ts';
import { actingAs, applicationOf, decided, featureAndOptions, isLive, isoOf } from '../calls/options.ts';
import type {
  FeatureOptions,
  ManagerOptions,
  ProcessorType,
  RepositoryCategory,
  RolloutConfiguration,
  RolloutStats,
} from '../calls/types.ts';
import { categorized } from './category-row.ts';
import { hybridStats } from './stats.ts';

const BY_PROGRAM = 'changed by a program without a reason';
const TRIGGERED_BY = optional(NAME, 'manual');

/**
 * The hand-written manager of one feature, based on the controller's use cases.
 *
 * Reductions act on the database first, raises on the file in Git: without a file (`ManagerOptions.file`) nothing is
 * raised, and the error says what to do. Methods that change something return true if the change is live, and false if
 * it waits for a person's merge; then the log says for what. They throw `RolloutError` if the change failed, and
 * `usage` for a wrong argument.
 */
export class HybridRolloutManager {
  readonly feature: string;
  readonly #application: Application;

  /** Manages the feature that is named first or in the options; `hybrid_progressive_capture` by default. */
  constructor(...args: [feature?: string, options?: ManagerOptions] | [options?: FeatureOptions]) {
    const { feature, options } = featureAndOptions('new HybridRolloutManager', args);
    this.feature = feature ?? HYBRID_FEATURE;
    this.#application = applicationOf(options);
  }

  /** Decides whether the feature is on for this repository, by its id and from memory; false if unknown. */
  async isRepositoryEligible(...args: [repositoryId: string]): Promise<boolean> {
    try {
      const { repositoryId } = readArguments('isRepositoryEligible', args, { repositoryId: SUBJECT });
      return (await this.#application.rollout()).isEligible(this.feature, repositoryId);
    } catch (error) {
      this.#application.log(`${this.feature}: nobody is eligible: ${errorText(error)}`);
      return false;
    }
  }

  /** Returns null if the feature does not exist. */
  async getRolloutConfiguration(...args: []): Promise<RolloutConfiguration | null> {
    readArguments('getRolloutConfiguration', args, {});
    const { store } = await this.#application.controller();
    const row = await store.reading((read) => read.registry.originalConfiguration(this.feature));
    return row && { ...row, created_at: isoOf(row.created_at), updated_at: isoOf(row.updated_at) };
  }

  /**
   * Sets the percentage, 0 to 100. 0 is a rollback: the feature is off for all subjects, including the whitelist, until
   * a person resumes it. To keep the whitelist at 0%, write that into the file: `rollout set FEATURE 0`.
   */
  async updateRolloutPercentage(
    ...args: [percentage: number, triggeredBy?: string, reason?: string]
  ): Promise<boolean> {
    const { percentage, triggeredBy, reason } = readArguments('updateRolloutPercentage', args, {
      percentage: PERCENTAGE,
      triggeredBy: TRIGGERED_BY,
      reason: optional(REASON),
    });
    const deps = actingAs(await this.#application.controller(), triggeredBy);
    const { feature } = this;
    if (percentage === 0) {
      return takeBack(this.#application, deps, { feature, to: null, reason: reason ?? BY_PROGRAM });
    }
    if (!deps.hasRepository && (await this.#isBelow(percentage))) {
      return takeBack(this.#application, deps, { feature, to: percentage, reason: reason ?? BY_PROGRAM });
    }
    return isLive(this.#application, await setPercentage(deps, { feature, percentage, reason, ...decided }));
  }

  /** Rolls the feature back for all subjects: in the database at once, then in the file. */
  async rollbackToZero(...args: [reason?: string, triggeredBy?: string]): Promise<boolean> {
    const { reason, triggeredBy } = readArguments('rollbackToZero', args, {
      reason: optional(REASON, BY_PROGRAM),
      triggeredBy: TRIGGERED_BY,
    });
    const deps = actingAs(await this.#application.controller(), triggeredBy);
    return takeBack(this.#application, deps, { feature: this.feature, to: null, reason });
  }

  /** Stops the feature at once, using only the database. It stays stopped until a person resumes it. */
  async emergencyStop(...args: [reason: string, triggeredBy?: string]): Promise<boolean> {
    const { reason, triggeredBy } = readArguments('emergencyStop', args, {
      reason: STOP_REASON,
      triggeredBy: TRIGGERED_BY,
    });
    return this.#application.unchecked(async (controller) => {
      const deps = actingAs(controller, triggeredBy);
      const { told } = await stop(deps, { feature: this.feature, reason: reason.trim() || 'emergency stop' });
      const { problems, warnings } = await told;
      for (const line of [...problems, ...warnings]) this.#application.log(line);
      return true;
    });
  }

  /** Returns the rollout's statistics; null if the feature does not exist. */
  async getRolloutStats(...args: []): Promise<RolloutStats | null> {
    readArguments('getRolloutStats', args, {});
    return hybridStats((await this.#application.controller()).store, this.feature);
  }

  /** Assigns a repository the category of its size again, by its id or `owner/name`; null if it does not exist. */
  async categorizeRepository(...args: [repositoryId: string]): Promise<RepositoryCategory | null> {
    const { repositoryId } = readArguments('categorizeRepository', args, { repositoryId: SUBJECT });
    return categorized(await this.#application.controller(), repositoryId);
  }

  /** Admits repositories whatever the percentage, by id or `owner/name`. */
  addToWhitelist(
    ...args: [repositoryIds: string | readonly string[], reason?: string, triggeredBy?: string]
  ): Promise<boolean> {
    return this.#changeWhitelist('add', 'addToWhitelist', args);
  }

  /** Removes repositories from the whitelist; the percentage may still admit them. */
  removeFromWhitelist(
    ...args: [repositoryIds: string | readonly string[], reason?: string, triggeredBy?: string]
  ): Promise<boolean> {
    return this.#changeWhitelist('remove', 'removeFromWhitelist', args);
  }

  /** Judges the feature now, as the scheduled tick does; true if that rolled it back. */
  async checkAndTriggerAutoRollback(...args: []): Promise<boolean> {
    readArguments('checkAndTriggerAutoRollback', args, {});
    const controller = await this.#application.controller();
    const input = { actor: 'auto-rollback', environment: this.#application.environment, dryRun: false };
    const { results } = await checkHealth(controller, input, this.feature);
    return results.some(({ action }) => action === 'rolled_back');
  }

  /**
   * Records the end of a job. `processingTime` is in milliseconds. Resolves when the database has it, or when it must
   * be sent later; never throws: an outcome that could not be recorded is logged.
   */
  async recordMetrics(
    ...args: [
      repositoryId: string,
      processorType: ProcessorType,
      success: boolean,
      processingTime?: number | null,
      errorMessage?: string | null,
    ]
  ): Promise<void> {
    try {
      const outcome = readArguments('recordMetrics', args, {
        repositoryId: SUBJECT,
        processorType: NAME,
        success: YES,
        processingTime: ANYTHING,
        errorMessage: ANYTHING,
      });
      const rollout = await this.#application.rollout();
      rollout.record({
        feature: this.feature,
        subject: outcome.repositoryId,
        processor: outcome.processorType,
        ok: outcome.success,
        durationMs: this.#milliseconds(outcome.processingTime),
        error: outcome.errorMessage ?? undefined,
      });
      await rollout.flush();
    } catch (error) {
      this.#application.log(`${this.feature}: an outcome was not recorded: ${errorText(error)}`);
    }
  }

  /** Sends recorded outcomes and closes every connection; a later call opens new ones. */
  close(): Promise<void> {
    return this.#application.close();
  }

  async #changeWhitelist(action: ListAction, method: string, args: readonly unknown[]): Promise<boolean> {
    const { repositoryIds, reason, triggeredBy } = readArguments(method, args, {
      repositoryIds: oneOrMore(SUBJECT),
      reason: optional(REASON),
      triggeredBy: TRIGGERED_BY,
    });
    const deps = actingAs(await this.#application.controller(), triggeredBy);
    const outcome = await changeList(deps, {
      list: 'whitelist',
      action,
      feature: this.feature,
      entries: repositoryIds,
      reason,
      ...decided,
    });
    if (outcome.unmatched.length > 0) {
      this.#application.log(unmatchedText('repository', outcome.unmatched));
    }
    return isLive(this.#application, outcome);
  }

  /** A wrong duration does not lose the outcome: it is recorded without one. */
  #milliseconds(time: unknown): number | undefined {
    if (time === undefined || time === null) return undefined;
    if (typeof time === 'number' && Number.isFinite(time) && time >= 0) return time;
    this.#application.log(
      `${this.feature}: an outcome was recorded without its time: processingTime must be ${MILLISECONDS}`,
    );
    return undefined;
  }

  async #isBelow(percentage: number): Promise<boolean> {
    const row = await this.getRolloutConfiguration();
    return row !== null && percentage < row.rollout_percentage;
  }
}

/**
 * The shared instance for the feature `hybrid_progressive_capture`, configured by the environment. Importing it opens
 * nothing.
 */
export const hybridRolloutManager = new HybridRolloutManager();
