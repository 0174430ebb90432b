import type { Outcome } from '../../domain/evidence/outcomes.ts';
import type { Observation } from '../../store/guardrails/observation.ts';

/** An end that `record` took. */
export type RecordedEnd = Readonly<Outcome>;

/** An event that `observe` took. */
export type ObservedEvent = Readonly<Observation>;
