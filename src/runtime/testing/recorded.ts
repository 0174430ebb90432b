import type { Outcome } from '../../domain/evidence/outcomes.ts';
import type { Observation } from '../../store/guardrails/observation.ts';

/** An end that `record` accepted. */
export type RecordedEnd = Readonly<Outcome>;

/** An event that `observe` accepted. */
export type ObservedEvent = Readonly<Observation>;
