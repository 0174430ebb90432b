import { addFeature } from '../../app/operate/add-feature.ts';
import { advanceFeature } from '../../app/operate/advance.ts';
import { resumeFeature } from '../../app/operate/resume.ts';
import { setPercentage } from '../../app/operate/set.ts';
import type { Application } from '../../compose/application.ts';
import { percentageOf, tierOf } from '../../domain/originals/pilot.ts';
import { errorText } from '../../lib/error-text.ts';
import { quoted } from '../../lib/text.ts';
import { optional, readArguments } from '../calls/arguments.ts';
import { NAME, REASON, SUBJECT } from '../calls/kinds.ts';
import { takeBack } from '../calls/lowering.ts';
import { actingAs, applicationOf, decided, optionsOf } from '../calls/options.ts';
import type {
  ManagerOptions,
  NewPilot,
  PilotAdvance,
  PilotAdvanced,
  PilotConfig,
  PilotEvent,
  PilotResult,
  PilotStart,
  PilotStats,
} from '../calls/types.ts';
import { recordedEvent } from './event.ts';
import { pilotFields } from './fields.ts';
import { ADVANCE, NEW_PILOT, PILOT_EVENT, START } from './kinds.ts';
import { liveResult, resultOf } from './result.ts';
import { noStats, readPilot, readPilotStats } from './row.ts';
import { notPlanned, notStarted, requirePilot } from './standing.ts';

const BY_PROGRAM = 'changed by a program without a reason';

/**
 * The hand-written manager of pilots with customers, based on the controller's use cases.
 *
 * A pilot is a feature of rollout.yaml whose subjects are customers, with the built-in steps `pilot`. A raise is a
 * change of the file; a rollback acts on the database at once. For health one customer is one outcome: those for whom
 * it is enabled, and those with an error event in the time window.
 *
 * Methods that change something resolve to `{ success, error }`, as in the originals. They throw `RolloutError` with
 * the code `usage` for a wrong argument.
 */
export class PilotRolloutManager {
  readonly #application: Application;

  constructor(...args: [options?: ManagerOptions]) {
    this.#application = applicationOf(optionsOf('new PilotRolloutManager', args));
  }

