import type { Overrides } from '../domain/eligibility.ts';
import { HYBRID_FEATURE, type OverrideNote, readOverrides } from '../domain/overrides.ts';
import type { RuntimeFeature } from '../store/runtime-snapshot.ts';

type Variables = Readonly<Record<string, string | undefined>>;

/** The variables that act on decisions; AUTO_ROLLBACK and MAX_ERROR_RATE act on the tick. */
const OURS = /^(ROLLOUT|HYBRID)_(EMERGENCY_STOP|ROLLOUT_PERCENTAGE|PERCENTAGE|ROLLOUT_STRATEGY|STRATEGY)$/;
const NONE: Overrides = {};

/** What this process' environment lays over the specs: read once, told once per value. */
export class EnvironmentOverrides {
  readonly #variables: Variables | null;
  readonly #tell: (feature: string, note: OverrideNote) => void;
  readonly #told = new Set<string>();

  /** `tell` is called once for each variable, value and feature, refused ones too. */
  constructor(env: Variables, tell: (feature: string, note: OverrideNote) => void) {
    const names = Object.keys(env).filter((name) => OURS.test(name) && env[name]?.trim());
    // A copy: what a host sets later does not act on some features and not on others.
    const copy = Object.fromEntries([...names, 'NODE_ENV'].map((name) => [name, env[name]]));
    this.#variables = names.length === 0 ? null : copy;
    this.#tell = tell;
  }

  /** What lies over this feature's row. */
  of(row: RuntimeFeature): Overrides {
    if (this.#variables === null) return NONE;
    const { overrides, notes } = readOverrides(this.#variables, row.feature, {
      percentage: row.percentage,
      rollback: { enabled: row.auto_rollback },
      thresholds: { max_error_rate: row.max_error_rate },
    });
    for (const note of notes) {
      // Whether it applies may change with the spec, and is then told again.
      const key = JSON.stringify([row.feature, note.variable, note.value, note.applied]);
      if (this.#told.has(key)) continue;
      this.#told.add(key);
      this.#tell(row.feature, note);
    }
    return overrides;
  }

  /** Is a feature that nobody knows stopped here? */
  stopsUnknown(feature: string): boolean {
    if (this.#variables === null) return false;
    const nothing = { percentage: 0, rollback: { enabled: true }, thresholds: { max_error_rate: 100 } };
    return readOverrides(this.#variables, feature, nothing).overrides.env_stop === true;
  }
}

/** For the log: what a variable does to which features. */
export function sentenceOf(feature: string, note: OverrideNote): string {
  const whom = note.variable.startsWith('HYBRID_') ? HYBRID_FEATURE : feature;
  return `${note.variable}=${note.value} ${note.applied ? 'is in force for' : 'is ignored for'} ${whom}: ${note.because}`;
}
