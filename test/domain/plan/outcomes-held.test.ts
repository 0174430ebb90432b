import { describe, expect, test } from 'vitest';
import { plan } from '../../../src/domain/plan/decide/plan.ts';
import type { Incident, Permit } from '../../../src/domain/spec/incident.ts';
import { desired, exposure, incident, resuming, row } from '../../helpers/data/specs.ts';
import { changesOf, FEATURE, fileOf, NOW, retell, rowsOf, tell } from './plan-world.ts';

const live = desired({ percentage: 25 });
const off = { active: false, percentage: 0 };
const takenAway = row(FEATURE, live, off);
const open = incident(FEATURE);

describe('while an incident is open', () => {
  test('while an incident is open the file does not raise the feature, and the plan names the ways out', () => {
    expect(tell(live, takenAway, [open])).toMatchInlineSnapshot(`
      "checkout: held, held, incident 7
      held, feature "checkout", incident "7", since "2026-11-20T08:00:00.000Z", reason "errors 12% > 5%"
      live off 0% -> off 0%
      writes nothing"
    `);
  });

  test('while an incident is open every other setting of the file applies', () => {
    const wanted = desired({ percentage: 50, paused: true });
    expect(tell(wanted, takenAway, [open])).toMatchInlineSnapshot(`
      "checkout: held, held, incident 7
      held, feature "checkout", incident "7", since "2026-11-20T08:00:00.000Z", reason "errors 12% > 5%"
      live off 0% -> off 0%
      writes updated, baseline 25%"
    `);
    const [change] = plan(fileOf({ [FEATURE]: wanted }), rowsOf(takenAway), [open], NOW);
    expect(change?.write?.spec).toMatchObject({ paused: true, percentage: 25, active: true });
  });

  test('an open incident also holds a row that was never reconciled', () => {
    const foreign = row(FEATURE, live, off, { spec: null });
    expect(tell(live, foreign, [open])).toMatchInlineSnapshot(`
      "checkout: held, held, incident 7
      held, feature "checkout", incident "7", since "2026-11-20T08:00:00.000Z", reason "errors 12% > 5%"
      live off 0% -> off 0%
      writes updated, baseline off 0%"
    `);
  });

  test('while an incident is open, subjects of another kind do not enter, and the plan says that they wait', () => {
    const lowered = { percentage: 10 };
    const partly = incident(FEATURE, { held: exposure(lowered) });
    const [customers, others] = [10, 25].map((percentage) => desired({ subject: 'customer', percentage }));
    for (const wanted of [customers, others]) {
      expect(tell(wanted ?? null, row(FEATURE, live, lowered), [partly])).toContain('subject "customer"');
    }
    const file = fileOf({ [FEATURE]: desired({ subject: 'customer', percentage: 10, paused: true }) });
    const [change] = plan(file, rowsOf(row(FEATURE, live, lowered)), [partly], NOW);
    expect(change?.write?.spec).toMatchObject({ subject: 'repository', paused: true });
    const nobody = desired({ subject: 'customer', active: false });
    expect(tell(nobody, row(FEATURE, live, lowered), [partly])).toContain('settle');
  });

  test('the held state of a settled incident is no limit for subjects of another kind, whatever the row has', () => {
    const settled = incident(FEATURE, {
      ...{ state: 'settled', settlement: 'missing', subject: 'customer' },
      held: exposure({ percentage: 5 }),
    });
    const nobody = desired({ subject: 'repository', percentage: 0 });
    const raised = desired({ subject: 'repository', percentage: 5 });
    expect(tell(raised, row(FEATURE, nobody, { percentage: 0 }), [settled])).toContain(
      'reopens 7 holding 0%',
    );
    const same = { ...settled, subject: 'repository' } as const;
    expect(tell(raised, row(FEATURE, nobody, { percentage: 0 }), [same])).toContain('checkout: update');
  });

  test('while an incident is open, an entry of the file with errors changes nothing', () => {
    const broken = { broken: new Map([[FEATURE, { line: 7, message: 'wrong', more: 0 }]]) };
    expect(tell(null, takenAway, [open], broken)).toMatchInlineSnapshot(`
      "checkout: refused, incident 7
      file_errors, line 7, message "wrong", more 0
      live off 0% -> off 0%
      writes nothing"
    `);
  });

  test('an open incident of another feature does not stop this feature from following the file', () => {
    const other = incident('other', { held: exposure({ ...off, salt: 'other' }) });
    expect(tell(desired({ percentage: 50 }), row(FEATURE, live), [other])).toContain('update');
  });
});

