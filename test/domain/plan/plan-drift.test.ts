import { describe, expect, test } from 'vitest';
import { plan } from '../../../src/domain/plan/decide/plan.ts';
import { desired, exposure, incident, row } from '../../helpers/data/specs.ts';
import { afterwards, changesOf, FEATURE, fileOf, NOW, retell, rowsOf, tell } from './plan-world.ts';

const live = desired({ percentage: 25, whitelist: ['a'] });

describe('what was made wider by hand', () => {
  test('a manual raise is repaired to what was last reconciled', () => {
    expect(tell(live, row(FEATURE, live, { percentage: 90 }))).toMatchInlineSnapshot(`
      "checkout: repair_drift
      drift_repaired, repaired ["percentage"]
      live 90% +a -> 25% +a
      writes drift_repaired, baseline 25% +a"
    `);
  });

  test('a manual raise is repaired to the file when the file changed too', () => {
    const wanted = desired({ percentage: 30, whitelist: ['a'] });
    expect(tell(wanted, row(FEATURE, live, { whitelist: ['a', 'z'] }))).toMatchInlineSnapshot(`
      "checkout: update
      updated, differences [{"path":"percentage","before":25,"after":30}], repaired ["whitelist"]
      live 25% +a +z -> 30% +a
      writes updated, baseline 30% +a, new step"
    `);
  });

  test('a manual raise is repaired to the held state while an incident is open', () => {
    const held = exposure({ percentage: 5, whitelist: ['a'] });
    const drifted = row(FEATURE, live, { percentage: 90 });
    expect(tell(live, drifted, [incident(FEATURE, { held })])).toMatchInlineSnapshot(`
      "checkout: held, held, incident 7
      held, feature "checkout", incident "7", since "2026-11-20T08:00:00.000Z", reason "errors 12% > 5%", repaired ["percentage"]
      live 90% +a -> 5% +a
      writes drift_repaired, baseline 25% +a"
    `);
  });

  test('an emergency stop that was lifted by SQL is set again', () => {
    const stopped = incident(FEATURE, {
      kind: 'emergency_stop',
      held: { ...live.exposure, emergency_stop: true },
    });
    expect(tell(live, row(FEATURE, live), [stopped])).toMatchInlineSnapshot(`
      "checkout: held, held, incident 7
      held, feature "checkout", incident "7", since "2026-11-20T08:00:00.000Z", reason "errors 12% > 5%", repaired ["emergency_stop"]
      live 25% +a -> stopped 25% +a
      writes drift_repaired, baseline 25% +a"
    `);
  });
});

