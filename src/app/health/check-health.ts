import type { HealthResult } from '../../domain/change/round.ts';
import { type Advance, judgeAdvance } from '../../domain/gate/advance.ts';
import { withStoppedOutcomes } from '../../domain/gate/stopped-outcomes.ts';
import type { GuardrailJudgement } from '../../domain/guardrails/judge-guardrail.ts';
import { resultOf } from '../../domain/guardrails/result.ts';
import { withGuardrails } from '../../domain/guardrails/with-guardrails.ts';
import { type Judgement, stormed, unjudged } from '../../domain/health/health.ts';
import { slowest, withSlowdown } from '../../domain/health/slowdown.ts';
import { isStorm } from '../../domain/verdict/storm.ts';
import { errorText } from '../../lib/error-text.ts';
import { secondsBetween } from '../../lib/time.ts';
import type { PastCheck } from '../../store/health/checks.ts';
import type { Store } from '../../store/store.ts';
import { actOn, type CheckDependencies, type CheckInput } from './act-on-judgement.ts';
import { gateFrom } from './advance-gate.ts';
import { type Gathered, gatherOne } from './health-inputs.ts';
import { judgeAll } from './judge-guardrails.ts';
import { overrideText, underOverrides } from './judging-overrides.ts';
import { askedOf, type LiveFeature } from './live-features.ts';
import { notificationsFor } from './verdict-notifications.ts';

/**
 * Judges one feature by the evidence of its epoch and rolls it back in the database at once if it does harm. Records
 * the verdict with its evidence. Steps are advanced later, when every feature is judged. `gathered` is evidence that
 * was read before; without it, it is read now.
 */
export async function checkFeature(
  { store, words }: CheckDependencies,
  live: LiveFeature,
  input: CheckInput,
  gathered?: Gathered,
): Promise<HealthResult> {
  const { feature, epoch } = live.standing;
  const { spec, notes } = underOverrides(input.environment, feature, live.spec);
  // A pilot's evidence comes from its customers' events, because they have no jobs: it is counted now and read
  // afterwards.
  const pilot = live.standing.subject === 'customer' && !input.dryRun;
  if (pilot) await store.outcomes.countCustomers(feature);
  const found = guarded(
    feature,
    await findOut(store, { ...live, spec }, pilot ? undefined : gathered),
    input,
  );
  const { judgement, advance } = found;
  const result = {
    feature,
    epoch,
    judgement,
    guardrails: found.guardrails.map(resultOf),
    advance,
    ...(await actOn({ store, words }, feature, epoch, spec, found, input)),
    overrides: notes.map(overrideText),
  };
  if (input.dryRun) return result;
  for (const note of notes) await store.features.recordOverride(input.actor, feature, note, 'tick');
  await store.health.recordVerdict(input.actor, {
    feature,
    epoch,
    judgement,
    action: result.action,
    paused: spec.paused,
    slow: found.slow,
    guardrails: result.guardrails,
    notifications: notificationsFor(
      {
        ...result,
        guardrails: found.guardrails,
        before: found.before,
        age: found.age,
        grace: spec.thresholds.window,
      },
      words,
    ),
  });
  return result;
}

/** Does not act on harm that is one of too many crossings at once: a person is notified instead. */
function guarded(feature: string, found: Found, { crossings }: CheckInput): Found {
  if (!crossings || found.judgement.verdict !== 'harmful') return found;
  const { at, live, now } = crossings;
  const others = [...at].flatMap(([other, when]) => (other === feature ? [] : [when]));
  if (!isStorm(others, live, now)) {
    at.set(feature, now);
    return found;
  }
  const judgement = stormed(found.judgement, live);
  return { ...found, judgement };
}

/** Returns the result of a feature that could not be judged or acted upon; nothing was recorded for it. */
export function uncheckedFeature({ standing }: LiveFeature, error: unknown): HealthResult {
  const { feature, epoch } = standing;
  return { feature, epoch, ...notJudged(errorText(error)), action: 'none', note: null, overrides: [] };
}

function notJudged(problem: string): Pick<HealthResult, 'judgement' | 'advance'> & { guardrails: [] } {
  const judgement = unjudged(problem);
  const { verdict, reason } = judgement;
  const wait = { code: 'verdict', verdict, reason } as const;
  const advance = { next: null, soakLeft: 0, wait, step: { jobs: 0, errors: 0 } };
  return { judgement, advance, guardrails: [] };
}

interface Found {
  judgement: Judgement;
  guardrails: GuardrailJudgement[];
  advance: Advance;
  before: PastCheck | null;
  slow: boolean;
  /** Seconds since the epoch began. */
  age: number;
}

async function findOut(store: Store, live: LiveFeature, gathered: Gathered | undefined): Promise<Found> {
  const facts = gathered ?? (await gatherOne(store, askedOf(live)));
  const problem = live.reconciled === null ? NO_SPEC : 'problem' in facts ? facts.problem : null;
  if (problem !== null) return { ...notJudged(problem), before: facts.before, slow: false, age: 0 };
  return judged(store, live, facts as Gathered);
}

const NO_SPEC = 'its state in the database was never reconciled, or was changed by hand since';

async function judged(store: Store, { standing, spec }: LiveFeature, facts: Gathered): Promise<Found> {
  const { state, speed, before } = facts;
  const { now } = state;
  const limit = spec.thresholds.max_slowdown;
  const slow = slowest(speed, limit);
  const { jobs: byEvidence, guardrails } = await judgeAll(store, standing, spec, facts);
  const bySpeed = withSlowdown(byEvidence, slow, before?.slow ?? false, limit);
  const heard = withStoppedOutcomes(bySpeed, facts.hearing, spec.thresholds.minimum_jobs);
  const judgement = withGuardrails(heard, guardrails);
  const gate = gateFrom(standing, spec, judgement, facts);
  const age = secondsBetween(standing.epoch_started_at, now);
  return { judgement, guardrails, advance: judgeAdvance(gate), before, slow: slow !== null, age };
}
