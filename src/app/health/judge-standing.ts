import { type Evidence, type Judgement, judgeFeature } from '../../domain/health/health.ts';
import type { Spec } from '../../domain/spec/spec.ts';
import type { WorstSubjects } from '../../domain/verdict/few-subjects.ts';
import type { FeatureStanding } from '../../store/configuration/feature-rows.ts';
import type { Store } from '../../store/store.ts';

/**
 * Judges one epoch. Where a score is over its limit its worst subjects are looked up before it may act: without them
 * nobody knows whether one subject alone is to blame. `now` in seconds since 1970.
 */
export async function judgeStanding(
  store: Store,
  { feature, epoch, epoch_started_at }: Pick<FeatureStanding, 'feature' | 'epoch' | 'epoch_started_at'>,
  spec: Pick<Spec, 'analysis' | 'thresholds' | 'rollback'>,
  evidence: Evidence,
  now: number,
): Promise<Judgement> {
  const worst = new Map<string | null, WorstSubjects>();
  for (;;) {
    const judged = judgeFeature(spec, { ...evidence, score: { ...evidence.score, worst } }, now);
    const unknown = judged.over.filter(({ category }) => !worst.has(category));
    if (unknown.length === 0) return judged.judgement;
    for (const run of unknown) {
      const asked = { feature, epoch, epoch_started_at, ...run };
      worst.set(run.category, await store.reading((read) => read.health.worstSubjects(asked)));
    }
  }
}
