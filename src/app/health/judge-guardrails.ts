import { asAllowed, type NotYet, notYetAllowed } from '../../domain/guardrails/allowance.ts';
import { guardrailsOf } from '../../domain/guardrails/guardrail.ts';
import {
  controlOf,
  type GuardrailJudgement,
  judgeGuardrail,
  newestEvent,
  scoresBeside,
} from '../../domain/guardrails/judge-guardrail.ts';
import { asksAgainAt, silenced, unread, unreadSince } from '../../domain/guardrails/metric-read.ts';
import type { Judgement } from '../../domain/health/health.ts';
import type { Spec } from '../../domain/spec/spec.ts';
import { noEvidence } from '../../domain/verdict/evidence.ts';
import type { FeatureStanding } from '../../store/configuration/feature-rows.ts';
import type { Store } from '../../store/store.ts';
import type { Gathered } from './health-inputs.ts';
import { judgeStanding, judgeWithWorst } from './judge-standing.ts';
import { queriesDigest } from './queries-digest.ts';

type Standing = Pick<FeatureStanding, 'feature' | 'epoch' | 'epoch_started_at'>;

/** Judgements of one epoch: of failed jobs, and of each guardrail. */
export interface JudgedEvidence {
  jobs: Judgement;
  guardrails: GuardrailJudgement[];
}

/** Returns the spec with permitted effects: a guardrail whose back-test does not allow a rollback freezes. */
function allowed(
  spec: Spec,
  backTests: Gathered['backTests'],
): { spec: Spec; notYet: ReadonlyMap<string, NotYet> } {
  const notYet = new Map<string, NotYet>();
  const guardrails = guardrailsOf(spec).map(([metric, guardrail]) => {
    if (guardrail.on_harm !== 'rollback') return [metric, guardrail] as const;
    const why = notYetAllowed(guardrail, backTests.get(metric), queriesDigest(guardrail));
    if (why !== null) notYet.set(metric, why);
    return [metric, asAllowed(guardrail, why)] as const;
  });
  if (notYet.size === 0) return { spec, notYet };
  return { spec: { ...spec, guardrails: Object.fromEntries(guardrails) }, notYet };
}

/** Judges the evidence of one epoch: failed jobs and the guardrails, which share one budget of false rollbacks. */
export async function judgeAll(
  store: Store,
  standing: Standing,
  written: Spec,
  facts: Pick<Gathered, 'state' | 'rows' | 'score' | 'observed' | 'reads' | 'backTests'>,
): Promise<JudgedEvidence> {
  const { spec, notYet } = allowed(written, facts.backTests);
  const now = facts.state.now.getTime() / 1_000;
  const evidence = { rows: facts.rows(), score: facts.score() };
  const observed = facts.observed();
  const { beside, others } = scoresBeside(spec, evidence.score, observed);
  const jobs = await judgeStanding(store, standing, spec, evidence, now, beside);
  const guardrails: GuardrailJudgement[] = [];
  for (const [metric, guardrail] of guardrailsOf(spec)) {
    const events = observed.get(metric) ?? noEvidence(now);
    const judged = await judgeWithWorst(
      standing,
      events,
      (seen) => judgeGuardrail(spec, { metric, guardrail }, seen, others, now),
      {
        worst: (run) => store.reading((read) => read.guardrails.worstObserved({ ...run, metric })),
        // Evidence of guardrails has no checkpoints.
        whole: async () => events,
      },
    );
    const read = facts.reads.get(metric);
    const asked = guardrail.source === 'prometheus';
    const since = asked ? unreadSince(read, standing.epoch_started_at, facts.state.now) : null;
    const { now: moment } = facts.state;
    const seen = asked ? silenced(judged, metric, newestEvent(events), moment) : judged;
    const judgement = since === null ? seen : unread(seen, metric, { since, read, now: moment });
    guardrails.push({
      metric,
      guardrail,
      judgement,
      control: controlOf(events),
      unreadSince: since,
      asksAgainAt: since === null ? null : asksAgainAt(read, moment),
      notYet: notYet.get(metric) ?? null,
    });
  }
  return { jobs, guardrails };
}