  /** Adds a new pilot to the file, at 0%: only its whitelist is in, once this is live. */
  async createRollout(...args: [pilot: NewPilot]): Promise<PilotResult> {
    const { pilot } = readArguments('createRollout', args, { pilot: NEW_PILOT });
    return resultOf(async () => {
      const deps = actingAs(await this.#application.controller(), pilot.triggeredBy);
      const outcome = await addFeature(deps, {
        feature: pilot.featureName,
        fields: pilotFields(pilot),
        asked: 'PilotRolloutManager.createRollout',
        reason: pilot.reason,
      });
      return liveResult(outcome);
    });
  }

  /**
   * Switches a planned pilot on, at the percentage of a tier. A pilot that was live before must be resumed by a person.
   */
  async startRollout(...args: [featureName: string, start?: PilotStart]): Promise<PilotResult> {
    const { featureName: feature, start } = readArguments('startRollout', args, {
      featureName: NAME,
      start: optional(START, STARTED),
    });
    return resultOf(async () => {
      const controller = await this.#application.controller();
      const { status } = await requirePilot(controller, feature);
      if (status !== 'planned') throw notPlanned(feature, status);
      const row = (await controller.store.reading((read) => read.features.actual(feature))).get(feature);
      const deps = actingAs(controller, start.triggeredBy);
      const input = { feature, percentage: percentageOf(start.tier), reason: start.reason, ...decided };
      return liveResult(
        await (row?.columns.active ? setPercentage(deps, input) : resumeFeature(deps, input)),
      );
    });
  }

  /** Decides whether the feature is on for this customer, from memory; false if unknown. */
  async shouldEnableFeature(...args: [featureName: string, customerId: string]): Promise<boolean> {
    try {
      const { featureName, customerId } = readArguments('shouldEnableFeature', args, {
        featureName: NAME,
        customerId: SUBJECT,
      });
      return (await this.#application.rollout()).isEligible(featureName, customerId);
    } catch (error) {
      this.#application.log(`nobody is eligible: ${errorText(error)}`);
      return false;
    }
  }

  /**
   * Goes to the next tier, through the same gate as the scheduled tick: healthy, soaked, not held. If the gate waits,
   * `error` says for what. `force` advances nevertheless, and needs a reason.
   */
  async advanceRollout(...args: [featureName: string, advance?: PilotAdvance]): Promise<PilotAdvanced> {
    const { featureName: feature, advance } = readArguments('advanceRollout', args, {
      featureName: NAME,
      advance: optional(ADVANCE, ADVANCED),
    });
    return resultOf<PilotAdvanced>(async () => {
      const controller = await this.#application.controller();
      const { status } = await requirePilot(controller, feature);
      if (status === 'planned') throw notStarted(feature);
      const deps = actingAs(controller, advance.triggeredBy);
      await deps.store.outcomes.countCustomers(feature);
      const { environment } = this.#application;
      const { force, reason } = advance;
      const outcome = await advanceFeature(deps, { feature, force, reason, environment, ...decided });
      const result = liveResult(outcome);
      const to = outcome.advance.next?.percentage;
      return result.success && to !== undefined ? { ...result, newTier: tierOf(to) } : result;
    });
  }

  /**
   * Records an event of one customer. `metadata.error` is the text of an error. An error counts for health at once, and
   * the next tick rolls back a harmful pilot. Never throws: an event that could not be recorded is logged.
   */
  async recordEvent(...args: [event: PilotEvent]): Promise<void> {
    try {
      const { event } = readArguments('recordEvent', args, { event: PILOT_EVENT });
      const recorded = recordedEvent(event, (line) => this.#application.log(line));
      await (await this.#application.controller()).store.outcomes.recordEvent(recorded);
    } catch (error) {
      this.#application.log(`an event was not recorded: ${errorText(error)}`);
    }
  }

  /** Returns the pilot's statistics; all 0 if no feature of customers has this name, which is logged. */
  async getRolloutStats(...args: [featureName: string]): Promise<PilotStats> {
    const { featureName } = readArguments('getRolloutStats', args, { featureName: NAME });
    const found = await readPilotStats((await this.#application.controller()).store, featureName);
    if (!found) this.#application.log(`there is no pilot ${quoted(featureName)}: its numbers are all 0`);
    return found ?? noStats(featureName);
  }

  /** Returns the pilot's row of the view `feature_rollouts`; null if there is none. */
  async getRolloutConfig(...args: [featureName: string]): Promise<PilotConfig | null> {
    const { featureName } = readArguments('getRolloutConfig', args, { featureName: NAME });
    return readPilot((await this.#application.controller()).store, featureName);
  }

  /** Rolls the feature back for every customer: in the database at once, then in the file. */
  async rollbackFeature(
    ...args: [featureName: string, reason?: string, triggeredBy?: string]
  ): Promise<PilotResult> {
    const { featureName, reason, triggeredBy } = readArguments('rollbackFeature', args, {
      featureName: NAME,
      reason: optional(REASON, BY_PROGRAM),
      triggeredBy: optional(NAME, 'manual'),
    });
    return resultOf(async () => {
      const controller = await this.#application.controller();
      await requirePilot(controller, featureName);
      const input = { feature: featureName, to: null, reason };
      return { success: await takeBack(this.#application, actingAs(controller, triggeredBy), input) };
    });
  }

  /** Closes every connection; a later call opens new ones. */
  close(): Promise<void> {
    return this.#application.close();
  }
}

const STARTED = { tier: 'tier_1_internal', reason: 'started', triggeredBy: 'manual' } as const;
const ADVANCED = { force: false, reason: undefined, triggeredBy: 'manual' };

let manager: PilotRolloutManager | null = null;

/** Returns the process-wide instance, configured by the environment. */
export function getPilotRolloutManager(): PilotRolloutManager {
  manager ??= new PilotRolloutManager();
  return manager;
}
