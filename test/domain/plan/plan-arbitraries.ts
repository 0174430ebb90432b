import fc from 'fast-check';
import type { ActualFeature } from '../../../src/domain/plan/actual.ts';
import { atMost } from '../../../src/domain/spec/at-most.ts';
import type { Incident } from '../../../src/domain/spec/incident.ts';
import { resolveLists } from '../../../src/domain/spec/resolve.ts';
import type { Exposure, ResolvedExposure, Spec } from '../../../src/domain/spec/spec.ts';
import { anyExposure, anySpec, incident, row } from '../../helpers/data/specs.ts';
import { fileOf, NOW, type World } from './plan-world.ts';

/** Some fields of one exposure in another: what SQL by hand, or an edit of the file, does. */
const someFields = fc.record({
  from: anyExposure,
  fields: fc.oneof(
    { weight: 2, arbitrary: fc.constant([]) },
    { weight: 3, arbitrary: fc.subarray(['active', 'percentage', 'whitelist', 'blacklist'] as const) },
    { weight: 1, arbitrary: fc.subarray(['emergency_stop', 'strategy', 'categories', 'salt'] as const) },
  ),
});
type SomeFields = { from: Exposure; fields: readonly (keyof Exposure)[] };

function changed<T extends Exposure>(said: T, { from, fields }: SomeFields): T {
  return { ...said, ...Object.fromEntries(fields.map((field) => [field, from[field]])) };
}

interface FeatureParts {
  wanted: Spec | 'broken' | null;
  actual: ActualFeature | null;
  incident: Incident | null;
  /** The incident that the file's entry resumes. */
  resumes: string | null;
}

/** One feature in any state that it can get into: drifted, held, settled, archived, never reconciled, ... */
const featureParts = (feature: string): fc.Arbitrary<FeatureParts> =>
  fc
    .record({
      said: anySpec,
      edit: someFields,
      byHand: someFields,
      held: someFields,
      inFile: fc.constantFrom('same', 'edited', 'edited', 'edited', 'broken', 'absent'),
      inDatabase: fc.constantFrom('row', 'row', 'row', 'row', 'foreign', 'archived', 'absent'),
      state: fc.constantFrom('open', 'open', 'settled', 'none'),
      kind: fc.constantFrom('rollback', 'emergency_stop', 'drift'),
      settlement: fc.constantFrom('contained', 'missing', 'reverted', 'uncommitted'),
      permit: fc.constantFrom(null, -1, 1),
      resumes: fc.constantFrom(null, `incident-${feature}`, `incident-${feature}`, 'another'),
    })
    .map((parts) => {
      const { exposure, resolved } = resolveLists(parts.said, {}, new Map());
      const applied = parts.inDatabase === 'archived' ? { ...exposure, active: false } : exposure;
      const held = heldBy(parts.state, parts.kind, applied, changed(exposure, parts.held));
      const hold: Incident | null =
        parts.state === 'none' || parts.inDatabase === 'absent'
          ? null
          : incident(feature, {
              id: `incident-${feature}`,
              state: parts.state,
              kind: parts.kind,
              held,
              settlement: parts.settlement,
              permit: parts.permit && {
                ceiling: exposure,
                granted_by: 'ada',
                reason: 'mended',
                expires_at: new Date(NOW.getTime() + parts.permit),
              },
            });
      const live = hold?.state === 'open' ? held : exposure;
      const columns = changed(
        parts.inDatabase === 'archived' ? { ...live, active: false } : live,
        parts.byHand,
      );
      const baseline = { spec: parts.said, exposure, resolved, resumes: null };
      return {
        wanted: wantedOf(parts.inFile, parts.said, parts.edit),
        actual:
          parts.inDatabase === 'absent'
            ? null
            : row(feature, baseline, columns, {
                ...(parts.inDatabase === 'foreign' ? { spec: null } : {}),
                archived: parts.inDatabase === 'archived',
              }),
        incident: hold,
        resumes: parts.resumes,
      };
    });

/** A stop holds the stopped state; an incident that is settled was settled by what is applied. */
function heldBy(
  state: string,
  kind: string,
  applied: ResolvedExposure,
  held: ResolvedExposure,
): ResolvedExposure {
  if (state === 'settled') return atMost(applied, held) ? held : applied;
  return kind === 'emergency_stop' ? { ...held, emergency_stop: true } : held;
}

function wantedOf(inFile: string, said: Spec, edit: SomeFields): FeatureParts['wanted'] {
  if (inFile === 'absent') return null;
  if (inFile === 'broken') return 'broken';
  if (inFile === 'same') return said;
  const edited = changed(said, edit);
  // Names of the registry are not in the file; there a blacklist holds what a person wrote.
  return { ...edited, blacklist: edited.blacklist.filter((entry) => !entry.includes('/')) };
}

export const FEATURES = ['checkout', 'payment', 'search'] as const;

export const anyParts = fc.tuple(...FEATURES.map(featureParts));

export function worldOf(parts: readonly FeatureParts[]): World {
  const named = parts.map((part, place) => [FEATURES[place] ?? '', part] as const);
  return {
    file: fileOf(
      Object.fromEntries(
        named.flatMap(([feature, { wanted, resumes }]) =>
          wanted === null || wanted === 'broken'
            ? []
            : [[feature, { spec: wanted, resumes, ...resolveLists(wanted, {}, new Map()) }]],
        ),
      ),
      {
        broken: new Map(
          named.flatMap(([feature, { wanted }]) =>
            wanted === 'broken' ? [[feature, { line: 3, message: 'wrong', more: 0 }] as const] : [],
          ),
        ),
      },
    ),
    rows: new Map(named.flatMap(([feature, { actual }]) => (actual ? [[feature, actual]] : []))),
    incidents: parts.flatMap(({ incident }) => (incident ? [incident] : [])),
  };
}

export const anyWorld: fc.Arbitrary<World> = anyParts.map(worldOf);
