import type { RolloutState } from '../host/rollout-state.ts';

export type Status = RolloutState['status'];

/** Events in the life of a snapshot. */
export type StatusEvent =
  /** A reading was accepted. */
  | 'confirmed'
  /** A snapshot of an earlier process is used for decisions. */
  | 'recalled'
  /** The database rejects the library, perhaps temporarily, as while a password is being changed. */
  | 'rejected'
  /** The database is another one than that of the snapshot. */
  | 'misfit'
  /** The snapshot is older than it gets while everything works. */
  | 'aged'
  /** The snapshot is too old for decisions. */
  | 'outlived'
  | 'closed';

/** Next status by event; an event that is not listed changes nothing. */
const NEXT: Readonly<Record<Status, Readonly<Partial<Record<StatusEvent, Status>>>>> = {
  // At the start, waiting does not help against a refusal.
  starting: {
    confirmed: 'ready',
    recalled: 'stale',
    rejected: 'refused',
    misfit: 'refused',
    outlived: 'expired',
    closed: 'closed',
  },
  ready: { misfit: 'refused', aged: 'stale', outlived: 'expired', closed: 'closed' },
  stale: { confirmed: 'ready', misfit: 'refused', outlived: 'expired', closed: 'closed' },
  expired: { confirmed: 'ready', misfit: 'refused', closed: 'closed' },
  refused: { confirmed: 'ready', closed: 'closed' },
  closed: {},
};

/** Source of decisions: the snapshot, or why there is none. */
const DECISIONS: Readonly<Record<Status, 'snapshot' | 'not_ready' | 'stale'>> = {
  starting: 'not_ready',
  ready: 'snapshot',
  stale: 'snapshot',
  expired: 'stale',
  refused: 'not_ready',
  closed: 'not_ready',
};

/** Event for the host when the status is reached. */
const NEWS: Readonly<Partial<Record<Status, 'ready' | 'stale' | 'expired'>>> = {
  ready: 'ready',
  stale: 'stale',
  expired: 'expired',
};

interface StatusStep {
  status: Status;
  decisions: 'snapshot' | 'not_ready' | 'stale';
  news: 'ready' | 'stale' | 'expired' | null;
}

/** Returns the next status after an event, with its consequences; null: nothing changes. */
export function stepOf(status: Status, event: StatusEvent): StatusStep | null {
  const next = NEXT[status][event];
  return next ? { status: next, decisions: DECISIONS[next], news: NEWS[next] ?? null } : null;
}
