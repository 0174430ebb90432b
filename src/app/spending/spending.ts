import { type Spending, spendingOf } from '../../domain/evidence/spending.ts';
import { nextStep } from '../../domain/gate/advance.ts';
import type { Audience, Impact } from '../../domain/plan/impact.ts';
import { admitsNobody } from '../../domain/spec/at-most.ts';
import { asResolved, exposureOf, type ResolvedExposure, type Spec } from '../../domain/spec/spec.ts';
import type { FeatureStanding } from '../../store/configuration/feature-rows.ts';
import type { Reader } from '../../store/store.ts';

/** A live feature, and the exposure whose cost is needed; null: only the present cost. */
export interface AskedSpending {
  standing: Pick<FeatureStanding, 'feature' | 'epoch' | 'step_started_at'>;
  /** Spec with the budget, the prices and the subject type. */
  spec: Spec;
  from: ResolvedExposure;
  to: ResolvedExposure | null;
}

function askNext(spec: Spec): Pick<AskedSpending, 'spec' | 'from' | 'to'> {
  const from = asResolved(exposureOf(spec));
  const next = nextStep(spec);
  return { spec, from, to: next && { ...from, percentage: next.percentage } };
}

/**
 * Reads the spending of many features at once, in their order; for a feature without a budget it is null, and nothing
 * is read.
 */
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

/** Reads the cost of live features' next steps, by feature; features without a budget are left out. */
export async function readNextSpending(
  read: Reader,
  live: readonly { standing: AskedSpending['standing']; spec: Spec }[],
): Promise<Map<string, Spending>> {
  const asked = live.map(({ standing, spec }) => ({ standing, ...askNext(spec) }));
  const found = await readSpending(read, asked);
  return new Map(
    asked.flatMap(({ standing }, nth) => {
      const spending = found[nth];
      return spending ? [[standing.feature, spending] as const] : [];
    }),
  );
}

/** Returns the audiences of live features with a budget, now and at the next step; kept counts save a scan of the registry. */
export async function nextAudiences(read: Reader): Promise<Audience[]> {
  const rows = [...(await read.features.actual()).values()];
  return rows.flatMap(({ spec, columns, archived }) => {
    if (!spec?.budget || archived || admitsNobody(columns)) return [];
    const { from, to } = askNext({ ...spec, ...columns });
    return to ? [from, to].map((exposure) => ({ subject: spec.subject, exposure })) : [];
  });
}

/** Returns the factor by the registry's subjects; without a registry, by the percentages. */
function timesOf(from: ResolvedExposure, to: ResolvedExposure, impact: Impact | undefined): number | null {
  if (impact && impact.before > 0) return impact.after / impact.before;
  const byPercentage = from.strategy === 'percentage' && to.strategy === 'percentage';
  return byPercentage && from.percentage > 0 ? to.percentage / from.percentage : null;
}
