import { type HealthNotice, judgementDetails, type NoticeSeverity } from '../../domain/change/notice.ts';
import type { CheckAction } from '../../domain/change/round.ts';
import { holdsTheRamp } from '../../domain/guardrails/guardrail.ts';
import type { GuardrailJudgement } from '../../domain/guardrails/judge-guardrail.ts';
import { warns } from '../../domain/guardrails/with-guardrails.ts';
import type { Judgement, Verdict } from '../../domain/health/health.ts';
import type { PastCheck } from '../../store/health/checks.ts';
import type { Notification } from '../../store/incidents/outbox.ts';
import type { Words } from '../ports/words.ts';

/** A verdict beside the one before it. */
export interface Transition {
  feature: string;
  epoch: number;
  judgement: Judgement;
  guardrails: readonly GuardrailJudgement[];
  action: CheckAction;
  before: PastCheck | null;
  /** Seconds since the epoch began, and how many of them may pass without a job before somebody is told. */
  age: number;
  grace: number;
}

/** Verdicts that somebody is told of when they begin; a rollback tells of itself by its incident. */
const TOLD: ReadonlySet<Verdict> = new Set(['warning', 'suspect', 'harmful', 'error']);

/** What people are told because of a verdict, and because of guardrails that do not decide it. */
export function notificationsFor(transition: Transition, words: Pick<Words, 'notice'>): Notification[] {
  return [...ofVerdict(transition, words), ...ofGuardrails(transition, words)];
}

/** Of a guardrail somebody is told once an epoch: of one that only warns its harm, of the others that nothing is heard. */
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

/** What people are told because of a verdict: once when it begins, once more if it becomes critical, once when it is over. */
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

/** The severity with which it was told that a verdict began. */
function severityOf({ verdict, severity }: PastCheck): NoticeSeverity {
  return verdict === 'harmful' || severity === 'critical' ? 'critical' : 'warning';
}

/** One of too many that cross: told once an epoch, with the key of the fuse, which may have found it before. */
function storm(transition: Transition, words: Pick<Words, 'notice'>): Notification[] {
  const { feature, epoch, judgement } = transition;
  const notice = { kind: 'suspect', feature, reason: judgement.reason } as const;
  const told = notification(transition, notice, 'critical', words.notice(notice));
  return [{ ...told, key: `storm:${feature}:${epoch}` }];
}

/**
 * A live feature from which nothing is heard is not healthy; told once an epoch, after one window. Where outcomes stopped
 * coming it is told at once, and again where some came and they stop once more: by the number of jobs, not by time.
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
    // While the verdict lasts the key is the same, so that it is told once.
    key: `${kind}:${feature}:${epoch}:${turnedFrom(transition)}${severity === 'critical' ? ':critical' : ''}`,
    feature,
    severity,
    kind,
    message,
    details: judgementDetails(judgement),
  };
}

/** The check that this verdict turns away from: the same for every check of one stretch. */
function turnedFrom({ before, judgement }: Transition): string {
  if (before === null) return 'first';
  return before.verdict === judgement.verdict ? (before.turned_from ?? 'first') : before.id;
}
