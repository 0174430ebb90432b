import type { Verdict } from '../health/judgement.ts';

/** State of a feature in one word, the gravest first. */
export const FEATURE_STATES = [
  'stopped',
  'held',
  'rolled_back',
  'harmful',
  'error',
  'suspect',
  'warning',
  'paused',
  'frozen',
  'no_data',
  'gathering',
  'soaking',
  'ready',
  'healthy',
  'off',
] as const;
export type FeatureState = (typeof FEATURE_STATES)[number];

/** Urgency of a state for a person. */
export type Tone = 'bad' | 'warn' | 'wait' | 'good' | 'off';

export const STATE_TONES: Readonly<Record<FeatureState, Tone>> = {
  stopped: 'bad',
  held: 'bad',
  rolled_back: 'warn',
  harmful: 'bad',
  error: 'bad',
  suspect: 'warn',
  warning: 'warn',
  paused: 'wait',
  frozen: 'wait',
  no_data: 'wait',
  gathering: 'wait',
  soaking: 'good',
  ready: 'good',
  healthy: 'good',
  off: 'off',
};

export interface StateFacts {
  /** Is it stopped, by the global stop or by its own? */
  stopped: boolean;
  /** An incident is open. */
  held: boolean;
  /** The last incident is settled: the file agrees, but nobody has resumed the feature. */
  settled: boolean;
  /** Some subject may be in. */
  live: boolean;
  paused: boolean;
  freeze: boolean;
  verdict: Verdict | null;
  /** Percentage of the next step; null if there is none. */
  next: number | null;
  /** Seconds left of the soak. */
  soakLeft: number;
  /** The gate to the next step is open, or waits only for a person. */
  ready: boolean;
}

/** Returns the first state that applies, from the gravest to those that allow growth. */
export function stateOf(facts: StateFacts): FeatureState {
  if (facts.stopped) return 'stopped';
  if (facts.held) return 'held';
  if (!facts.live) return facts.settled ? 'rolled_back' : 'off';
  const { verdict } = facts;
  if (verdict === null || verdict === 'no_data') return 'no_data';
  if (verdict === 'insufficient') return 'gathering';
  if (verdict !== 'healthy') return verdict;
  if (facts.next === null) return 'healthy';
  if (facts.paused) return 'paused';
  if (facts.freeze) return 'frozen';
  if (facts.ready) return 'ready';
  return facts.soakLeft > 0 ? 'soaking' : 'healthy';
}
