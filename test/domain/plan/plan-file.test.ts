import { describe, expect, test } from 'vitest';
import { plan, refuseFile } from '../../../src/domain/plan/plan.ts';
import { desired, incident, row } from '../../helpers/specs.ts';
import { FEATURE, fileOf, NOW, rowsOf, tell } from './plan-world.ts';

const off = desired({ active: false });
const ten = desired({ percentage: 10 });

describe('a part of the file with errors', () => {
  const broken = { broken: new Map([[FEATURE, { line: 7, message: 'percentage is 1000', more: 0 }]]) };

  test('leaves the feature as it is and says why', () => {
    expect(tell(null, row(FEATURE, ten), [], broken)).toMatchInlineSnapshot(`
      "checkout: refused
      file_errors, line 7, message "percentage is 1000", more 0
      live 10% -> 10%
      writes nothing"
    `);
    expect(tell(null, null, [], broken)).toContain('file_errors, line 7, message "percentage is 1000"');
  });

  test('does not keep what was changed by hand from being put back', () => {
    expect(tell(null, row(FEATURE, ten, { percentage: 90 }), [], broken)).toMatchInlineSnapshot(`
      "checkout: repair_drift
      drift_repaired, repaired ["percentage"]
      live 90% -> 10%
      writes drift_repaired, baseline 10%"
    `);
  });

  test('does not keep what was made narrower by hand from being held', () => {
    expect(tell(null, row(FEATURE, ten, { percentage: 1 }), [], broken)).toMatchInlineSnapshot(`
      "checkout: adopt_drift, held
      drift_adopted, reduced [{"field":"percentage","value":1}]
      live 1% -> 1%
      writes drift_adopted, baseline 10%, new epoch, opens drift holding 1%, before it 10%"
    `);
  });

  test('does not keep the other features from being applied', () => {
    const file = fileOf({ other: ten }, broken);
    expect(
      plan(file, rowsOf(row(FEATURE, ten)), [], NOW).map(({ feature, action }) => [feature, action]),
    ).toEqual([
      [FEATURE, 'refused'],
      ['other', 'create'],
    ]);
  });
});

describe('during a freeze', () => {
  const freeze = { freeze: [{ from: '2026-11-20', to: '2026-11-30', reason: 'sale' }] };
  const warning = 'warning: freeze, from "2026-11-20"';

  test.each([
    ['that raises', tell(desired({ percentage: 25 }), row(FEATURE, ten), [], freeze)],
    ['that creates a live feature', tell(ten, null, [], freeze)],
    ['that resumes', tell(ten, row(FEATURE, off), [incident(FEATURE, { state: 'settled' })], freeze)],
  ])('a change %s is applied with a warning', (_, told) => {
    expect(told).toContain(warning);
  });

  test.each([
    ['that lowers', tell(desired({ percentage: 5 }), row(FEATURE, ten), [], freeze)],
    ['that creates a feature that is off', tell(off, null, [], freeze)],
    ['without exposure', tell(desired({ percentage: 10, paused: true }), row(FEATURE, ten), [], freeze)],
    ['a day after it', tell(ten, null, [], { freeze: [{ ...freeze.freeze[0], to: '2026-11-21' }] } as never)],
  ])('a change %s is applied without one', (_, told) => {
    expect(told).not.toContain('warning');
  });
});

describe('an empty file', () => {
  const live = rowsOf(row('a', ten), row('b', ten), row('c', off), row('d', ten, {}, { archived: true }));

  test('is refused where features are live', () => {
    expect(refuseFile(fileOf({}), live)).toEqual({ live: ['a', 'b'] });
  });

  test.each([
    ['all are off or archived', fileOf({}), rowsOf(row('c', off), row('d', ten, {}, { archived: true }))],
    ['nothing is there yet', fileOf({}), rowsOf()],
    ['the file has a feature after all', fileOf({ a: ten }), live],
    [
      'its only feature has errors',
      fileOf({}, { broken: new Map([['a', { line: 3, message: 'wrong', more: 0 }]]) }),
      live,
    ],
  ])('is not refused where %s', (_, file, rows) => {
    expect(refuseFile(file, rows)).toBeNull();
  });
});
