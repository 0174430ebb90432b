import {
  createEvaluationEvent,
  type EvaluationDetails,
  type FlagValue,
  type Hook,
  type HookContext,
  TelemetryAttribute,
} from '@openfeature/server-sdk';

/** The part of `trace` of `@opentelemetry/api` that is used. */
export interface Tracing {
  getActiveSpan():
    | { addEvent(name: string, attributes: Record<string, string | number | boolean>): unknown }
    | undefined;
}

export interface TelemetryOptions {
  /** True: puts the subject's id into `feature_flag.context.id`. Default false, because an id may be personal. */
  subjects?: boolean;
}

/**
 * Adds an event `feature_flag.evaluation` to the active span for each evaluation, with the attributes of
 * OpenTelemetry's semantic conventions: key, provider, variant, value, reason, the commit as version, and any error.
 * Costs nothing without an active span, and never throws.
 *
 * ```ts
 * import { trace } from '@opentelemetry/api';
 * OpenFeature.addHooks(new TelemetryHook(trace));
 * ```
 */
export class TelemetryHook implements Hook {
  readonly #tracing: Tracing;
  readonly #subjects: boolean;

  constructor(tracing: Tracing, { subjects = false }: TelemetryOptions = {}) {
    this.#tracing = tracing;
    this.#subjects = subjects;
  }

  finally(context: HookContext<FlagValue>, details: EvaluationDetails<FlagValue>): void {
    const span = this.#tracing.getActiveSpan();
    if (span === undefined) return;
    const { name, attributes } = createEvaluationEvent(context, details);
    const known = Object.entries(attributes).filter(
      ([key, value]) => value !== undefined && (this.#subjects || key !== TelemetryAttribute.CONTEXT_ID),
    );
    span.addEvent(name, Object.fromEntries(known) as Record<string, string | number | boolean>);
  }
}
