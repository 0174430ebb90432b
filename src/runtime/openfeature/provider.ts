import {
  ErrorCode,
  type EvaluationContext,
  GeneralError,
  type JsonValue,
  OpenFeatureEventEmitter,
  type Provider,
  ProviderEvents,
  ProviderFatalError,
  type ResolutionDetails,
  StandardResolutionReasons,
  type TrackingEventDetails,
} from '@openfeature/server-sdk';
import { RolloutError } from '../../errors.ts';
import { createRollout } from '../create.ts';
import type { Evaluation } from '../host/evaluation.ts';
import type { RolloutOptions } from '../host/options.ts';
import type { Rollout } from '../host/rollout.ts';
import { isNoFeature } from '../no-feature.ts';
import { Resolutions } from './resolution.ts';
import { endOf } from './tracking.ts';

/** The evaluation before `initialize`; the SDK does not evaluate then, but another holder of the provider may. */
const NOT_READY: Evaluation = {
  eligible: false,
  reason: 'not_ready',
  bucket: null,
  percentage: null,
  revision: null,
  stale: false,
};

/**
 * Rollouts as an OpenFeature provider.
 *
 * A feature is a boolean flag, or a string flag with the values `on` and `off`; both have the variant of that name.
 * `targetingKey` is the subject's id; other attributes of the context are ignored. `flagMetadata` has the library's own
 * reason, the percentage, and the commit as `version`.
 *
 * With options, it opens the library when the SDK initialises it and closes it with the SDK. With a `Rollout` it uses
 * that one, which stays open: `close` it yourself.
 *
 * ```ts
 * await OpenFeature.setProviderAndWait(new RolloutProvider({ connectionString: process.env.DATABASE_URL }));
 * const client = OpenFeature.getClient();
 * await client.getBooleanValue('new_checkout', false, { targetingKey: customer.id });
 * client.track('new_checkout', { targetingKey: customer.id }, { ok: true, value: 120, processor: 'inngest' });
 * ```
 */
export class RolloutProvider implements Provider {
  readonly metadata = { name: 'rollout-controller' } as const;
  readonly runsOn = 'server';
  readonly events = new OpenFeatureEventEmitter();
  readonly #given: Rollout | RolloutOptions;
  readonly #flags = new Resolutions<boolean>({ on: true, off: false });
  readonly #variants = new Resolutions<string>({ on: 'on', off: 'off' });
  #rollout: Rollout | null = null;
  #listening: (() => void)[] = [];

  constructor(rollout: Rollout | RolloutOptions) {
    this.#given = rollout;
  }

