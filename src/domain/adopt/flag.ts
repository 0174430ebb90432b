/** One flag of another system's export, in the terms of `rollout.yaml`. */
export interface AdoptedFlag {
  key: string;
  active: boolean;
  /** Percentage from 0 to 100. */
  percentage: number;
  whitelist: readonly string[];
  blacklist: readonly string[];
}

/** Why a flag is not adopted: `rollout.yaml` cannot express it, and nothing is guessed. */
export type LeftOutCode =
  | 'not_boolean'
  | 'off_is_true'
  | 'rules'
  | 'segments'
  | 'prerequisites'
  | 'experiment'
  | 'variants'
  | 'several_percentages'
  | 'other_bucket'
  | 'no_default'
  | 'archived'
  | 'not_in_environment'
  | 'unreadable';

export interface LeftOutFlag {
  key: string;
  code: LeftOutCode;
}

export type ReadFlag = AdoptedFlag | LeftOutFlag;

/** An export after its format was read. */
export interface ReadExport {
  flags: readonly ReadFlag[];
  /** Environments in the export; empty if its format has only one. */
  environments: readonly string[];
}

export const isLeftOut = (flag: ReadFlag): flag is LeftOutFlag => 'code' in flag;

export function leftOut(key: string, code: LeftOutCode): LeftOutFlag {
  return { key, code };
}

/** A flag that is on or off for everybody. */
export function forEverybody(key: string, on: boolean): AdoptedFlag {
  return { key, active: true, percentage: on ? 100 : 0, whitelist: [], blacklist: [] };
}

/** A flag that its system has switched off. */
export function switchedOff(key: string): AdoptedFlag {
  return { ...forEverybody(key, false), active: false };
}

/** Returns a percentage rounded to two decimals, the precision of `rollout.yaml`. */
export function percentOf(part: number, whole: number): number {
  return whole > 0 ? Math.round((10_000 * part) / whole) / 100 : 0;
}
