import { describe, expect, test } from 'vitest';
import { plan, withoutBaseline } from '../../../src/domain/plan/decide/plan.ts';
import { desired, incident, row } from '../../helpers/data/specs.ts';
import { FEATURE, fileOf, NOW, rowsOf, tell } from './plan-world.ts';

const STEPS = [
  { percentage: 10, soak: 3_600, name: null },
  { percentage: 25, soak: 3_600, name: null },
];
const off = desired({ active: false });
const ten = desired({ percentage: 10 });

describe('what the file asks for', () => {
  test('a feature that is new in the file is created', () => {
    expect(tell(ten, null)).toMatchInlineSnapshot(`
      "checkout: create
      created, exposure {"active":true,"emergency_stop":false,"strategy":"percentage","percentage":10,"whitelist":0}
      live nowhere -> 10%
      writes created, baseline 10%, new step"
    `);
  });

  test('a feature that is new and off is created off', () => {
    expect(tell(off, null)).toMatchInlineSnapshot(`
      "checkout: create
      created, exposure {"active":false,"emergency_stop":false,"strategy":"percentage","percentage":0,"whitelist":0}
      live nowhere -> off 0%
      writes created, baseline off 0%, new step"
    `);
  });

  test('a feature on which file and database agree needs no change', () => {
    expect(tell(ten, row(FEATURE, ten))).toMatchInlineSnapshot(`"nothing to do"`);
  });

  test('another percentage is an update and a new step', () => {
    expect(tell(desired({ percentage: 30 }), row(FEATURE, ten))).toMatchInlineSnapshot(`
      "checkout: update
      updated, differences [{"path":"percentage","before":10,"after":30}]
      live 10% -> 30%
      writes updated, baseline 30%, new step"
    `);
  });

  test('a changed list is an update of the same step', () => {
    expect(
      tell(desired({ percentage: 10, whitelist: ['a', 'b'] }), row(FEATURE, ten)),
    ).toMatchInlineSnapshot(`
      "checkout: update
      updated, differences [{"path":"whitelist","before":[],"after":["a","b"]}]
      live 10% -> 10% +a +b
      writes updated, baseline 10% +a +b"
    `);
  });

  test('a move to the next step alone is an advance', () => {
    const before = desired({ percentage: 10, steps: STEPS });
    expect(tell(desired({ percentage: 25, steps: STEPS }), row(FEATURE, before))).toMatchInlineSnapshot(`
      "checkout: update
      updated, differences [{"path":"percentage","before":10,"after":25}]
      live 10% -> 25%
      writes advanced, baseline 25%, new step"
    `);
  });

  test.each([
    ['beyond the next step', { percentage: 30, steps: STEPS }],
    ['backward', { percentage: 5, steps: STEPS }],
    ['to the next step with another change', { percentage: 25, steps: STEPS, paused: true }],
  ])('a move %s is an update, not an advance', (_, said) => {
    const before = row(FEATURE, desired({ percentage: 10, steps: STEPS }));
    expect(tell(desired(said), before)).toContain('writes updated');
  });

  test('switching a feature on begins an epoch', () => {
    expect(tell(ten, row(FEATURE, off))).toMatchInlineSnapshot(`
      "checkout: update
      updated, differences [{"path":"active","before":false,"after":true},{"path":"percentage","before":0,"after":10}]
      live off 0% -> 10%
      writes updated, baseline 10%, new epoch, new step"
    `);
  });

  test('a change without exposure is written and begins neither epoch nor step', () => {
    expect(tell(desired({ percentage: 10, paused: true }), row(FEATURE, ten))).toMatchInlineSnapshot(`
      "checkout: update
      updated, differences [{"path":"paused","before":false,"after":true}]
      live 10% -> 10%
      writes updated, baseline 10%"
    `);
  });

  test('names of a list count as the ids they were resolved to', () => {
    const named = desired({ whitelist: ['acme/web'] }, { 'acme/web': 'id-1' });
    expect(tell(named, row(FEATURE, named))).toBe('nothing to do');
    expect(tell(named, null)).toMatchInlineSnapshot(`
      "checkout: create
      created, exposure {"active":true,"emergency_stop":false,"strategy":"percentage","percentage":0,"whitelist":1}
      live nowhere -> 0% +id-1
      writes created, baseline 0% +acme/web, new step"
    `);
  });
});