describe('a file that agrees', () => {
  test('a file that agrees settles the incident', () => {
    expect(tell(desired({ active: false }), takenAway, [open])).toMatchInlineSnapshot(`
      "checkout: settle, incident 7
      settled, incident "7", reason "errors 12% > 5%"
      live off 0% -> off 0%
      writes updated, baseline off 0%, settles 7"
    `);
  });

  test('a file that is narrower than the held state settles the incident', () => {
    const held = incident(FEATURE, { held: exposure({ percentage: 10 }) });
    const wanted = desired({ percentage: 5 });
    expect(tell(wanted, row(FEATURE, live, { percentage: 10 }), [held])).toMatchInlineSnapshot(`
      "checkout: settle, incident 7
      settled, incident "7", reason "errors 12% > 5%"
      live 10% -> 5%
      writes updated, baseline 5%, new step, settles 7"
    `);
  });

  test('a file that agrees with the held state does not settle a further manual reduction', () => {
    const held = incident(FEATURE, { held: exposure({ percentage: 10 }) });
    const lower = row(FEATURE, live, { percentage: 1 });
    expect(tell(desired({ percentage: 10 }), lower, [held])).toContain('adopt_drift');
  });
});

describe('a stop', () => {
  const stop = incident(FEATURE, {
    kind: 'emergency_stop',
    reason: 'checkout fails',
    held: exposure({ active: false, emergency_stop: true }),
  });
  const stoppedWhileOff = row(FEATURE, desired({ active: false }), { emergency_stop: true });

  test('a stop of a feature that was off is not settled by active: false in the file', () => {
    expect(tell(desired({ active: false }), stoppedWhileOff, [stop])).toMatchInlineSnapshot(`
      "checkout: held, held, incident 7
      held, feature "checkout", incident "7", since "2026-11-20T08:00:00.000Z", reason "checkout fails"
      live off stopped 0% -> off stopped 0%
      writes nothing"
    `);
  });

  test('a stop is settled by emergency_stop: true in the file', () => {
    const wanted = desired({ active: false, emergency_stop: true });
    expect(tell(wanted, stoppedWhileOff, [stop])).toMatchInlineSnapshot(`
      "checkout: settle, incident 7
      settled, incident "7", reason "checkout fails"
      live off stopped 0% -> off stopped 0%
      writes updated, baseline off stopped 0%, settles 7"
    `);
  });

  test('a stop holds against a merge that would switch the feature on an hour later', () => {
    expect(tell(live, stoppedWhileOff, [stop])).toContain('held, feature "checkout", incident "7"');
  });
});

