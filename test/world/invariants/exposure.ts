import { NOBODY } from '../admission.ts';
import { few, minus, type Seen } from '../seen.ts';

/**
 * 1. Nobody is exposed who is not exposed by a commit on the default branch, by registry data, by the plain file where
 * no commit governs, or by what was exposed before.
 */
export function exposure(seen: Seen): string[] {
  const { world, effect, after, features } = seen;
  const { model } = world;
  const found: string[] = [];
  if (effect.byHand) return found;
  for (const feature of features) {
    const rightful = model.rightful.get(feature) ?? new Set();
    const grown = seen.who(seen.named(model.columns.get(feature) ?? NOBODY));
    const wrong = settles(seen, feature)
      ? minus(seen.is(feature), rightful, grown, seen.who(seen.allowed(feature)))
      : minus(
          seen.is(feature),
          seen.was(feature),
          rightful,
          grown,
          seen.who(liveBefore(seen, feature)),
          perhaps(seen, feature),
        );
    if (wrong.length > 0)
      found.push(`${feature} is on for ${few(wrong)}: no commit, no import and nothing before says so`);
  }
  const moved = after.revision !== seen.before.revision;
  if (effect.applied === 'yes' && moved && world.ground.origin && seen.commit === null) {
    found.push(
      `${after.revision} was applied, which is not on the default branch ${world.ground.shared.branch}`,
    );
  }
  return found;
}

/**
 * Was this feature decided from the file in this step, so that what SQL added must be gone? An entry that the policy
 * refused decides nothing, also where the change that was made of it puts back what SQL edited.
 */
export function settles({ effect, after }: Seen, feature: string): boolean {
  if (effect.applied !== 'yes' || after.refused.includes(feature)) return false;
  const change = effect.reconciled?.changes.find((one) => one.feature === feature);
  return change?.action !== 'refused';
}

function liveBefore({ before }: Seen, feature: string) {
  return before.features.get(feature)?.columns ?? NOBODY;
}

function perhaps(seen: Seen, feature: string): Set<string> {
  return seen.effect.applied === 'no' ? new Set() : seen.who(seen.allowed(feature));
}