describe('a feature that left the file', () => {
  test('a feature that left the file is archived when it is off', () => {
    expect(tell(null, row(FEATURE, off))).toMatchInlineSnapshot(`
      "checkout: archive
      archived, reconciled true
      live off 0% -> off 0%
      writes archived, baseline off 0%, archived"
    `);
  });

  test('a feature that left the file is refused while it is on', () => {
    expect(tell(null, row(FEATURE, ten))).toMatchInlineSnapshot(`
      "checkout: refused
      still_on, feature "checkout", reconciled true
      live 10% -> 10%
      writes nothing"
    `);
  });

  test('a feature that left the file is refused while it is on at 0%, because a whitelist may follow', () => {
    expect(tell(null, row(FEATURE, desired()))).toContain('still_on');
  });

  test('a feature that left the file while held off is archived, and its incident is settled', () => {
    const held = row(FEATURE, ten, { active: false, percentage: 0 });
    expect(tell(null, held, [incident(FEATURE)])).toMatchInlineSnapshot(`
      "checkout: archive, incident 7
      archived, reconciled true
      live off 0% -> off 10%
      writes archived, baseline 10%, archived, settles 7"
    `);
  });

  test('an archived feature that is not in the file needs no change', () => {
    expect(tell(null, row(FEATURE, off, {}, { archived: true }))).toBe('nothing to do');
  });

  test('an archived feature that somebody switched on is switched off again', () => {
    const woken = row(FEATURE, off, { active: true }, { archived: true });
    expect(tell(null, woken)).toMatchInlineSnapshot(`
      "checkout: repair_drift
      drift_repaired, repaired ["active"]
      live 0% -> off 0%
      writes drift_repaired, baseline off 0%, archived"
    `);
  });

  test('an archived feature comes back with its history when the file has it again', () => {
    const archived = row(FEATURE, off, {}, { archived: true });
    expect(tell(ten, archived)).toMatchInlineSnapshot(`
      "checkout: update
      updated, unarchived true, differences [{"path":"active","before":false,"after":true},{"path":"percentage","before":0,"after":10}]
      live off 0% -> 10%
      writes updated, baseline 10%, new epoch, new step"
    `);
  });
});

describe('a row that was never reconciled', () => {
  const foreign = { spec: null, revision: null };

  test('a row that was never reconciled has no baseline: the file applies, and the plan says so', () => {
    expect(tell(desired({ percentage: 25 }), row(FEATURE, ten, {}, foreign))).toMatchInlineSnapshot(`
      "checkout: update
      updated, baseline "none", differences [{"path":"percentage","before":10,"after":25}]
      live 10% -> 25%
      writes updated, baseline 25%, new step"
    `);
  });

  test('an unreconciled row that equals the file gets a baseline without a change', () => {
    const rows = rowsOf(row(FEATURE, ten, {}, foreign));
    expect(plan(fileOf({ [FEATURE]: ten }), rows, [], NOW)).toEqual([]);
    expect(withoutBaseline(fileOf({ [FEATURE]: ten }), rows)).toEqual([FEATURE]);
  });

  test('a row that differs, is archived or has a baseline is not adopted without a change', () => {
    const file = fileOf({ [FEATURE]: ten });
    for (const other of [
      row(FEATURE, ten, { percentage: 11 }, foreign),
      row(FEATURE, ten, {}, { ...foreign, archived: true }),
      row(FEATURE, ten),
      row('another', ten, {}, foreign),
    ]) {
      expect(withoutBaseline(file, rowsOf(other))).toEqual([]);
    }
  });

  test('an unreconciled row that is on and not in the file is neither archived nor switched off', () => {
    expect(tell(null, row(FEATURE, ten, {}, foreign))).toContain('refused');
  });
});
