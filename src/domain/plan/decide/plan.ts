import { compareText } from '../../../lib/text.ts';
import { isOff } from '../../spec/at-most.ts';
import { type Incident, tookAway } from '../../spec/incident.ts';
import { type ActualFeature, withBaseline } from '../actual.ts';
import type { Change } from '../change.ts';
import type { Desired, DesiredFeature } from '../desired.ts';
import type { FeaturePair } from '../feature-pair.ts';
import type { EmptyFile } from '../reason.ts';
import type { TakenAway } from '../taken-away.ts';
import { exceeds, rowAgrees } from './agreement.ts';
import { planOne } from './plan-feature.ts';

/**
 * Plans what reconcile would do: desired against actual, feature by feature, in the order of their keys.
 *
 * One rule comes before all others: exposure rises only by a commit, and never while an incident is open. `incidents`
 * are the open and settled ones, oldest first within a feature. Features on which file and database agree give no
 * change.
 */
export function plan(
  desired: Desired,
  actual: ReadonlyMap<string, ActualFeature>,
  incidents: readonly Incident[],
  now: Date,
): Change[] {
  const keys = new Set([...desired.features.keys(), ...desired.broken.keys(), ...actual.keys()]);
  const open = new Map(incidents.filter((i) => i.state === 'open').map((i) => [i.feature, i]));
  const settled = incidents.filter((i) => i.state === 'settled');
  const takenAway: TakenAway[] = [...open.values(), ...settled];
  const changes: Change[] = [];
  // New features last, as reconcile applies them: an incident that this plan opens already holds its salt.
  const inOrder = [...keys].sort(compareText);
  const known = inOrder.filter((feature) => actual.has(feature));
  const created = inOrder.filter((feature) => !actual.has(feature));
  for (const feature of [...known, ...created]) {
    const wanted = desired.features.get(feature) ?? null;
    const row = actual.get(feature);
    const pair: FeaturePair = {
      feature,
      desired: wanted,
      actual: row ? withBaseline(row, wanted?.spec) : null,
      hold: open.get(feature) ?? null,
      settled: binding(
        settled.filter((incident) => incident.feature === feature),
        desired.features.get(feature),
      ),
      revision: desired.revision,
      freeze: desired.freeze,
      liftsHolds: !desired.adopted,
      now,
    };
    const change = planOne(pair, desired, takenAway);
    if (!change) continue;
    changes.push(change);
    const effect = change.write?.incident;
    if (effect?.do === 'open') {
      const { held, reduced } = effect;
      takenAway.push({ feature, held, id: null, reduced });
    }
  }
  return changes.sort((a, b) => compareText(a.feature, b.feature));
}

/**
 * Picks the settled incident that limits this feature: first one that the file exceeds without anyone's consent, then
 * one that a person raises above, the latest of each. Of those that open again, one that took something away comes
 * first, so that it can be resumed.
 */
function binding(settled: readonly Incident[], desired: DesiredFeature | undefined): Incident | null {
  const newestFirst = settled.toReversed();
  const raised = newestFirst.filter((incident) => desired && exceeds(desired, incident));
  const lost = raised.filter(({ settlement }) => settlement !== 'contained');
  return lost.find(tookAway) ?? lost[0] ?? raised[0] ?? newestFirst[0] ?? null;
}

/**
 * Returns rows that match the file but were never reconciled, as after a migration. Reconcile makes the file their
 * baseline; no visible state changes, so `plan` does not list them.
 */
export function withoutBaseline(desired: Desired, actual: ReadonlyMap<string, ActualFeature>): string[] {
  return [...desired.features].flatMap(([feature, wanted]) => {
    const row = actual.get(feature);
    return row && !row.spec && !row.edited && !row.archived && rowAgrees(wanted, row) ? [feature] : [];
  });
}

/** Returns why this file may not be applied at all, or null. */
export function refuseFile(desired: Desired, actual: ReadonlyMap<string, ActualFeature>): EmptyFile | null {
  if (desired.features.size > 0 || desired.broken.size > 0) return null;
  const live = [...actual.values()].filter((row) => !row.archived && !isOff(row.columns));
  return live.length === 0 ? null : { live: live.map(({ feature }) => feature) };
}
