import { columnsIn, readFile } from '../file.ts';
import { textAt } from '../files.ts';
import type { Hold } from '../model.ts';
import { few, minus, type Seen } from '../seen.ts';
import { settles } from './exposure.ts';

/** A permit that nobody used lapses after seven days. */
const PERMIT_MINUTES = 7 * 24 * 60;

/**
 * 3. A held or stopped feature admits nobody beyond its hold; a resume needs a permit, or a person's commit on top of
 * the one that settled it, which is no revert.
 */
export async function holds(seen: Seen): Promise<string[]> {
  const { world, effect, features } = seen;
  const { model } = world;
  const found: string[] = [];
  if (effect.byHand) return found;
  if (model.latched && effect.latched !== false && !seen.after.stopped) {
    found.push('the stop of everything was lifted by nobody');
  }
  for (const feature of effect.unreviewed ?? []) {
    const entered = minus(seen.is(feature), seen.was(feature));
    if (entered.length > 0)
      found.push(`${feature} was raised for ${few(entered)} by a pull request that nobody merged`);
  }
  for (const { feature, why } of effect.held ?? []) {
    if (why === 'stopped' && seen.is(feature).size > 0)
      found.push(`${feature} was stopped, and is on for somebody`);
  }
  for (const { feature, percentage } of effect.permits ?? []) {
    model.permits.set(feature, { percentage, until: model.clock + PERMIT_MINUTES });
  }
  await liftResumed(seen);
  for (const feature of features) {
    const own = model.holds.filter((hold) => hold.feature === feature);
    const beyond = own.filter((hold) => outside(seen, hold).length > 0);
    if (beyond.length === 0) continue;
    // What SQL added stays until the next reconcile that works.
    if (
      !settles(seen, feature) &&
      minus(seen.is(feature), seen.was(feature), ...grown(seen, own)).length === 0
    )
      continue;
    if (await mayRise(seen, feature, beyond)) {
      model.holds = model.holds.filter((hold) => hold.feature !== feature);
      model.permits.delete(feature);
      continue;
    }
    const [hold] = beyond;
    if (hold)
      found.push(
        `${feature} was ${hold.why}, and is on for ${few(outside(seen, hold))} without permit or commit`,
      );
  }
  return found;
}

/** What was resumed without letting anybody in that a set could show is over all the same. */
async function liftResumed(seen: Seen): Promise<void> {
  const { model } = seen.world;
  const was = new Map(seen.before.incidents.map(({ id, state }) => [id, state]));
  const resumed = seen.after.incidents.filter(
    ({ id, state }) => state === 'resumed' && was.get(id) !== 'resumed',
  );
  for (const feature of new Set(resumed.map((one) => one.feature))) {
    const own = model.holds.filter((hold) => hold.feature === feature);
    const within = own.every((hold) => outside(seen, hold).length === 0);
    const agreed = own.every((hold) => hold.agreed !== null && hold.agreed !== seen.commit);
    if (within && (model.permits.has(feature) || agreed)) {
      model.holds = model.holds.filter((hold) => hold.feature !== feature);
    }
  }
}

function outside(seen: Seen, { feature, columns }: Hold): string[] {
  return minus(seen.is(feature), seen.who(columns));
}

/** Whom the registry brought into what is held. */
function grown(seen: Seen, own: readonly Hold[]): Set<string>[] {
  return own.map(({ columns }) => seen.who(columns));
}

async function mayRise(seen: Seen, feature: string, beyond: readonly Hold[]): Promise<boolean> {
  const { model } = seen.world;
  const permit = model.permits.get(feature);
  // The file has to say so too: that is how a merge is known, and it may have asked for more all along.
  const merged = seen.file?.features[feature]?.resumes !== undefined;
  const inForce = permit !== undefined && permit.until >= model.clock;
  if (merged && inForce && seen.allowed(feature).percentage <= permit.percentage) return true;
  for (const hold of beyond) if (!(await risenByCommit(seen, hold))) return false;
  return seen.commit !== null;
}

/** Did a person's commit raise it after a commit that agreed? The last one that went beyond the hold counts. */
async function risenByCommit({ world, commit, who }: Seen, hold: Hold): Promise<boolean> {
  const { origin } = world.ground;
  const { agreed, feature } = hold;
  if (!origin || agreed === null || commit === null || agreed === commit) return false;
  const listed = await world.ground.onOrigin(
    'rev-list',
    '--first-parent',
    '--reverse',
    `${agreed}..${commit}`,
  );
  const owners = (name: string) => [...(world.model.owners.get(name.toLowerCase()) ?? [])];
  let within = true;
  let by: string | null = null;
  for (const sha of listed.split('\n').filter(Boolean)) {
    const file = readFile(await textAt(origin, world.ground.path, sha));
    if (!file) continue;
    const now = minus(who(columnsIn(file, feature, owners)), who(hold.columns)).length === 0;
    if (within && !now) by = sha;
    within = now;
  }
  return by !== null && !within && !world.ground.shared.reverts.has(by);
}
