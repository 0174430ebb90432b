import { type Evidence, type Judged, type Judgement, judgeFeature } from '../../domain/health/health.ts';
import type { Spec } from '../../domain/spec/spec.ts';
import type { FeatureEvidence } from '../../domain/verdict/evidence.ts';
import type { WorstSubjects } from '../../domain/verdict/few-subjects.ts';
import type { FeatureStanding } from '../../store/configuration/feature-rows.ts';
import type { OverLimitRun } from '../../store/score/worst-subjects.ts';
import type { Store } from '../../store/store.ts';

type Standing = Pick<FeatureStanding, 'feature' | 'epoch' | 'epoch_started_at'>;

/**
 * Judges one epoch. If a score is over its limit, its worst subjects are read before it may act: otherwise one subject
 * alone might be to blame. `now` in seconds since 1970; `actingBeside` as in `judgeFeature`.
 */
export function judgeStanding(
  store: Store,
  standing: Standing,
  spec: Pick<Spec, 'analysis' | 'thresholds' | 'rollback'>,
  evidence: Evidence,
  now: number,
  actingBeside = 0,
): Promise<Judgement> {
  return judgeWithWorst(
    standing,
    evidence.score,
    (score) => judgeFeature(spec, { ...evidence, score }, now, actingBeside),
    (run) => store.reading((read) => read.health.worstSubjects(run)),
  );
}

/** Judges evidence, and judges it again with the worst subjects of each run over its limit. */
export async function judgeWithWorst(
  { feature, epoch, epoch_started_at }: Standing,
  evidence: FeatureEvidence,
  judge: (evidence: FeatureEvidence) => Judged,
  lookUp: (run: OverLimitRun) => Promise<WorstSubjects>,
): Promise<Judgement> {
  const worst = new Map<string | null, WorstSubjects>();
  for (;;) {
    const judged = judge({ ...evidence, worst });
    const unknown = judged.over.filter(({ category }) => !worst.has(category));
    if (unknown.length === 0) return judged.judgement;
    for (const run of unknown) {
      worst.set(run.category, await lookUp({ feature, epoch, epoch_started_at, ...run }));
    }
  }
}
