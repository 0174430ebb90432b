import { NOBODY } from './admission.ts';
import { columnsIn } from './file.ts';
import { rememberBaseline } from './invariants/baseline.ts';
import { settles } from './invariants/exposure.ts';
import { rememberPolicy } from './invariants/policy.ts';
import { rememberEntries } from './invariants/soak.ts';
import type { Hold } from './model.ts';
import { minus, type Seen } from './seen.ts';

/** Takes a step into the model, after the invariants have judged it. */
export function remember(seen: Seen): void {
  const { world, effect, before, after, features } = seen;
  const { model } = world;
  rememberEntries(seen);
  rememberBaseline(seen);
  rememberPolicy(seen);
  if (effect.byHand === 'restored') {
    model.facts = after;
    return;
  }
  for (const feature of features) {
    rememberRightful(seen, feature);
    if (before.features.get(feature)?.epoch !== after.features.get(feature)?.epoch)
      model.harmed.delete(feature);
  }
  if (effect.latched !== undefined) model.latched = effect.latched;
  const known = new Set(before.incidents.map(({ id }) => id));
  for (const { id, feature, state, kind } of after.incidents) {
    if (known.has(id) || state !== 'open') continue;
    const columns = after.features.get(feature)?.columns ?? NOBODY;
    const why =
      effect.held?.find((one) => one.feature === feature)?.why ?? `held by incident ${id} (${kind})`;
    model.holds.push({ feature, columns, why, agreed: null });
    model.permits.delete(feature);
  }
  if (effect.applied === 'yes') for (const hold of model.holds) rememberAgreement(seen, hold);
  model.facts = after;
}

function rememberRightful(seen: Seen, feature: string): void {
  const { world, effect, after } = seen;
  const { model } = world;
  const columns = after.features.get(feature)?.columns ?? NOBODY;
  const is = seen.is(feature);
  if (effect.byHand === 'sql' || (!settles(seen, feature) && model.columns.has(feature))) {
    // What SQL took away is gone for good; what it gave was never right.
    const rightful = model.rightful.get(feature) ?? new Set();
    const grown = seen.who(model.columns.get(feature) ?? NOBODY);
    const kept = new Set([...is].filter((one) => rightful.has(one) || grown.has(one)));
    model.rightful.set(feature, kept);
    if (minus(is, kept).length === 0) model.columns.set(feature, columns);
    return;
  }
  model.rightful.set(feature, is);
  model.columns.set(feature, columns);
}

/** The file came to agree with a hold by the commit that was applied. */
function rememberAgreement({ world, commit, file, who }: Seen, hold: Hold): void {
  if (commit === null || file === null) return;
  const owners = (name: string) => [...(world.model.owners.get(name.toLowerCase()) ?? [])];
  const agrees = minus(who(columnsIn(file, hold.feature, owners)), who(hold.columns)).length === 0;
  if (agrees) hold.agreed = commit;
}
