import type { Verdict } from '../health/judgement.ts';

/** State of a feature in a word, the gravest first. */
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

/** What a person has to do about a state. */
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
  /** Everything is stopped, or this feature is. */
  stopped: boolean;
  /** An incident is open. */
  held: boolean;
  /** Its last incident is settled: the file agrees, and nobody has resumed it. */
  settled: boolean;
  /** Somebody may be in. */
  live: boolean;
  paused: boolean;
  freeze: boolean;
  verdict: Verdict | null;
  /** Percentage of the next step; null without one. */
  next: number | null;
  /** Seconds of the soak that are left. */
  soakLeft: number;
  /** The gate to the next step is open, or waits for nothing but a person. */
  ready: boolean;
}

/** The first that is true, from what takes a feature away to what lets it grow. */
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
