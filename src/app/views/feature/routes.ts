import { byKey } from '../../../domain/evidence/rates.ts';
import { type RuleUse, ruleUses } from '../../../domain/evidence/routes.ts';
import { routingFrom } from '../../../domain/evidence/routing.ts';
import type { ActualFeature } from '../../../domain/plan/actual.ts';
import type { Reader } from '../../../store/store.ts';

/** Reads how often each routing rule decided, of all features or of one; the returned function reports each feature. */
export async function routesReader(
  read: Reader,
  rows: ReadonlyMap<string, ActualFeature>,
  feature?: string,
): Promise<(feature: string) => RuleUse[]> {
  const kept = byKey(await read.outcomes.routes(feature), (row) => row.feature);
  return (name) =>
    ruleUses(
      (kept.get(name) ?? []).map(({ feature: _feature, ...rest }) => rest),
      routingFrom(rows.get(name)?.spec?.routing),
    );
}
