import type { Overrides } from '../../domain/eligibility/eligibility.ts';
import { type OverrideNote, readOverrides } from '../../domain/eligibility/overrides.ts';
import type { RuntimeFeature } from '../../store/runtime/feature.ts';

type Variables = Readonly<Record<string, string | undefined>>;

/** The variables that affect decisions; AUTO_ROLLBACK and MAX_ERROR_RATE affect the tick. */
const OURS = /^(ROLLOUT|HYBRID)_(EMERGENCY_STOP|ROLLOUT_PERCENTAGE|PERCENTAGE|ROLLOUT_STRATEGY|STRATEGY)$/;
const NONE: Overrides = {};

/** How one variable was applied, and to which features. */
export interface OverrideNews {
  note: OverrideNote;
  features: string[];
}

/** Overrides of the specs by environment variables: read once, reported once per value. */
export class EnvironmentOverrides {
  readonly #variables: Variables | null;
  readonly #told = new Set<string>();
  #news = new Map<string, OverrideNews>();

  constructor(env: Variables) {
    const names = Object.keys(env).filter((name) => OURS.test(name) && env[name]?.trim());
    // A copy: variables that the host sets later must not affect only some features.
    const copy = Object.fromEntries([...names, 'NODE_ENV'].map((name) => [name, env[name]]));
    this.#variables = names.length === 0 ? null : copy;
  }

  /** Returns the override of this feature's row. */
  of(row: RuntimeFeature): Overrides {
    if (this.#variables === null) return NONE;
    const { overrides, notes } = readOverrides(this.#variables, row.feature, {
      percentage: row.percentage,
      rollback: { enabled: row.auto_rollback },
      thresholds: { max_error_rate: row.max_error_rate },
    });
    for (const note of notes) this.#tell(row.feature, note);
    return overrides;
  }

  #tell(feature: string, note: OverrideNote): void {
    // Whether it applies may change with the spec, and is then reported again.
    const what = JSON.stringify([note.variable, note.value, note.applied]);
    const key = `${what}${feature}`;
    if (this.#told.has(key)) return;
    this.#told.add(key);
    const news = this.#news.get(what) ?? { note, features: [] };
    news.features.push(feature);
    this.#news.set(what, news);
  }

  /** Returns overrides that were not reported before. */
  takeNews(): OverrideNews[] {
    if (this.#news.size === 0) return [];
    const news = [...this.#news.values()];
    this.#news = new Map();
    return news;
  }

  /** Does the environment stop an unknown feature? */
  stopsUnknown(feature: string): boolean {
    if (this.#variables === null) return false;
    const nothing = { percentage: 0, rollback: { enabled: true }, thresholds: { max_error_rate: 100 } };
    return readOverrides(this.#variables, feature, nothing).overrides.env_stop === true;
  }
}

/** Formats an override for the log. */
export function sentenceOf({ note, features }: OverrideNews): string {
  const [first = '', second] = features;
  const whom = second === undefined ? first : `${features.length} features (${first}, ${second} ...)`;
  return `${note.variable}=${note.value} ${note.applied ? 'is in force' : 'is ignored'} for ${whom}: ${note.because}`;
}
