import { compareBadness, type Judgement } from '../health/judgement.ts';
import { effectOf, holdsTheRamp } from './guardrail.ts';
import type { GuardrailJudgement } from './judge-guardrail.ts';

/**
 * Combines the judgement of a feature's jobs with its guardrails: the worst of those that the ramp waits for wins, and
 * the one of jobs if they are equal. Harm to a guardrail that freezes is suspect: nothing is rolled back, and no step
 * is taken. If jobs are healthy and a guardrail has too few events, or none, the evidence is not enough to go on.
 */
export function withGuardrails(jobs: Judgement, guardrails: readonly GuardrailJudgement[]): Judgement {
  let worst = jobs;
  let unknown: Judgement | null = null;
  for (const one of guardrails) {
    if (!holdsTheRamp(one.guardrail)) continue;
    const judgement = asItActs(one);
    if (compareBadness(judgement, worst) > 0) worst = judgement;
    if (judgement.verdict === 'no_data' || judgement.verdict === 'insufficient') unknown ??= judgement;
  }
  return worst.verdict === 'healthy' && unknown !== null ? { ...unknown, verdict: 'insufficient' } : worst;
}

function asItActs({ guardrail, judgement }: GuardrailJudgement): Judgement {
  if (judgement.verdict !== 'harmful' || effectOf(guardrail) === 'rollback') return judgement;
  return { ...judgement, verdict: 'suspect' };
}

/** Does a guardrail that only warns have something to notify? */
export function warns({ guardrail, judgement }: GuardrailJudgement): boolean {
  return (
    effectOf(guardrail) === 'warn' && compareBadness(judgement, { verdict: 'warning', severity: 'none' }) > 0
  );
}
