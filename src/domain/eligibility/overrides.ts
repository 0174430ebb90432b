import { plainHint, plainNumber } from '../../lib/plain-number.ts';
import type { Spec } from '../spec/spec.ts';
import { STRATEGIES, type Strategy } from '../spec/vocabulary.ts';
import type { Overrides } from './eligibility.ts';

/** The feature that the `HYBRID_*` variables affect. `ROLLOUT_*` affect every feature. */
export const HYBRID_FEATURE = 'hybrid_progressive_capture';

/** Environment overrides of one feature's spec. */
export interface EnvironmentOverrides extends Overrides {
  auto_rollback?: boolean;
  max_error_rate?: number;
}

/** One environment variable and whether it was applied, for the log and for history. */
export interface OverrideNote {
  variable: string;
  value: string;
  applied: boolean;
  /** Why the variable was refused, or its effect. */
  because: string;
}

export interface OverrideReading {
  overrides: EnvironmentOverrides;
  notes: OverrideNote[];
}

type Environment = Readonly<Record<string, string | undefined>>;
type SpecLimits = Pick<Spec, 'percentage'> & {
  rollback: { enabled: boolean };
  thresholds: { max_error_rate: number };
};

const VARIABLES: readonly { rollout: string; hybrid: string; read: Reader }[] = [
  { rollout: 'ROLLOUT_EMERGENCY_STOP', hybrid: 'HYBRID_EMERGENCY_STOP', read: readStop },
  { rollout: 'ROLLOUT_PERCENTAGE', hybrid: 'HYBRID_ROLLOUT_PERCENTAGE', read: readPercentage },
  { rollout: 'ROLLOUT_STRATEGY', hybrid: 'HYBRID_ROLLOUT_STRATEGY', read: readStrategy },
  { rollout: 'ROLLOUT_AUTO_ROLLBACK', hybrid: 'HYBRID_AUTO_ROLLBACK', read: readAutoRollback },
  { rollout: 'ROLLOUT_MAX_ERROR_RATE', hybrid: 'HYBRID_MAX_ERROR_RATE', read: readMaxErrorRate },
];

/** The override that a variable sets, or why it is refused. Null: it has no effect. */
type Read = { set: EnvironmentOverrides; because: string } | { refuse: string } | null;
type Reader = (value: string, spec: SpecLimits, production: boolean) => Read;

/**
 * Reads the environment overrides of one feature.
 *
 * With `NODE_ENV=production` only safer values pass: a stop, a lower percentage, auto-rollback on, a lower limit. A
 * refused or unreadable value is noted and ignored; it never prevents a start. If both a `ROLLOUT_*` and a `HYBRID_*`
 * variable are set, the feature-specific one wins, except that either one stops.
 */
export function readOverrides(environment: Environment, feature: string, spec: SpecLimits): OverrideReading {
  const production = environment.NODE_ENV === 'production';
  const reading: OverrideReading = { overrides: {}, notes: [] };
  for (const { rollout, hybrid, read } of VARIABLES) {
    for (const variable of feature === HYBRID_FEATURE ? [rollout, hybrid] : [rollout]) {
      const value = environment[variable]?.trim();
      if (value === undefined || value === '') continue;
      const result = read(value, spec, production);
      if (result === null) continue;
      const applied = 'set' in result;
      if (applied) Object.assign(reading.overrides, result.set);
      reading.notes.push({ variable, value, applied, because: applied ? result.because : result.refuse });
    }
  }
  return reading;
}

/** `EMERGENCY_STOP` stops with every value except empty, `false`, `0`, `no` and `off`: a typo must stop, not start. */
function readStop(value: string): Read {
  if (['false', '0', 'no', 'off'].includes(value.toLowerCase())) return null;
  return { set: { env_stop: true }, because: 'stops the feature in this process' };
}

function readPercentage(value: string, spec: SpecLimits, production: boolean): Read {
  const percentage = plainNumber(value, 10);
  if (percentage === null || percentage > 100) {
    return { refuse: `a percentage is a number from 0 to 100${plainHint(value)}` };
  }
  if (production && percentage > spec.percentage) {
    return { refuse: `in production it may only lower, and the spec says ${spec.percentage}%` };
  }
  return { set: { percentage }, because: `the spec says ${spec.percentage}%` };
}

function readStrategy(value: string, _spec: SpecLimits, production: boolean): Read {
  if (production) return { refuse: 'in production no other strategy is known to be safer' };
  if (!isStrategy(value)) return { refuse: `a strategy is one of ${STRATEGIES.join(', ')}` };
  return { set: { strategy: value }, because: 'for development' };
}

function readAutoRollback(value: string, spec: SpecLimits, production: boolean): Read {
  const enabled = readFlag(value);
  if (enabled === null) return { refuse: 'auto-rollback is true or false' };
  if (production && !enabled && spec.rollback.enabled) {
    return { refuse: 'in production it may only be switched on' };
  }
  return { set: { auto_rollback: enabled }, because: `the spec says ${spec.rollback.enabled}` };
}

function readMaxErrorRate(value: string, spec: SpecLimits, production: boolean): Read {
  const limit = plainNumber(value, 10);
  if (limit === null || limit <= 0 || limit > 100) {
    return { refuse: `an error rate is a number above 0, up to 100${plainHint(value)}` };
  }
  if (production && limit > spec.thresholds.max_error_rate) {
    return {
      refuse: `in production it may only lower, and the spec says ${spec.thresholds.max_error_rate}%`,
    };
  }
  return { set: { max_error_rate: limit }, because: `the spec says ${spec.thresholds.max_error_rate}%` };
}

function readFlag(value: string): boolean | null {
  const text = value.toLowerCase();
  if (['true', '1', 'yes', 'on'].includes(text)) return true;
  return ['false', '0', 'no', 'off'].includes(text) ? false : null;
}

function isStrategy(value: string): value is Strategy {
  return (STRATEGIES as readonly string[]).includes(value);
}
