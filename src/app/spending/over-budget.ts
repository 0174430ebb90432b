import { excessOf, type Spending } from '../../domain/evidence/spending.ts';
import { nextStep } from '../../domain/gate/advance.ts';
import type { Desired } from '../../domain/plan/desired.ts';
import type { PlannedChange } from '../../domain/plan/impact.ts';
import type { ChangeWarning } from '../../domain/plan/reason.ts';
import { admitsNobody } from '../../domain/spec/at-most.ts';
import type { Reader } from '../../store/store.ts';
import { type AskedSpending, readSpending } from './spending.ts';

/** A change of a live feature with a budget, and the exposures whose cost is needed. */
interface Priced {
  change: PlannedChange;
  /** The exposure after the change, and at the next step after it. */
  asked: readonly [AskedSpending, AskedSpending];
}

/**
 * Adds a warning to each change that would cost more than the file's budget at present traffic, or whose next step
 * would. A feature that is off has no known cost. Features without a budget get no warning, and nothing is read for
 * them.
 */
export async function withBudgets(
  read: Reader,
  changes: readonly PlannedChange[],
  desired: Desired,
): Promise<PlannedChange[]> {
  const budgeted = changes.filter(({ feature }) => desired.features.get(feature)?.spec.budget);
  if (budgeted.length === 0) return [...changes];
  const standings = new Map((await read.features.standings()).map((one) => [one.feature, one]));
  const priced = budgeted.flatMap((change): Priced[] => {
    const spec = desired.features.get(change.feature)?.spec;
    const standing = standings.get(change.feature);
    const { before, after, subject_before: subject } = change;
    if (!spec || !standing || !before || !after || admitsNobody(before) || admitsNobody(after)) return [];
    if (subject !== spec.subject) return [];
    const next = nextStep({ ...spec, ...after });
    const to = next && { ...after, percentage: next.percentage };
    const ask = { standing, spec, from: before };
    return [
      {
        change,
        asked: [
          { ...ask, to: after },
          { ...ask, to },
        ],
      },
    ];
  });
  const spendings = await readSpending(
    read,
    priced.flatMap(({ asked }) => asked),
  );
  const warnings = new Map(
    priced.map(({ change }, nth) => [change, warningOf(spendings[2 * nth], spendings[2 * nth + 1])]),
  );
  return changes.map((change) => {
    const warning = warnings.get(change);
    return warning ? { ...change, warnings: [...change.warnings, warning] } : change;
  });
}

function warningOf(
  now: Spending | null | undefined,
  next: Spending | null | undefined,
): ChangeWarning | null {
  if (!now) return null;
  const { problem } = now;
  if (problem) return problem.code === 'no_job' ? null : { code: 'cost_unknown', problem };
  const raises = (now.next?.monthly ?? 0) > (now.monthly ?? 0);
  const excess = raises ? excessOf(now) : null;
  if (excess) return { code: 'over_budget', step: 'change', ...excess };
  const later = next ? excessOf(next) : null;
  return later && { code: 'over_budget', step: 'next', ...later };
}
