import { describe, expect, it, test } from 'vitest';
import { plan, refuseFile } from '../../../src/domain/plan/decide/plan.ts';
import type { Spec } from '../../../src/domain/spec/spec.ts';
import { desired, incident, row } from '../../helpers/data/specs.ts';
import { FEATURE, fileOf, NOW, rowsOf, tell } from './plan-world.ts';

const off = desired({ active: false });
const ten = desired({ percentage: 10 });

describe('a part of the file with errors', () => {
  const broken = { broken: new Map([[FEATURE, { line: 7, message: 'percentage is 1000', more: 0 }]]) };

  test('an entry of the file with errors leaves its feature as it is and says why', () => {
    expect(tell(null, row(FEATURE, ten), [], broken)).toMatchInlineSnapshot(`
      "checkout: refused
      file_errors, line 7, message "percentage is 1000", more 0
      live 10% -> 10%
      writes nothing"
    `);
    expect(tell(null, null, [], broken)).toContain('file_errors, line 7, message "percentage is 1000"');
  });

  test('an entry of the file with errors does not prevent the repair of a manual raise', () => {
    expect(tell(null, row(FEATURE, ten, { percentage: 90 }), [], broken)).toMatchInlineSnapshot(`
      "checkout: repair_drift
      drift_repaired, repaired ["percentage"]
      live 90% -> 10%
      writes drift_repaired, baseline 10%"
    `);
  });

  test('an entry of the file with errors does not prevent the hold of a manual reduction', () => {
    expect(tell(null, row(FEATURE, ten, { percentage: 1 }), [], broken)).toMatchInlineSnapshot(`
      "checkout: adopt_drift, held
      drift_adopted, reduced [{"field":"percentage","value":1}]
      live 1% -> 1%
      writes drift_adopted, baseline 10%, new epoch, opens drift holding 1%, before it 10%"
    `);
  });

  test('an entry of the file with errors does not prevent the other features from being applied', () => {
    const file = fileOf({ other: ten }, broken);
    expect(
      plan(file, rowsOf(row(FEATURE, ten)), [], NOW).map(({ feature, action }) => [feature, action]),
    ).toEqual([
      [FEATURE, 'refused'],
      ['other', 'create'],
    ]);
  });
});

describe('a raise against the gates of the feature', () => {
  const steps = [10, 25, 50].map((percentage) => ({ percentage, soak: 60, name: null }));
  const hours = { days: ['mon' as const], from: '09:00', to: '16:00', zone: 'UTC' };
  const from = (said: Partial<Spec>) => row(FEATURE, desired({ percentage: 10, ...said }));
  const warned = (said: Partial<Spec>, percentage: number) =>
    tell(desired({ ...said, percentage }), from(said))
      .split('\n')
      .filter((line) => line.includes('warning:'))
      .map((line) => line.trim());

  // The plan is made on Sunday, 2026-11-22.
  it.each<[string, Partial<Spec>, string]>([
    ['before its first day', { not_before: '2026-11-23' }, 'warning: not_before, day "2026-11-23"'],
    ['after its cutoff', { cutoff: '2026-11-21' }, 'warning: cutoff, day "2026-11-21"'],
    ['outside of its hours', { hours }, 'warning: hours, opens "2026-11-23T09:00:00.000Z"'],
  ])('a raise %s gets a warning, and a cut does not', (_when, said, warning) => {
    expect(warned(said, 25)).toEqual([expect.stringContaining(warning)]);
    expect(warned(said, 5)).toEqual([]);
  });

  it("a raise past the feature's next step gets a warning; to that step, or down, it does not", () => {
    expect(warned({ steps }, 50)).toEqual([expect.stringContaining('warning: skips_steps')]);
    expect(warned({ steps }, 26)).toEqual([expect.stringContaining('warning: skips_steps')]);
    expect(warned({ steps }, 25)).toEqual([]);
    expect(warned({ steps }, 5)).toEqual([]);
  });

  it('a feature that was off starts at its first step, and a higher start gets a warning', () => {
    const off = row(FEATURE, desired({ percentage: 25, active: false, steps }));
    expect(tell(desired({ percentage: 25, steps }), off)).toContain('warning: skips_steps');
    expect(tell(desired({ percentage: 25, steps }), null)).toContain('warning: skips_steps');
    expect(tell(desired({ percentage: 10, steps }), null)).not.toContain('skips_steps');
  });
});

describe('a file that begins to ask for commits alone', () => {
  const steps = [10, 25, 50].map((percentage) => ({ percentage, soak: 60, name: null }));
  const approved = steps.map((step) => (step.percentage === 50 ? { ...step, approve: true as const } : step));
  const by = (said: Partial<Spec>) => desired({ percentage: 10, advance: 'commit', ...said });

  it('a change to advance: commit gets a warning, unless one of the steps has approve', () => {
    expect(tell(by({ steps }), row(FEATURE, desired({ percentage: 10, steps })))).toContain(
      'warning: unreviewed',
    );
    expect(tell(by({ steps }), null)).toContain('warning: unreviewed');
    expect(tell(by({ steps: approved }), null)).not.toContain('unreviewed');
    expect(tell(by({ steps: approved }), row(FEATURE, by({ steps })))).not.toContain('unreviewed');
    expect(tell(by({ steps }), row(FEATURE, by({ steps: approved })))).toContain('warning: unreviewed');
    expect(tell(by({ steps, percentage: 25 }), row(FEATURE, by({ steps })))).not.toContain('unreviewed');
  });
});

describe('during a freeze', () => {
  const freeze = { freeze: [{ from: '2026-11-20', to: '2026-11-30', reason: 'sale' }] };
  const warning = 'warning: freeze, from "2026-11-20"';

  test.each([
    ['that raises', tell(desired({ percentage: 25 }), row(FEATURE, ten), [], freeze)],
    ['that creates a live feature', tell(ten, null, [], freeze)],
    ['that resumes', tell(ten, row(FEATURE, off), [incident(FEATURE, { state: 'settled' })], freeze)],
  ])('during a freeze a change %s is applied with a warning', (_, told) => {
    expect(told).toContain(warning);
  });

  test.each([
    ['that lowers', tell(desired({ percentage: 5 }), row(FEATURE, ten), [], freeze)],
    ['that creates a feature that is off', tell(off, null, [], freeze)],
    ['without exposure', tell(desired({ percentage: 10, paused: true }), row(FEATURE, ten), [], freeze)],
    ['a day after it', tell(ten, null, [], { freeze: [{ ...freeze.freeze[0], to: '2026-11-21' }] } as never)],
  ])('despite a freeze a change %s is applied without a warning', (_, told) => {
    expect(told).not.toContain('warning');
  });
});

describe('an empty file', () => {
  const live = rowsOf(row('a', ten), row('b', ten), row('c', off), row('d', ten, {}, { archived: true }));

  test('an empty file is refused while features are live', () => {
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
  ])('an empty file is not refused where %s', (_, file, rows) => {
    expect(refuseFile(file, rows)).toBeNull();
  });
});
