import { describe, expect, test } from 'vitest';
import { desired, incident, row } from '../../helpers/data/specs.ts';
import { changesOf, FEATURE, fileOf, rowsOf, tell } from './plan-world.ts';

const off = desired({ active: false, percentage: 0 });
const live = desired({ percentage: 25 });

describe('a stop set by hand', () => {
  test('a manual stop of a live feature opens a stop, not a mere reduction', () => {
    expect(tell(live, row(FEATURE, live, { emergency_stop: true }))).toContain('opens emergency_stop');
  });

  test('a manual stop of a feature that is off is adopted, so a later merge does not switch it on', () => {
    const told = tell(off, row(FEATURE, off, { emergency_stop: true }));
    expect(told).toContain('adopt_drift, held');
    expect(told).toContain('opens emergency_stop');
  });

  test('a manual stop replaces the rollback that holds a feature, even if the file agrees with the rollback', () => {
    const held = { ...live.exposure, active: false, percentage: 0 };
    const drifted = row(FEATURE, live, { ...held, emergency_stop: true });
    const told = tell(off, drifted, [incident(FEATURE, { kind: 'rollback', held })]);
    expect(told).toContain('opens emergency_stop');
    expect(told).not.toContain('settles');
  });

  test('a manual stop that the file also has is not an incident', () => {
    const stopped = desired({ percentage: 25, emergency_stop: true });
    const told = tell(stopped, row(FEATURE, live, { emergency_stop: true }));
    expect(told).toContain('checkout: update');
    expect(told).not.toContain('opens');
  });
});

test('a held change has the state where the feature stays and, beside it, what the file asks for', () => {
  const held = { ...live.exposure, emergency_stop: true };
  const [change] = changesOf({
    file: fileOf({ [FEATURE]: live }),
    rows: rowsOf(row(FEATURE, live, { emergency_stop: true })),
    incidents: [incident(FEATURE, { kind: 'emergency_stop', held })],
  });
  const standing = { percentage: 25, active: true, strategy: 'percentage' };
  expect(change?.to).toEqual({ ...standing, emergency_stop: true });
  expect(change?.file).toEqual({ ...standing, emergency_stop: false });
});
