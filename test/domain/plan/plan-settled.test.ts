import { describe, expect, test } from 'vitest';
import type { Settlement } from '../../../src/domain/spec/incident.ts';
import { desired, exposure, incident, row } from '../../helpers/data/specs.ts';
import { FEATURE, NOW, tell } from './plan-world.ts';

const off = desired({ active: false });
const raised = desired({ percentage: 25 });

function settled(settlement: Settlement, held = exposure({ active: false })) {
  return incident(FEATURE, { state: 'settled', settlement, held, settled_by: ['abc'] });
}

describe('after an incident that the file settled', () => {
  test('a wider file that contains the settling commit counts as a resume by a person', () => {
    expect(tell(raised, row(FEATURE, off), [settled('contained')])).toMatchInlineSnapshot(`
      "checkout: update, incident 7
      resumed, incident "7", day "2026-11-20", reason "errors 12% > 5%", exposure {"active":true,"emergency_stop":false,"strategy":"percentage","percentage":25,"whitelist":0}
      live off 0% -> 25%
      writes resumed, baseline 25%, new epoch, new step, resumes 7"
    `);
  });

  test('a file whose history lacks the settling commit reopens the incident', () => {
    expect(tell(raised, row(FEATURE, off), [settled('missing')])).toMatchInlineSnapshot(`
      "checkout: held, held, incident 7
      reopened, feature "checkout", incident "7", settlement "missing"
      live off 0% -> off 0%
      writes updated, baseline off 0%, reopens 7 holding off 0%"
    `);
  });

  test('a revert of the settling commit reopens the incident', () => {
    expect(tell(raised, row(FEATURE, off), [settled('reverted')])).toMatchInlineSnapshot(`
      "checkout: held, held, incident 7
      reopened, feature "checkout", incident "7", settlement "reverted"
      live off 0% -> off 0%
      writes updated, baseline off 0%, reopens 7 holding off 0%"
    `);
  });

  test('a revert under a permit in force is a resume if the file has resumes', () => {
    const permit = {
      ceiling: raised.exposure,
      granted_by: 'ada',
      reason: 'mended',
      expires_at: new Date(NOW.getTime() + 1),
    };
    const said = { ...raised, resumes: '7' };
    expect(tell(said, row(FEATURE, off), [{ ...settled('reverted'), permit }])).toContain('resumes 7');
    expect(tell(raised, row(FEATURE, off), [{ ...settled('reverted'), permit }])).toContain('reopens 7');
    const expired = { ...permit, expires_at: NOW };
    expect(tell(said, row(FEATURE, off), [{ ...settled('reverted'), permit: expired }])).toContain(
      'reopens 7',
    );
  });

  test('a reopened incident repairs a manual raise to what was applied', () => {
    const five = desired({ percentage: 5 });
    const ten = settled('reverted', exposure({ percentage: 10 }));
    expect(tell(raised, row(FEATURE, five, { percentage: 50 }), [ten])).toContain('live 50% -> 5%');
  });

  test('a reopened incident holds what was live when the settling file was narrower', () => {
    const five = desired({ percentage: 5 });
    const ten = settled('reverted', exposure({ percentage: 10 }));
    expect(tell(raised, row(FEATURE, five), [ten])).toMatchInlineSnapshot(`
      "checkout: held, held, incident 7
      reopened, feature "checkout", incident "7", settlement "reverted"
      live 5% -> 5%
      writes updated, baseline 5%, reopens 7 holding 5%"
    `);
  });

  test('a reopened incident keeps a manual reduction made meanwhile', () => {
    const ten = settled('reverted', exposure({ percentage: 10 }));
    const lower = row(FEATURE, desired({ percentage: 10 }), { active: false });
    expect(tell(raised, lower, [ten])).toContain('live off 10% -> off 10%');
  });

  test.each<Settlement>(['contained', 'missing', 'reverted', 'uncommitted'])(
    'a file that still agrees with a settled incident changes nothing (%s)',
    (settlement) => {
      expect(tell(off, row(FEATURE, off), [settled(settlement)])).toBe('nothing to do');
    },
  );

  test('a raise within the held state of a settled incident needs no permit', () => {
    const ten = settled('missing', exposure({ percentage: 10 }));
    expect(tell(desired({ percentage: 10 }), row(FEATURE, desired({ percentage: 5 })), [ten])).toContain(
      'checkout: update\nupdated, differences',
    );
  });

  test('a person who puts the archived key back resumes the feature', () => {
    const archived = row(FEATURE, off, {}, { archived: true });
    expect(tell(raised, archived, [settled('contained')])).toMatchInlineSnapshot(`
      "checkout: update, incident 7
      resumed, incident "7", day "2026-11-20", reason "errors 12% > 5%", exposure {"active":true,"emergency_stop":false,"strategy":"percentage","percentage":25,"whitelist":0}
      live off 0% -> 25%
      writes resumed, baseline 25%, new epoch, new step, resumes 7"
    `);
  });

  test('a revert that puts the archived key back reopens the incident', () => {
    const archived = row(FEATURE, off, {}, { archived: true });
    const told = tell(raised, archived, [settled('reverted')]);
    expect(told).toContain('reopens 7');
    expect(told).not.toContain('archived');
  });

  test('a resumed incident no longer limits the file', () => {
    const resumed = { ...settled('reverted'), state: 'resumed' } as const;
    expect(tell(desired({ percentage: 50 }), row(FEATURE, raised), [resumed])).toContain('checkout: update');
  });
});
