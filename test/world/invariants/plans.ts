import { minus, type Seen } from '../seen.ts';

/** 2. What a plan said of its change is what happened: which changes, who entered, who left. */
export function plans(seen: Seen): string[] {
  const { planned, reconciled } = seen.effect;
  if (!planned || !reconciled || seen.effect.applied !== 'yes') return [];
  const short = (changes: typeof planned.changes) =>
    changes
      .map(({ action, feature }) => `${action} ${feature}`)
      .sort()
      .join(', ');
  const found: string[] = [];
  if (short(planned.changes) !== short(reconciled.changes)) {
    found.push(
      `planned ${short(planned.changes) || 'nothing'}, but did ${short(reconciled.changes) || 'nothing'}`,
    );
  }
  for (const feature of seen.features) {
    const change = planned.changes.find((one) => one.feature === feature);
    if (change?.action === 'refused') continue;
    const entering = minus(seen.is(feature), seen.was(feature)).length;
    const leaving = minus(seen.was(feature), seen.is(feature)).length;
    const moved = planned.movements.find((one) => one.feature === feature);
    const said = {
      entering: (change?.impact?.entering ?? 0) + (moved?.entering ?? 0),
      leaving: (change?.impact?.leaving ?? 0) + (moved?.leaving ?? 0),
    };
    if (said.entering === entering && said.leaving === leaving) continue;
    found.push(
      `${feature}: the plan said ${said.entering} enter and ${said.leaving} leave; it were ${entering} and ${leaving}`,
    );
  }
  return found;
}
