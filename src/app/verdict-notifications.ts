import type { Judgement, Verdict } from '../domain/health.ts';
import type { Spec } from '../domain/spec.ts';
import type { CheckAction, PastCheck } from '../store/checks.ts';
import type { Notification, NotificationSeverity } from '../store/outbox.ts';

/** A verdict beside the one before it. */
export interface Transition {
  feature: string;
  epoch: number;
  epoch_started_at: Date;
  judgement: Judgement;
  action: CheckAction;
  before: PastCheck | null;
  spec: Pick<Spec, 'thresholds'>;
  now: Date;
}

/** Verdicts that somebody is told of when they begin; a rollback tells of itself by its incident. */
const TOLD: Partial<Record<Verdict, NotificationSeverity>> = {
  warning: 'warning',
  suspect: 'warning',
  harmful: 'critical',
  error: 'warning',
};

/** What people are told because of a verdict: once when it begins, and once when it is over. */
export function notificationsFor(transition: Transition): Notification[] {
  const { judgement, before, action } = transition;
  if (action === 'rolled_back') return [];
  if (judgement.verdict === 'no_data') return silence(transition);
  const severity = TOLD[judgement.verdict];
  const sameAsBefore =
    before?.verdict === judgement.verdict &&
    before.scope === judgement.scope &&
    (before.severity === judgement.severity || judgement.severity !== 'critical');
  if (severity) {
    const raised = judgement.severity === 'critical' ? 'critical' : severity;
    return sameAsBefore ? [] : [notification(transition, judgement.verdict, raised, advice(transition))];
  }
  const recovered = judgement.verdict === 'healthy' && before !== null && TOLD[before.verdict] !== undefined;
  return recovered ? [notification(transition, 'recovered', 'info', 'is healthy again: ')] : [];
}

/** A live feature from which nothing is heard is not healthy; told once an epoch, after one window. */
function silence(transition: Transition): Notification[] {
  const { feature, epoch, epoch_started_at, spec, now } = transition;
  const silentFor = (now.getTime() - epoch_started_at.getTime()) / 1_000;
  if (silentFor < spec.thresholds.window) return [];
  return [
    {
      ...notification(transition, 'no_data', 'warning', 'is live, but '),
      key: `no_data:${feature}:${epoch}`,
    },
  ];
}

function advice({ judgement, action }: Transition): string {
  if (action === 'would_roll_back')
    return 'does harm and is not taken back, because rollback.enabled is false: ';
  if (judgement.verdict === 'suspect') return 'is suspect, its ramp is frozen: ';
  return judgement.verdict === 'error' ? 'could not be judged: ' : 'is worth a look: ';
}

function notification(
  { feature, epoch, judgement, before }: Transition,
  kind: string,
  severity: NotificationSeverity,
  lead: string,
): Notification {
  return {
    // The check before is what this turns away from: found twice, it is the same turn.
    key: `${kind}:${feature}:${epoch}:${before?.id ?? 'first'}`,
    feature,
    severity,
    kind,
    message: `${feature} ${lead}${judgement.reason}`,
    details: { verdict: judgement.verdict, scope: judgement.scope, scores: judgement.scores },
  };
}
