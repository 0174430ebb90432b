import type { RolloutState } from '../host/rollout-state.ts';

export type Status = RolloutState['status'];

/** Events of a snapshot. */
export type StatusEvent =
  /** A reading was taken over. */
  | 'confirmed'
  /** A snapshot that an earlier process kept is decided by. */
  | 'recalled'
  /** The database refuses us, which may pass, as where a password is changed in turns. */
  | 'rejected'
  /** The database is another one than what was decided by. */
  | 'misfit'
  /** It is older than a snapshot is at most while everything works. */
  | 'aged'
  /** It is older than a snapshot may be to decide by. */
  | 'outlived'
  | 'closed';

/** Next status by event; an event that is not listed changes nothing. */
const NEXT: Readonly<Record<Status, Readonly<Partial<Record<StatusEvent, Status>>>>> = {
  // At the start no waiting mends a refusal.
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

/** Where decisions come from: the snapshot, or nowhere and why. */
const DECISIONS: Readonly<Record<Status, 'snapshot' | 'not_ready' | 'stale'>> = {
  starting: 'not_ready',
  ready: 'snapshot',
  stale: 'snapshot',
  expired: 'stale',
  refused: 'not_ready',
  closed: 'not_ready',
};

/** News for the host when the status becomes this one. */
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

/** Next status after an event, with its consequences; null: nothing changes. */
export function stepOf(status: Status, event: StatusEvent): StatusStep | null {
  const next = NEXT[status][event];
  return next ? { status: next, decisions: DECISIONS[next], news: NEWS[next] ?? null } : null;
}
