import type { Queryable } from '../db/client.ts';
import {
  enqueue,
  markDelivery,
  markTold,
  type Notification,
  pendingNotifications,
} from '../incidents/outbox.ts';

/** Notifications that are written with what they are about, and delivered later. */
export const outboxOf = (single: Queryable) => ({
  enqueue: (notification: Notification) => enqueue(single, notification),
  pending: (limit: number) => pendingNotifications(single, limit),
  markDelivery: markDelivery.bind(null, single),
  markTold: markTold.bind(null, single),
});
