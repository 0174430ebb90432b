import type { Judgement, Verdict } from '../../domain/health/health.ts';
import type { CheckAction, PastCheck } from '../../store/health/checks.ts';
import type { Notification, NotificationSeverity } from '../../store/incidents/outbox.ts';

/** A verdict beside the one before it. */
export interface Transition {
  feature: string;
  epoch: number;
  judgement: Judgement;
  action: CheckAction;
  before: PastCheck | null;
  /** Seconds since the epoch began, and how many of them may pass without a job before somebody is told. */
  age: number;
  grace: number;
}

/** Verdicts that somebody is told of when they begin; a rollback tells of itself by its incident. */
const TOLD: Partial<Record<Verdict, NotificationSeverity>> = {
  warning: 'warning',
  suspect: 'warning',
  harmful: 'critical',
  error: 'warning',
};

/** What people are told because of a verdict: once when it begins, once more if it becomes critical, once when it is over. */
export function notificationsFor(transition: Transition): Notification[] {
  const { judgement, before, action } = transition;
  if (action === 'rolled_back') return [];
  if (judgement.verdict === 'no_data') return silence(transition);
  const severity = TOLD[judgement.verdict];
  if (severity) {
    const raised = judgement.severity === 'critical' ? 'critical' : severity;
    return [notification(transition, judgement.verdict, raised, advice(transition))];
  }
  const recovered = judgement.verdict === 'healthy' && before !== null && TOLD[before.verdict] !== undefined;
  return recovered ? [notification(transition, 'recovered', 'info', 'is healthy again: ')] : [];
}

/**
 * A live feature from which nothing is heard is not healthy; told once an epoch, after one window. Where outcomes stopped
 * coming it is told at once, and again where some came and they stop once more: by the number of jobs, not by time.
 */
function silence(transition: Transition): Notification[] {
  const { feature, epoch, age, grace, judgement } = transition;
  const stopped = judgement.reasonCode === 'outcomes_stopped';
  if (age < grace && !stopped) return [];
  return [
    {
      ...notification(transition, 'no_data', 'warning', 'is live, but '),
      key: `no_data:${feature}:${epoch}${stopped ? `:${judgement.jobs}` : ''}`,
    },
  ];
}

function advice({ judgement, action }: Transition): string {
  if (action === 'would_roll_back')
    return 'does harm and is not rolled back, because rollback.enabled is false: ';
  if (judgement.verdict === 'suspect') return 'is suspect, its ramp is frozen: ';
  if (judgement.verdict === 'harmful') return 'does harm: ';
  return judgement.verdict === 'error' ? 'could not be judged: ' : 'is worth a look: ';
}

function notification(
  transition: Transition,
  kind: string,
  severity: NotificationSeverity,
  lead: string,
): Notification {
  const { feature, epoch, judgement } = transition;
  return {
    // While the verdict lasts the key is the same, so that it is told once.
    key: `${kind}:${feature}:${epoch}:${turnedFrom(transition)}${severity === 'critical' ? ':critical' : ''}`,
    feature,
    severity,
    kind,
    message: `${feature} ${lead}${judgement.reason}`,
    details: { verdict: judgement.verdict, scope: judgement.scope, scores: judgement.scores },
  };
}

/** The check that this verdict turns away from: the same for every check of one stretch. */
function turnedFrom({ before, judgement }: Transition): string {
  if (before === null) return 'first';
  return before.verdict === judgement.verdict ? (before.turned_from ?? 'first') : before.id;
}
