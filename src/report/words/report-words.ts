import type { FeatureState } from '../../domain/report/feature-state.ts';
import type { IncidentKind, WriteBackState } from '../../domain/spec/incident.ts';
import type { HistoryAction } from '../../domain/spec/vocabulary.ts';

const WORDS: Readonly<Record<FeatureState, string>> = {
  stopped: 'stopped',
  held: 'held',
  rolled_back: 'rolled back',
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

/** The display word of a state. */
export function stateWord(state: FeatureState): string {
  return WORDS[state];
}

const INCIDENTS: Readonly<Record<IncidentKind, string>> = {
  rollback: 'rollback',
  emergency_stop: 'emergency stop',
  drift: 'reduced by hand',
};

export function incidentWord(kind: IncidentKind): string {
  return INCIDENTS[kind];
}

const WRITE_BACKS: Readonly<Record<WriteBackState, string>> = {
  pending: 'pending',
  proposed: 'proposed',
  done: 'done',
  not_needed: 'not needed',
  handed_on: 'handed on to another incident',
};

/** The state of an incident's write-back, in a sentence. */
export function writeBackWord(state: WriteBackState): string {
  return WRITE_BACKS[state];
}

const ACTIONS: Partial<Record<HistoryAction, string>> = {
  emergency_stop: 'emergency stop',
  drift_repaired: 'drift repaired',
  drift_adopted: 'drift adopted',
  population_changed: 'population changed',
  env_override: 'override',
};

export function actionWord(action: HistoryAction): string {
  return ACTIONS[action] ?? action;
}
