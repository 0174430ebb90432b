import { type HealthNotice, judgementDetails, type NoticeSeverity } from '../../domain/change/notice.ts';
import type { CheckAction } from '../../domain/change/round.ts';
import { holdsTheRamp } from '../../domain/guardrails/guardrail.ts';
import type { GuardrailJudgement } from '../../domain/guardrails/judge-guardrail.ts';
import { warns } from '../../domain/guardrails/with-guardrails.ts';
import type { Judgement, Verdict } from '../../domain/health/health.ts';
import type { PastCheck } from '../../store/health/checks.ts';
import type { Notification } from '../../store/incidents/outbox.ts';
import type { Words } from '../ports/words.ts';

/** A verdict and the one before it. */
export interface Transition {
  feature: string;
  epoch: number;
  judgement: Judgement;
  guardrails: readonly GuardrailJudgement[];
  action: CheckAction;
  before: PastCheck | null;
  /** Seconds since the epoch began, and the seconds without a job after which it is notified. */
  age: number;
  grace: number;
}

/** Verdicts that are notified when they begin; a rollback is notified by its incident. */
const TOLD: ReadonlySet<Verdict> = new Set(['warning', 'suspect', 'harmful', 'error']);

/** Returns the notifications for a verdict, and for guardrails that do not decide it. */
export function notificationsFor(transition: Transition, words: Pick<Words, 'notice'>): Notification[] {
  return [...ofVerdict(transition, words), ...ofGuardrails(transition, words)];
}

/** Guardrails are notified once an epoch: harm for those that only warn, missing events for the others. */
function ofGuardrails(transition: Transition, words: Pick<Words, 'notice'>): Notification[] {
  const { feature, epoch, age, grace, action } = transition;
  if (action === 'rolled_back') return [];
  return transition.guardrails.flatMap((one) => {
    const { metric, judgement } = one;
    const kind = kindOf(one, age >= grace);
    if (kind === null) return [];
    const notice = { kind, feature, metric, reason: judgement.reason } as const;
    return [
      {
        key: `${kind}:${feature}:${epoch}:${metric}${one.unreadSince === null ? '' : `:${one.unreadSince}`}`,
        feature,
        severity: 'warning',
        kind,
        message: words.notice(notice),
        details: {
          ...{ metric, ...judgementDetails(judgement) },
          ...(one.asksAgainAt ? { asks_again_at: one.asksAgainAt.toISOString() } : {}),
        },
      } satisfies Notification,
    ];
  });
}

function kindOf(
  { guardrail, judgement, ...one }: GuardrailJudgement,
  isOld: boolean,
): 'guardrail_unread' | 'guardrail_silent' | 'guardrail_harm' | null {
  if (holdsTheRamp(guardrail) && one.unreadSince !== null) return 'guardrail_unread';
  if (holdsTheRamp(guardrail) && judgement.verdict === 'no_data' && isOld) return 'guardrail_silent';
  return warns({ guardrail, judgement, ...one }) ? 'guardrail_harm' : null;
}

/**
 * Returns the notifications for a verdict: once when it begins, again if it becomes critical, and once when it is over.
 */
function ofVerdict(transition: Transition, words: Pick<Words, 'notice'>): Notification[] {
  const { feature, judgement, before, action } = transition;
  const { verdict, reason } = judgement;
  const notify = (notice: HealthNotice, severity: NoticeSeverity) => [
    notification(transition, notice, severity, words.notice(notice)),
  ];
  if (action === 'rolled_back' || action === 'quarantined') return [];
  const critical = judgement.severity === 'critical';
  switch (verdict) {
    case 'no_data':
      return silence(transition, words);
    case 'harmful':
      return notify({ kind: verdict, feature, reason, kept: action === 'would_roll_back' }, 'critical');
    case 'suspect':
      if (judgement.reasonCode === 'storm') return storm(transition, words);
      return notify({ kind: verdict, feature, reason }, critical ? 'critical' : 'warning');
    case 'warning':
    case 'error':
      return notify({ kind: verdict, feature, reason }, critical ? 'critical' : 'warning');
    default: {
      if (verdict !== 'healthy' || before === null || !TOLD.has(before.verdict)) return [];
      return notify({ kind: 'recovered', feature, reason }, 'info').map((told) => ({
        ...told,
        details: { ...told.details, began_as: severityOf(before) },
      }));
    }
  }
}

/** Returns the severity with which the beginning of a verdict was notified. */
function severityOf({ verdict, severity }: PastCheck): NoticeSeverity {
  return verdict === 'harmful' || severity === 'critical' ? 'critical' : 'warning';
}

/**
 * One of too many crossings: notified once an epoch, under the fuse's key, because the fuse may have found it first.
 */
function storm(transition: Transition, words: Pick<Words, 'notice'>): Notification[] {
  const { feature, epoch, judgement } = transition;
  const notice = { kind: 'suspect', feature, reason: judgement.reason } as const;
  const told = notification(transition, notice, 'critical', words.notice(notice));
  return [{ ...told, key: `storm:${feature}:${epoch}` }];
}

/**
 * A live feature without outcomes is not healthy: notified once an epoch, after one window. If outcomes stopped coming,
 * it is notified at once, and again if they resume and stop once more: counted by the number of jobs, not by time.
 */
function silence(transition: Transition, words: Pick<Words, 'notice'>): Notification[] {
  const { feature, epoch, age, grace, judgement } = transition;
  const stopped = judgement.reasonCode === 'outcomes_stopped';
  if (age < grace && !stopped) return [];
  const notice = { kind: 'no_data', feature, reason: judgement.reason } as const;
  return [
    {
      ...notification(transition, notice, 'warning', words.notice(notice)),
      key: `no_data:${feature}:${epoch}${stopped ? `:${judgement.jobs}` : ''}`,
    },
  ];
}

function notification(
  transition: Transition,
  { kind, feature }: HealthNotice,
  severity: NoticeSeverity,
  message: string,
): Notification {
  const { epoch, judgement } = transition;
  return {
    // The key stays the same while the verdict lasts, so it is notified once.
    key: `${kind}:${feature}:${epoch}:${turnedFrom(transition)}${severity === 'critical' ? ':critical' : ''}`,
    feature,
    severity,
    kind,
    message,
    details: judgementDetails(judgement),
  };
}

/** Identifies the check before this verdict began: equal for all checks of the same unbroken verdict. */
function turnedFrom({ before, judgement }: Transition): string {
  if (before === null) return 'first';
  return before.verdict === judgement.verdict ? (before.turned_from ?? 'first') : before.id;
}
