import type { Queryable } from '../db/client.ts';
import {
  enqueue,
  lastTakenBy,
  markDelivery,
  markTold,
  type Notification,
  pendingNotifications,
} from '../incidents/outbox.ts';
import { notePercentages, percentagesSince } from '../incidents/percentages.ts';

/** Notifications that are written together with their cause, and delivered later. */
export const outboxOf = (single: Queryable) => ({
  enqueue: (notification: Notification) => enqueue(single, notification),
  pending: (limit: number, after?: string) => pendingNotifications(single, limit, after),
  lastTakenBy: (receiver: string) => lastTakenBy(single, receiver),
  percentagesSince: () => percentagesSince(single),
  notePercentages: (last: string) => notePercentages(single, last),
  markDelivery: markDelivery.bind(null, single),
  markTold: markTold.bind(null, single),
});
