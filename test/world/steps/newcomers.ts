import { nth } from '../dice.ts';
import { textOf } from '../file.ts';
import { repositoryOf, SIZE_NAMES } from '../registry.ts';
import type { Effect, Kind, World } from '../step.ts';
import { commitText, currentFile, heldIn, reconciled } from './commits.ts';
import { work } from './outcomes.ts';
import { importRows, unused } from './registering.ts';

// Many come in while a feature soaks: those have not soaked, however healthy the others were.

/** More than may enter without beginning the soak anew. */
const MANY = 8;

/** A feature soaks for some hours with jobs that succeed, and then an import or its list brings in many more. */
const midSoak: Kind = {
  weight: 5,
  make: (dice) => ({
    place: dice.below(12),
    size: dice.pick(SIZE_NAMES),
    by: dice.pick(['import', 'file', 'file']),
  }),
  async take(world, step) {
    const held = heldIn(world);
    const ramping = [...world.model.facts.features].filter(
      ([key, { columns, spec }]) =>
        columns.active && !held.has(key) && Array.isArray(spec?.steps) && spec.steps.length > 0,
    );
    const [feature, row] = nth(ramping, Number(step.place)) ?? [];
    if (feature === undefined || row === undefined) return null;
    const size = SIZE_NAMES.find((one) => one === step.size) ?? 'small';
    const come = step.by === 'file' ? listed : () => imported(world, row.columns.percentage, size);
    await work(world, feature, { minutes: 120, pattern: 'good', when: 'all', twice: false });
    const effect = await come(world, feature);
    return effect && { ...effect, note: `${feature} soaks, then ${effect.note}${effect.failed ?? ''}` };
  },
};

/** So many that more than five of them enter, as a rule. */
async function imported(world: World, percentage: number, size: (typeof SIZE_NAMES)[number]) {
  if (world.model.registry.repositories.size > 110) return null;
  const amount = Math.min(60, Math.ceil(1_000 / Math.max(1, percentage)));
  const rows = unused(world.model, amount).map((id) => repositoryOf(id, size));
  return { ...(await importRows(world, rows)), note: `${amount} come` };
}

async function listed(world: World, feature: string): Promise<Effect | null> {
  const file = await currentFile(world);
  const written = file?.features[feature];
  if (!file || !written || written.subject === 'customer') return null;
  const inside = world.model.facts.eligible.get(feature) ?? new Set();
  const others = [...world.model.registry.repositories.keys()].filter(
    (id) => !inside.has(`repository ${id}`),
  );
  if (others.length < MANY) return null;
  written.whitelist = [...((written.whitelist as string[] | undefined) ?? []), ...others.slice(0, MANY)];
  await commitText(world, textOf(file), 'commit', `${MANY} more for ${feature}`);
  return reconciled(world, { door: 'github' });
}

export const NEWCOMERS: Readonly<Record<string, Kind>> = { 'mid-soak': midSoak };
