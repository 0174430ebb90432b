import type { WrongArms } from './reason.ts';

/** Fewer subjects in the wrong arm than these are a race somewhere, not a fault. */
const LEAST_WRONG = 3;
const LEAST_SHARE = 0.01;

/**
 * Do jobs run in another arm than registry, percentage and lists give their subjects? Each is compared exactly, so a
 * handful is enough; null where the arms are right.
 */
export function misrouting(arms: WrongArms): WrongArms | null {
  return arms.wrong >= LEAST_WRONG && arms.wrong > LEAST_SHARE * arms.subjects ? arms : null;
}
