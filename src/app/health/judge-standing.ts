import { type Evidence, type Judged, type Judgement, judgeFeature } from '../../domain/health/health.ts';
import type { Spec } from '../../domain/spec/spec.ts';
import { type FeatureEvidence, noEvidence } from '../../domain/verdict/evidence.ts';
import type { WorstSubjects } from '../../domain/verdict/few-subjects.ts';
import type { FeatureStanding } from '../../store/configuration/feature-rows.ts';
import type { OverLimitRun } from '../../store/score/worst-subjects.ts';
import type { Reader, Store } from '../../store/store.ts';

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
    {
      worst: (run) => store.reading((read) => read.health.worstSubjects(run)),
      whole: () => store.reading((read) => readWhole(read, standing)),
    },
  );
}

async function readWhole(read: Reader, standing: Standing): Promise<FeatureEvidence> {
  const slices = await read.health.slicesOf([standing]);
  return (slices.get(standing.feature) ?? noEvidence)();
}

/** Further evidence, which is read only if a judgement needs it. */
interface Further {
  worst: (run: OverLimitRun) => Promise<WorstSubjects>;
  /** The evidence of all windows. */
  whole: () => Promise<FeatureEvidence>;
}

/**
 * Judges evidence; again from all windows if its checkpoint does not suffice, and with the worst subjects of each run
 * over its limit.
 */
export async function judgeWithWorst(
  { feature, epoch, epoch_started_at }: Standing,
  resumed: FeatureEvidence,
  judge: (evidence: FeatureEvidence) => Judged,
  further: Further,
): Promise<Judgement> {
  const { lone, wrongArms, silentHosts } = resumed;
  const worst = new Map<string | null, WorstSubjects>();
  let evidence = resumed;
  for (;;) {
    const judged = judge({ ...evidence, worst });
    if (judged.needsAllWindows) {
      evidence = { ...(await further.whole()), lone, wrongArms, silentHosts };
      continue;
    }
    const unknown = judged.over.filter(({ category }) => !worst.has(category));
    if (unknown.length === 0) return judged.judgement;
    for (const run of unknown) {
      worst.set(run.category, await further.worst({ feature, epoch, epoch_started_at, ...run }));
    }
  }
}
