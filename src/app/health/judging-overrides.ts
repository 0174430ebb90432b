import { type OverrideNote, readOverrides } from '../../domain/eligibility/overrides.ts';
import type { Spec } from '../../domain/spec/spec.ts';

/** Variables that affect judging; the others are for applications that embed the library. */
const OF_JUDGING = /_(AUTO_ROLLBACK|MAX_ERROR_RATE)$/;

/** Applies the environment's overrides of judging to a spec, and returns what became of each variable. */
export function underOverrides(
  environment: Readonly<Record<string, string | undefined>>,
  feature: string,
  spec: Spec,
): { spec: Spec; notes: OverrideNote[] } {
  const { overrides, notes } = readOverrides(environment, feature, spec);
  const { auto_rollback, max_error_rate } = overrides;
  return {
    spec: {
      ...spec,
      rollback: { ...spec.rollback, enabled: auto_rollback ?? spec.rollback.enabled },
      thresholds: { ...spec.thresholds, max_error_rate: max_error_rate ?? spec.thresholds.max_error_rate },
    },
    notes: notes.filter(({ variable }) => OF_JUDGING.test(variable)),
  };
}

export function overrideText({ variable, value, applied, because }: OverrideNote): string {
  return `${variable}=${value} is ${applied ? 'in force' : 'refused'}: ${because}`;
}