describe('what was made narrower by hand', () => {
  test('a manual reduction is adopted as an incident and held', () => {
    expect(tell(live, row(FEATURE, live, { percentage: 5 }))).toMatchInlineSnapshot(`
      "checkout: adopt_drift, held
      drift_adopted, reduced [{"field":"percentage","value":5}]
      live 5% +a -> 5% +a
      writes drift_adopted, baseline 25% +a, new epoch, opens drift holding 5% +a, before it 25% +a"
    `);
  });

  test('a manual reduction is adopted while a manual raise at the same time is repaired', () => {
    expect(tell(live, row(FEATURE, live, { percentage: 5, whitelist: ['a', 'z'] }))).toMatchInlineSnapshot(`
      "checkout: adopt_drift, held
      drift_adopted, reduced [{"field":"percentage","value":5}], repaired ["whitelist"]
      live 5% +a +z -> 5% +a
      writes drift_adopted, baseline 25% +a, new epoch, opens drift holding 5% +a, before it 25% +a"
    `);
  });

  test('a manual reduction is adopted as a whole when repairing a part would admit somebody again', () => {
    const everybody = desired({ percentage: 100, whitelist: ['a'] });
    expect(tell(everybody, row(FEATURE, everybody, { percentage: 0, whitelist: [] }))).toMatchInlineSnapshot(`
      "checkout: adopt_drift, held
      drift_adopted, reduced [{"field":"percentage","value":0},{"field":"whitelist","value":[]}]
      live 0% -> 0%
      writes drift_adopted, baseline 100% +a, new epoch, opens drift holding 0%, before it 100% +a"
    `);
  });

  test('a manual reduction is adopted while the other fields of the file apply', () => {
    const paused = desired({ percentage: 40, whitelist: ['a'], paused: true });
    const [change] = plan(
      fileOf({ [FEATURE]: paused }),
      rowsOf(row(FEATURE, live, { active: false })),
      [],
      NOW,
    );
    expect(change).toMatchObject({ action: 'adopt_drift', after: { active: false, percentage: 25 } });
    expect(change?.write?.spec).toMatchObject({ paused: true, percentage: 25, active: true });
  });

  test('an adopted reduction shows the values before and after', () => {
    const [change] = plan(
      fileOf({ [FEATURE]: live }),
      rowsOf(row(FEATURE, live, { percentage: 5 })),
      [],
      NOW,
    );
    expect(change?.differences).toEqual([{ path: 'percentage', before: 25, after: 5 }]);
  });

  test('the incident of a manual reduction keeps who was in before, by id', () => {
    const named = desired({ percentage: 25, whitelist: ['acme/web'] }, { 'acme/web': 'id-1' });
    const [change] = plan(
      fileOf({ [FEATURE]: named }),
      rowsOf(row(FEATURE, named, { whitelist: [] })),
      [],
      NOW,
    );
    expect(change?.write?.incident).toMatchObject({ before: { whitelist: ['id-1'] } });
  });

  test('a manual reduction below an open incident supersedes the incident', () => {
    const held = exposure({ percentage: 10 });
    const lower = row(FEATURE, live, { percentage: 1, whitelist: [] });
    expect(tell(live, lower, [incident(FEATURE, { held })])).toMatchInlineSnapshot(`
      "checkout: adopt_drift, held, incident 7
      drift_adopted, reduced [{"field":"percentage","value":1}]
      live 1% -> 1%
      writes drift_adopted, baseline 25% +a, new epoch, opens drift holding 1%, before it 25%"
    `);
  });

  test('a manual reduction is a plain update when the file makes the same change', () => {
    const wanted = desired({ percentage: 5, whitelist: ['a'] });
    expect(tell(wanted, row(FEATURE, live, { percentage: 5 }))).toMatchInlineSnapshot(`
      "checkout: update
      updated, differences [{"path":"percentage","before":25,"after":5}]
      live 5% +a -> 5% +a
      writes updated, baseline 5% +a"
    `);
  });

  test('a manual reduction of a feature that left the file is adopted', () => {
    expect(tell(null, row(FEATURE, live, { percentage: 5 }))).toContain('adopt_drift, held');
  });

  test('a manual reduction of a feature that left the file is adopted first, and archived next if off', () => {
    const world = { file: fileOf({}), rows: rowsOf(row(FEATURE, live, { active: false })), incidents: [] };
    expect(retell(changesOf(world))).toContain('adopt_drift, held');
    expect(retell(changesOf(afterwards(world)))).toContain('archive, incident new-checkout');
    expect(changesOf(afterwards(afterwards(world)))).toEqual([]);
  });

  test('a manual reduction after a closed incident is adopted although the file would raise the feature', () => {
    const settled = incident(FEATURE, { state: 'settled', held: exposure({ percentage: 10 }) });
    const five = desired({ percentage: 5 });
    expect(tell(live, row(FEATURE, five, { active: false }), [settled])).toMatchInlineSnapshot(`
      "checkout: adopt_drift, held
      drift_adopted, reduced [{"field":"active","value":false}]
      live off 5% -> off 5%
      writes drift_adopted, baseline 5%, new epoch, opens drift holding off 5%, before it 5%"
    `);
  });
});

describe('columns without exposure that were changed by hand', () => {
  const settings = {
    subject: 'repository',
    max_error_rate: 99,
    window: 86_400,
    auto_rollback: false,
  } as const;

  test('manual changes of columns without exposure are repaired without an incident', () => {
    expect(tell(live, row(FEATURE, live, {}, { settings }))).toMatchInlineSnapshot(`
      "checkout: repair_drift
      drift_repaired, repaired ["settings"]
      live 25% +a -> 25% +a
      writes drift_repaired, baseline 25% +a"
    `);
  });

  test('manual changes of columns without exposure are also repaired while an incident is open', () => {
    const columns = { active: false, percentage: 0, whitelist: [] };
    expect(tell(live, row(FEATURE, live, columns, { settings }), [incident(FEATURE)])).toContain(
      'writes drift_repaired',
    );
  });

  test("manual changes of columns without exposure are repaired when the file's entry has errors", () => {
    const broken = { broken: new Map([[FEATURE, { line: 7, message: 'wrong', more: 0 }]]) };
    expect(tell(null, row(FEATURE, live, {}, { settings }), [], broken)).toContain('repaired ["settings"]');
  });
});
