import { addFeature } from '../app/add-feature.ts';
import { advanceFeature } from '../app/advance.ts';
import { resumeFeature } from '../app/resume.ts';
import type { Application } from '../compose/application.ts';
import { EVENT_KINDS, type EventKind, percentageOf, type Tier } from '../domain/pilot.ts';
import { redact } from '../domain/redact.ts';
import { oneOf, quoted } from '../domain/text.ts';
import { RolloutError } from '../errors.ts';
import { wordsOf } from '../runtime/thrown.ts';
import { takeBack } from './lowering.ts';
import { actingAs, applicationOf, decided, isLive } from './options.ts';
import { pilotFields } from './pilot-fields.ts';
import { readPilot, readPilotStats } from './pilot-row.ts';
import type { FeatureRollout, ManagerOptions, PilotOptions, PilotStats } from './types.ts';

const BY_PROGRAM = 'changed by a program that gave no reason';

/**
 * The hand-written manager of pilots with customers, its methods over the controller's use cases.
 *
 * A pilot is a feature of rollout.yaml whose subjects are customers, with the built-in steps `pilot`. What gives it
 * to more customers is a change of the file; a rollback acts in the database at once. For health one customer is
 * one outcome: those it is enabled for and those with an error event in the time window.
 */
export class PilotRolloutManager {
  readonly #application: Application;

  constructor(options?: ManagerOptions) {
    this.#application = applicationOf(options);
  }

  /** Puts a new pilot into the file, switched off (`planned`). Null: it waits for a person's merge. */
  async createRollout(
    featureName: string,
    options: PilotOptions = {},
    triggeredBy = 'manual',
  ): Promise<FeatureRollout | null> {
    const deps = actingAs(await this.#application.controller(), triggeredBy);
    const outcome = await addFeature(deps, {
      feature: featureName,
      fields: pilotFields(options),
      asked: 'PilotRolloutManager.createRollout',
      reason: options.reason,
    });
    return isLive(this.#application, outcome) ? this.getRolloutConfig(featureName) : null;
  }

  /**
   * Switches a planned pilot on, at the percentage of a tier. True when it is live. Throws `held` for one that was
   * live before: going on after that is a person's decision.
   */
  async startRollout(
    featureName: string,
    targetTier: Tier = 'tier_1_internal',
    reason = 'started',
    triggeredBy = 'manual',
  ): Promise<boolean> {
    const percentage = percentageOf(targetTier);
    const { status } = await this.#require(featureName);
    if (status !== 'planned') throw notPlanned(featureName, status);
    if (percentage === 0) {
      throw new RolloutError('usage', `${targetTier} lets nobody in`, { hint: 'name a higher tier' });
    }
    const deps = actingAs(await this.#application.controller(), triggeredBy);
    const input = { feature: featureName, percentage, reason, ...decided };
    return isLive(this.#application, await resumeFeature(deps, input));
  }

  /** Is the feature on for this customer? Decided from memory; false where it cannot be known. */
  async shouldEnableFeature(featureName: string, customerId: string): Promise<boolean> {
    try {
      return (await this.#application.rollout()).isEligible(featureName, customerId);
    } catch (error) {
      this.#application.log(`${featureName}: nobody is eligible: ${wordsOf(error)}`);
      return false;
    }
  }

  /**
   * Goes to the next tier, through the same gate as the scheduled tick: healthy, soaked, not held. False where it
   * waits, and the log says for what. `force` goes on although it waits, and needs a reason.
   */
  async advanceRollout(
    featureName: string,
    { force = false, reason }: { force?: boolean; reason?: string } = {},
    triggeredBy = 'manual',
  ): Promise<boolean> {
    await this.#require(featureName);
    const deps = actingAs(await this.#application.controller(), triggeredBy);
    await deps.store.countCustomers(featureName);
    const { environment } = this.#application;
    const outcome = await advanceFeature(deps, {
      feature: featureName,
      force,
      reason,
      environment,
      ...decided,
    });
    return isLive(this.#application, outcome);
  }

  /**
   * Keeps what happened to one customer. `metadata.error` is what an error said. An error counts for health at
   * once, and the next tick takes back what does harm. Never throws: what could not be recorded is logged.
   */
  async recordEvent(
    featureName: string,
    customerId: string,
    event: EventKind,
    metadata: Readonly<Record<string, unknown>> = {},
  ): Promise<void> {
    try {
      if (!EVENT_KINDS.includes(event)) {
        throw new RolloutError('usage', `${quoted(String(event))} is no event; it is ${oneOf(EVENT_KINDS)}`);
      }
      const { store } = await this.#application.controller();
      const { error } = metadata;
      const said = error === undefined || error === null ? {} : { error: redact(wordsOf(error)) };
      await store.recordEvent({
        feature: featureName,
        customer: customerId,
        event,
        metadata: { ...metadata, ...said },
      });
    } catch (error) {
      this.#application.log(`${featureName}: an event was not recorded: ${wordsOf(error)}`);
    }
  }

  /** How a pilot stands; null where there is no such feature of customers. */
  async getRolloutStats(featureName: string): Promise<PilotStats | null> {
    return readPilotStats((await this.#application.controller()).store, featureName);
  }

  /** The pilot's row, as in the view `feature_rollouts`; null where there is none. */
  async getRolloutConfig(featureName: string): Promise<FeatureRollout | null> {
    return readPilot((await this.#application.controller()).store, featureName);
  }

  /** Takes the feature back for every customer: in the database at once, then in the file. */
  async rollbackFeature(featureName: string, reason = BY_PROGRAM, triggeredBy = 'manual'): Promise<boolean> {
    await this.#require(featureName);
    const deps = actingAs(await this.#application.controller(), triggeredBy);
    return takeBack(this.#application, deps, { feature: featureName, to: null, reason });
  }

  /** Lets go of every connection; a later call opens again. */
  close(): Promise<void> {
    return this.#application.close();
  }

  async #require(featureName: string): Promise<FeatureRollout> {
    const found = await this.getRolloutConfig(featureName);
    if (found) return found;
    throw new RolloutError('unknown_feature', `there is no pilot ${quoted(featureName)}`, {
      hint: 'create it first, or see what is there with: rollout status',
    });
  }
}

let manager: PilotRolloutManager | null = null;

/** One for the whole process, with everything from the environment. */
export function getPilotRolloutManager(): PilotRolloutManager {
  manager ??= new PilotRolloutManager();
  return manager;
}

function notPlanned(feature: string, status: string): RolloutError {
  return status === 'rolled_back' || status === 'paused'
    ? new RolloutError('held', `${feature} is ${status}: a program does not start it again`, {
        hint: `a person does, with: rollout resume ${feature} --percentage N --reason "..."`,
      })
    : new RolloutError('usage', `${feature} is ${status}: it was started already`, {
        hint: 'go to the next tier with advanceRollout',
      });
}
