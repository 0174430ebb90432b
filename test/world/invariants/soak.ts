import { closedBy, isFrozen } from '../file.ts';
import { dayIn, isOpenAt } from '../hours.ts';
import { minus, type Seen } from '../seen.ts';
import { WITHOUT } from '../step.ts';

const HOUR = 60;

/**
 * 4. Before the controller's own advance whoever entered beyond the tolerance has soaked, and its newest finished job
 * is young: silence is not health.
 */
export function soak(seen: Seen): string[] {
  const { world, effect, before } = seen;
  const { model } = world;
  const found: string[] = [];
  found.push(...closedTo(seen));
  for (const feature of effect.advanced ?? []) {
    const minutes = soakOf(before.features.get(feature)?.spec ?? null);
    if (minutes === null) continue;
    const was = seen.was(feature);
    const young = [...(model.entered.get(feature) ?? new Map())]
      .filter(([one, entry]) => was.has(one) && entry.at > model.clock - minutes)
      .map(([, entry]) => entry);
    const few = Math.max(5, Math.floor(was.size / 100));
    const byFile = young.filter(({ by }) => by === 'file').length;
    if (byFile > few)
      found.push(
        `${feature} advanced, although ${byFile} of ${was.size} came in by the file less than ${minutes / HOUR} h ago`,
      );
    const byImport = most(young.filter(({ by }) => by === 'registry').map(({ at }) => at));
    if (byImport > few)
      found.push(
        `${feature} advanced, although ${byImport} of ${was.size} came in by one import less than ${minutes / HOUR} h ago`,
      );
    const last = model.lastJob.get(feature);
    const silent = last === undefined ? Number.POSITIVE_INFINITY : model.clock - last;
    if (silent > minutes / 4 + 35 && !WITHOUT.includes('silence'))
      found.push(`${feature} advanced, although no job ended for ${silent} minutes of ${minutes}`);
  }
  return found;
}

/** Steps that the controller took or wrote by itself on a day, or at an hour, that the file or its policy closes. */
function closedTo({ effect, before, after, file }: Seen): string[] {
  // Midnight or an opening may fall into the step.
  const moments = [before.now, after.now];
  const always = (isClosed: (at: number) => boolean) => moments.every(isClosed);
  const frozen = always((at) => isFrozen(file, dayIn('UTC', at)));
  const { hours } = after.policy ?? {};
  const shut = hours && always((at) => !isOpenAt(hours, at));
  const steps = [...(effect.advanced ?? []), ...(effect.written ?? []), ...(effect.asked ?? [])];
  return steps.flatMap((feature) => {
    const written = file?.features[feature];
    const closed = always((at) => closedBy(written, at) !== null) && closedBy(written, after.now);
    return [
      ...(frozen ? [`${feature} advanced, although the file has a freeze today`] : []),
      ...(closed ? [`${feature} advanced, although the file says: ${closed}`] : []),
      ...(shut ? [`${feature} advanced, although the policy says: within ${JSON.stringify(hours)}`] : []),
    ];
  });
}

/**
 * 12. A tick begins the soak anew where more than the tolerance entered since it began: asked of each tick, and not only
 * of those that advance, because a walk seldom waits for a whole soak.
 */
export function soakBegins(seen: Seen): string[] {
  const { world, effect, after, features } = seen;
  const { model } = world;
  if (!effect.ticked || after.stopped) return [];
  return features.flatMap((feature) => {
    const row = after.features.get(feature);
    if (!row || row.archived || !hasNextStep(row.spec, row.columns.percentage)) return [];
    const is = seen.is(feature);
    const began = model.clock - (after.now - row.soakBegan) / 60_000;
    const young = [...(model.entered.get(feature) ?? new Map())]
      .filter(([one, entry]) => is.has(one) && entry.at > began + SLACK_MINUTES)
      .map(([, entry]) => entry);
    const few = Math.max(5, Math.floor(is.size / 100));
    const byFile = young.filter(({ by }) => by === 'file').length;
    const byImport = most(young.filter(({ by }) => by === 'registry').map(({ at }) => at));
    return byFile > few || byImport > few
      ? [
          `the soak of ${feature} goes on, although ${byFile} came in by the file and ${byImport} by one import since it began`,
        ]
      : [];
  });
}

/** The walk's own time passes beside the world's clock. */
const SLACK_MINUTES = 10;

function hasNextStep(spec: Record<string, unknown> | null, percentage: number): boolean {
  const steps = (spec?.steps ?? []) as { percentage: number }[];
  return steps.some((step) => step.percentage > percentage);
}

function most(times: readonly number[]): number {
  return Math.max(0, ...times.map((time) => times.filter((one) => one === time).length));
}

/** Of the step at which the feature stands. */
function soakOf(spec: Record<string, unknown> | null): number | null {
  const steps = (spec?.steps ?? []) as { percentage: number; soak: number | null }[];
  const own = [...steps].reverse().find(({ percentage }) => percentage <= Number(spec?.percentage));
  return own?.soak ? own.soak / 60 : null;
}

/** Keeps when everybody came in, for the next look. */
export function rememberEntries(seen: Seen): void {
  const { world, effect, features } = seen;
  const { model } = world;
  const by = effect.byHand ? 'hand' : effect.applied === 'no' ? 'registry' : 'file';
  for (const feature of features) {
    const entered = model.entered.get(feature) ?? new Map();
    for (const one of minus(seen.was(feature), seen.is(feature))) entered.delete(one);
    for (const one of minus(seen.is(feature), seen.was(feature))) entered.set(one, { at: model.clock, by });
    model.entered.set(feature, entered);
  }
}
