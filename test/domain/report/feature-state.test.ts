import { expect, it } from 'vitest';
import { type StateFacts, stateOf } from '../../../src/domain/report/feature-state.ts';

const soaking: StateFacts = {
  ...{
    stopped: false,
    held: false,
    settled: false,
    live: true,
    paused: false,
    freeze: false,
    verdict: 'healthy',
  },
  ...{ next: 50, soakLeft: 3_600, ready: false },
};

it.each<[string, Partial<StateFacts>]>([
  ['soaking', {}],
  ['ready', { soakLeft: 0, ready: true }],
  ['healthy', { soakLeft: 0 }],
  ['healthy', { next: null }],
  ['paused', { paused: true }],
  ['frozen', { freeze: true }],
  ['gathering', { verdict: 'insufficient' }],
  ['no_data', { verdict: 'no_data' }],
  ['no_data', { verdict: null }],
  ['warning', { verdict: 'warning', paused: true }],
  ['suspect', { verdict: 'suspect' }],
  ['harmful', { verdict: 'harmful' }],
  ['error', { verdict: 'error' }],
  ['off', { live: false, verdict: 'harmful' }],
  ['rolled_back', { live: false, settled: true }],
  ['healthy', { settled: true, next: null }],
  ['held', { live: false, held: true, settled: true, verdict: 'harmful' }],
  ['held', { held: true }],
  ['stopped', { stopped: true, held: true, live: false }],
])('a feature is %s with %o', (state, facts) => {
  expect(stateOf({ ...soaking, ...facts })).toBe(state);
});
