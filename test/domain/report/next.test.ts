import { describe, expect, it } from 'vitest';
import { type NextFacts, nextOf } from '../../../src/domain/report/next.ts';
import { spec } from '../../helpers/data/specs.ts';

const NOW = new Date('2026-11-20T12:00:00Z');
const hours = { days: ['mon' as const], from: '09:00', to: '16:00', zone: 'UTC' };
const steps = [10, 25].map((percentage) => ({ percentage, soak: 86_400, name: null }));

function facts(rest: Partial<NextFacts>): NextFacts {
  return {
    spec: spec({ percentage: 10, steps, hours }),
    state: 'soaking',
    stopped: false,
    incident: null,
    frozen: false,
    gate: { wait: { code: 'soak', left_seconds: 3_600 }, soakLeft: 3_600 },
    now: NOW,
    ...rest,
  };
}

describe('the next step of a feature with hours', () => {
  it('the next step of a feature with hours comes at their opening after the soak', () => {
    expect(nextOf(facts({})).at).toEqual(new Date('2026-11-23T09:00:00Z'));
  });

  it('the next step of a feature with hours comes at the end of the soak when that is within them', () => {
    const soakLeft = 3 * 86_400;
    const at = nextOf(facts({ gate: { wait: { code: 'soak', left_seconds: soakLeft }, soakLeft } })).at;
    expect(at).toEqual(new Date('2026-11-23T12:00:00Z'));
  });

  it('the next step of a feature with hours comes at their opening when the gate waits for nothing else', () => {
    const opens = new Date('2026-11-23T09:00:00Z');
    const wait = { code: 'hours', opens, zone: 'UTC' } as const;
    expect(nextOf(facts({ state: 'healthy', gate: { wait, soakLeft: 0 } }))).toEqual({
      percentage: 25,
      at: opens,
      what: { code: 'gate', wait },
    });
  });
});
