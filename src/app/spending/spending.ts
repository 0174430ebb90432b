import { type Spending, spendingOf } from '../../domain/evidence/spending.ts';
import { nextStep } from '../../domain/gate/advance.ts';
import type { Impact } from '../../domain/plan/impact.ts';
import { asResolved, exposureOf, type ResolvedExposure, type Spec } from '../../domain/spec/spec.ts';
import type { FeatureStanding } from '../../store/configuration/feature-rows.ts';
import type { Reader } from '../../store/store.ts';

/** A live feature, and the exposure whose cost is asked for; null: only what it costs now. */
export interface AskedSpending {
  standing: Pick<FeatureStanding, 'feature' | 'epoch' | 'step_started_at'>;
  /** Its budget, its prices and the kind of its subjects. */
  spec: Spec;
  from: ResolvedExposure;
  to: ResolvedExposure | null;
}

function nextSpending(standing: AskedSpending['standing'], spec: Spec): AskedSpending {
  const from = asResolved(exposureOf(spec));
  const next = nextStep(spec);
  return { standing, spec, from, to: next && { ...from, percentage: next.percentage } };
}

/** Reads it of many features at once, in their order; of those without a budget nothing is asked, and there it is null. */
export async function readSpending(
  read: Reader,
  asked: readonly AskedSpending[],
): Promise<(Spending | null)[]> {
  const budgeted = asked.flatMap((one, place) =>
    one.spec.budget ? [{ ...one, place, budget: one.spec.budget }] : [],
  );
  const found = asked.map((): Spending | null => null);
  if (budgeted.length === 0) return found;
  const steps = new Map(budgeted.map(({ standing }) => [standing.feature, standing]));
  const spent = await read.health.spentOf([...steps.values()]);
  const impacts = await read.features.impacts(
    budgeted.map(({ spec: { subject }, from, to }) => ({
      before: { subject, exposure: from },
      after: { subject, exposure: to ?? from },
      tests: null,
    })),
  );
  for (const [nth, { standing, spec, budget, from, to, place }] of budgeted.entries()) {
    const raise = to && { percentage: to.percentage, times: timesOf(from, to, impacts[nth]) };
    const runs = spent.get(standing.feature) ?? { processors: [], seconds: 1 };
    found[place] = spendingOf({ ...spec, budget }, runs, raise);
  }
  return found;
}

/** What the next steps of live features would cost, by feature; those without a budget are left out. */
export async function readNextSpending(
  read: Reader,
  live: readonly { standing: AskedSpending['standing']; spec: Spec }[],
): Promise<Map<string, Spending>> {
  const asked = live.map(({ standing, spec }) => nextSpending(standing, spec));
  const found = await readSpending(read, asked);
  return new Map(
    asked.flatMap(({ standing }, nth) => {
      const spending = found[nth];
      return spending ? [[standing.feature, spending] as const] : [];
    }),
  );
}

/** By the subjects of the registry; an application that decides without one is known by its percentages alone. */
function timesOf(from: ResolvedExposure, to: ResolvedExposure, impact: Impact | undefined): number | null {
  if (impact && impact.before > 0) return impact.after / impact.before;
  const byPercentage = from.strategy === 'percentage' && to.strategy === 'percentage';
  return byPercentage && from.percentage > 0 ? to.percentage / from.percentage : null;
}