  /** Throws if no decision is possible yet; the SDK emits READY once it is. */
  async initialize(): Promise<void> {
    this.#stopListening();
    const rollout = isRollout(this.#given) ? this.#given : (this.#rollout ?? (await opened(this.#given)));
    this.#rollout = rollout;
    this.#listen(rollout);
    const { status } = rollout.state();
    if (status === 'refused') throw new ProviderFatalError('the database does not fit this version');
    if (status === 'closed') throw new ProviderFatalError('the library was closed');
    if (status === 'starting') throw new GeneralError('the database did not answer yet; it is tried again');
    if (status === 'stale' || status === 'expired') {
      // After the READY that the SDK emits when this promise resolves.
      setImmediate(() =>
        this.events.emit(ProviderEvents.Stale, { message: staleMessage(status === 'expired') }),
      );
    }
  }

  async onClose(): Promise<void> {
    this.#stopListening();
    const rollout = this.#rollout;
    this.#rollout = null;
    if (rollout === null) return;
    if (isRollout(this.#given)) await rollout.flush();
    else await rollout.close();
  }

  resolveBooleanEvaluation(
    flag: string,
    defaultValue: boolean,
    context: EvaluationContext,
  ): Promise<ResolutionDetails<boolean>> {
    return this.#resolve(this.#flags, flag, defaultValue, context);
  }

  resolveStringEvaluation(
    flag: string,
    defaultValue: string,
    context: EvaluationContext,
  ): Promise<ResolutionDetails<string>> {
    return this.#resolve(this.#variants, flag, defaultValue, context);
  }

  resolveNumberEvaluation(flag: string, defaultValue: number): Promise<ResolutionDetails<number>> {
    return Promise.resolve(this.#refuse(flag, defaultValue, 'number'));
  }

  resolveObjectEvaluation<T extends JsonValue>(flag: string, defaultValue: T): Promise<ResolutionDetails<T>> {
    return Promise.resolve(this.#refuse(flag, defaultValue, 'object'));
  }

  /** Records the end of a job, as `endOf` reads it. */
  track(feature: string, context: EvaluationContext, details?: TrackingEventDetails): void {
    const end = endOf(feature, context, details);
    if (end !== null) this.#rollout?.record(end);
  }

  /** Answers a type that no feature has. In a chain of providers the next one is tried if the name is not a feature. */
  #refuse<T>(flag: string, defaultValue: T, asked: string): ResolutionDetails<T> {
    const rollout = this.#rollout;
    const decision = rollout?.evaluate(flag, '') ?? NOT_READY;
    if (decision.reason === 'not_ready') return notReady(defaultValue);
    if (rollout && isNoFeature(decision, rollout)) return notFound(flag, defaultValue);
    return wrongType(flag, defaultValue, asked);
  }

  #resolve<T>(
    resolutions: Resolutions<T>,
    flag: string,
    defaultValue: T,
    { targetingKey }: EvaluationContext,
  ): Promise<ResolutionDetails<T>> {
    const rollout = this.#rollout;
    const decision = rollout?.evaluate(flag, targetingKey ?? '') ?? NOT_READY;
    if (rollout && isNoFeature(decision, rollout)) return Promise.resolve(notFound(flag, defaultValue));
    return resolutions.of(flag, targetingKey, decision, defaultValue);
  }

  #listen(rollout: Rollout): void {
    const { events } = this;
    this.#listening = [
      rollout.on('change', ({ features }) =>
        events.emit(ProviderEvents.ConfigurationChanged, { flagsChanged: [...features] }),
      ),
      rollout.on('ready', () => events.emit(ProviderEvents.Ready, { message: 'the database answers' })),
      rollout.on('stale', ({ expired }) =>
        events.emit(ProviderEvents.Stale, { message: staleMessage(expired) }),
      ),
      rollout.on('error', ({ message }) => {
        // Errors that are retried do not change the provider's state; a database that does not fit does.
        if (rollout.state().status !== 'refused') return;
        events.emit(ProviderEvents.Error, { message, errorCode: ErrorCode.PROVIDER_FATAL });
      }),
    ];
  }

  #stopListening(): void {
    for (const stop of this.#listening) stop();
    this.#listening = [];
  }
}

/** Errors that waiting does not solve are fatal in OpenFeature's terms: another database, or none given. */
async function opened(options: RolloutOptions): Promise<Rollout> {
  try {
    return await createRollout(options);
  } catch (error) {
    if (!(error instanceof RolloutError)) throw error;
    const hint = error.hint ? `; ${error.hint}` : '';
    throw new ProviderFatalError(`${error.message}${hint}`, { cause: error });
  }
}

function isRollout(given: Rollout | RolloutOptions): given is Rollout {
  return 'isEligible' in given;
}

function staleMessage(expired: boolean): string {
  return expired
    ? 'the database has not answered for too long: nobody is eligible'
    : 'the database does not answer; decisions go on from what was read last';
}

function notReady<T>(defaultValue: T): ResolutionDetails<T> {
  return {
    value: defaultValue,
    reason: StandardResolutionReasons.ERROR,
    errorCode: ErrorCode.PROVIDER_NOT_READY,
    errorMessage: 'no feature was read from the database yet',
  };
}

function notFound<T>(flag: string, defaultValue: T): ResolutionDetails<T> {
  return {
    value: defaultValue,
    reason: StandardResolutionReasons.ERROR,
    errorCode: ErrorCode.FLAG_NOT_FOUND,
    errorMessage: `there is no feature ${JSON.stringify(flag)}`,
  };
}

function wrongType<T>(flag: string, defaultValue: T, asked: string): ResolutionDetails<T> {
  return {
    value: defaultValue,
    reason: StandardResolutionReasons.ERROR,
    errorCode: ErrorCode.TYPE_MISMATCH,
    errorMessage: `${JSON.stringify(flag)} is a boolean or a string, not a ${asked}`,
  };
}
