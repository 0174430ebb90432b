import { describe, expect, it } from 'vitest';
import { nextOf } from '../../../src/report/words/feature-sentence.ts';
import { spec } from '../../helpers/specs.ts';

const facts = {
  ...({ feature: 'new_checkout', state: 'soaking', since: new Date(), eligible: 25, total: 100 } as const),
  ...{ verdict: null, global_stop: null, incident: null, freezeUntil: null, ready: false },
  spec: spec({ percentage: 25, steps: [{ percentage: 50, soak: 86_400, name: null }] }),
  soakLeft: 7_200,
  now: new Date('2026-11-22T10:00:00Z'),
};

describe('what comes next while the soak runs', () => {
  it('names what else the gate waits for', () => {
    const advance = 'waits: 8 of 180 jobs of this step failed: 4.44%, above advance_error_rate 3%';
    expect(nextOf({ ...facts, advance }).sentence).toBe(
      '50% is next, not before 2026-11-22 12:00 UTC (2 hours of the soak left) and only if it stays healthy; ' +
        'a person runs rollout advance. It also waits: 8 of 180 jobs of this step failed: 4.44%, above advance_error_rate 3%.',
    );
  });

  it('says nothing twice where the gate waits for the soak alone', () => {
    expect(nextOf({ ...facts, advance: 'waits: 2h of the soak left' }).sentence).not.toContain(
      'It also waits',
    );
  });
});
