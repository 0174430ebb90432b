import type { FeatureState } from '../domain/feature-state.ts';

const WORDS: Readonly<Record<FeatureState, string>> = {
  stopped: 'stopped',
  held: 'held',
  harmful: 'harmful',
  error: 'not judged',
  suspect: 'suspect',
  warning: 'warning',
  paused: 'paused',
  frozen: 'frozen',
  no_data: 'no data',
  gathering: 'gathering',
  soaking: 'soaking',
  ready: 'ready',
  healthy: 'healthy',
  off: 'off',
};

/** A state as people read it. */
export function stateWord(state: FeatureState): string {
  return WORDS[state];
}