describe('a permit', () => {
  function permitted(permit: Partial<Permit> = {}): Incident {
    return incident(FEATURE, {
      permit: {
        ceiling: exposure({ percentage: 10 }),
        granted_by: 'ada',
        reason: 'fixed in 4f2',
        expires_at: new Date(NOW.getTime() + 1),
        ...permit,
      },
    });
  }

  test('a permit does not admit subjects of another kind while some subjects are in', () => {
    const partly = { ...permitted(), held: exposure({ percentage: 5 }) };
    const lowered = row(FEATURE, live, { percentage: 5 });
    expect(tell(resuming({ percentage: 10 }), lowered, [partly])).toContain('resumes 7');
    const customers = resuming({ percentage: 10, subject: 'customer' });
    expect(tell(customers, lowered, [partly])).toContain('subject "customer"');
  });

  test('a permit in force lets the file raise the feature up to its ceiling', () => {
    expect(tell(resuming({ percentage: 10 }), takenAway, [permitted()])).toMatchInlineSnapshot(`
      "checkout: update, incident 7
      resumed, incident "7", day "2026-11-20", reason "errors 12% > 5%", exposure {"active":true,"emergency_stop":false,"strategy":"percentage","percentage":10,"whitelist":0}
      live off 0% -> 10%
      writes resumed, baseline 10%, new epoch, new step, resumes 7"
    `);
  });

  test('a permit lets the file raise the feature below its ceiling', () => {
    expect(tell(resuming({ percentage: 1 }), takenAway, [permitted()])).toContain('resumes 7');
  });

  test('a permit does not let the file raise the feature above its ceiling', () => {
    expect(tell(resuming({ percentage: 10.01 }), takenAway, [permitted()])).toContain('checkout: held, held');
  });

  test('a permit allows nothing before the file resumes its incident, whatever else the file asks for', () => {
    const waits = tell(desired({ percentage: 10 }), takenAway, [permitted()]);
    expect(waits).toContain('checkout: held, held');
    expect(waits).toContain('permit {"code":"no_resumes","incident":"7"}');
    const another = tell(resuming({ percentage: 10 }, '6'), takenAway, [permitted()]);
    expect(another).toContain('checkout: held, held');
    expect(another).toContain('permit {"code":"other_incident","resumes":"6"}');
  });

  test('resumes in the file alone allows nothing without a permit', () => {
    const alone = tell(resuming({ percentage: 10 }), takenAway, [incident(FEATURE)]);
    expect(alone).toContain('checkout: held, held');
    expect(alone).toContain('permit {"code":"no_permit","resumes":"7"}');
  });

  test('an expired permit allows nothing', () => {
    const expired = permitted({ expires_at: NOW });
    expect(tell(resuming({ percentage: 10 }), takenAway, [expired])).toContain('checkout: held, held');
  });

  test('a permit does not prevent a manual reduction at the same moment', () => {
    const held = { ...permitted(), held: exposure({ percentage: 5 }) };
    const lower = row(FEATURE, live, { active: false, percentage: 5 });
    expect(tell(resuming({ percentage: 10 }), lower, [held])).toContain('adopt_drift');
  });
});

describe('a feature that was rolled back, under a new name', () => {
  const checkout = { held: exposure({ ...off, salt: 'checkout' }) };
  const old = row('checkout', desired({ percentage: 25, salt: 'checkout' }), { ...off });
  const renamed = desired({ percentage: 25, salt: 'checkout' });

  test('a rolled back feature is held by its salt under a new name', () => {
    const world = {
      file: fileOf({ payment: renamed }),
      rows: rowsOf(old),
      incidents: [incident('checkout', checkout)],
    };
    expect(retell(changesOf(world))).toMatchInlineSnapshot(`
      "checkout: archive, incident 7
      archived, reconciled true
      live off 0% -> off 25%
      writes archived, baseline 25%, archived, settles 7

      payment: held, held, incident 7
      salt_held, holder "checkout", incident "7", reason {"reason":"errors 12% > 5%"}
      live nowhere -> nowhere
      writes nothing"
    `);
  });

  test('a renamed feature is still held when archiving its old name has settled the incident', () => {
    const settled = incident('checkout', { ...checkout, state: 'settled' });
    const archived = { ...old, archived: true };
    const file = fileOf({ payment: renamed });
    const [change] = plan(file, rowsOf(archived), [settled], NOW).filter(
      ({ feature }) => feature === 'payment',
    );
    expect(change).toMatchObject({ action: 'held', write: null });
  });

  test('a renamed feature of an incident may be created off', () => {
    const file = fileOf({ payment: desired({ active: false, salt: 'checkout' }) });
    expect(plan(file, rowsOf(), [incident('checkout', checkout)], NOW)).toMatchObject([{ action: 'create' }]);
  });

  test('a renamed feature is free once a person has resumed its incident', () => {
    const resumed = incident('checkout', { ...checkout, state: 'resumed' });
    expect(plan(fileOf({ payment: renamed }), rowsOf(), [resumed], NOW)).toMatchObject([
      { action: 'create' },
    ]);
  });
});
