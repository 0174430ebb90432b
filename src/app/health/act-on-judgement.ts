import type { StillExposed } from '../../domain/change/notice.ts';
import type { HealthResult } from '../../domain/change/round.ts';
import type { Advance } from '../../domain/gate/advance.ts';
import type { Judgement } from '../../domain/health/health.ts';
import type { Spec } from '../../domain/spec/spec.ts';
import type { Store } from '../../store/store.ts';
import type { Words } from '../ports/words.ts';
import { quarantineWorst } from './quarantine-worst.ts';

export interface CheckDependencies {
  store: Store;
  words: Pick<Words, 'notice'>;
}

export interface CheckInput {
  actor: string;
  environment: Readonly<Record<string, string | undefined>>;
  /** True: only show what would be done. */
  dryRun: boolean;
  /** Called before each feature is acted upon; throws if another controller has taken over. */
  keep?: () => void;
  /**
   * Rollbacks of the last minutes, from this round and before, by feature, in seconds since 1970; `live` is the number
   * of live features.
   */
  crossings?: { at: Map<string, number>; now: number; live: number };
}

/** Acts on one judgement: takes out a few subjects, rolls back, or says what would be done. */
export async function actOn(
  { store, words }: CheckDependencies,
  feature: string,
  epoch: number,
  spec: Spec,
  { judgement, advance }: { judgement: Judgement; advance: Advance },
  input: CheckInput,
): Promise<Pick<HealthResult, 'action' | 'note'>> {
  const worst = judgement.verdict === 'suspect' ? judgement.worst : undefined;
  if (worst !== undefined && spec.rollback.few_subjects === 'quarantine' && spec.rollback.enabled) {
    return quarantineWorst({ store, words }, { feature, epoch, reason: judgement.reason, worst }, input);
  }
  if (judgement.verdict !== 'harmful') {
    const advances = advance.wait === null && spec.advance !== 'manual';
    return { action: advances ? 'would_advance' : 'none', note: null };
  }
  if (!spec.rollback.enabled) return { action: 'would_roll_back', note: { code: 'rollback_disabled' } };
  if (input.dryRun) return { action: 'would_roll_back', note: null };
  const { reason, severity, scope, jobs, errors, scores, window } = judgement;
  const taken = await store.incidents.rollBack({
    feature,
    actor: input.actor,
    reason,
    severity: severity === 'critical' ? 'critical' : 'warning',
    to: null,
    evidence: { scope, jobs, errors, scores, window },
    epoch,
  });
  if (!taken.done) return { action: 'none', note: { code: 'nothing_taken', nothing: taken.because } };
  if (taken.eligibleAfter > 0) {
    const notice = { kind: 'still_exposed', feature, eligible: taken.eligibleAfter } as const;
    await alarm(store, taken.incident, notice, words.notice(notice));
  }
  return { action: 'rolled_back', note: { code: 'incident', incident: taken.incident } };
}

/** Notifies that a feature was switched off but still admits subjects, which must never be noticed only by chance. */
async function alarm(store: Store, incident: string, notice: StillExposed, message: string): Promise<void> {
  const { kind, feature, eligible } = notice;
  await store.outbox.enqueue({
    key: `incident:${incident}:still_exposed`,
    feature,
    severity: 'critical',
    kind,
    message,
    details: { incident, eligible },
  });
}
