import type pg from 'pg';
import type { CheckAction } from '../../domain/change/round.ts';
import type { GuardrailResult } from '../../domain/guardrails/result.ts';
import type { Judgement } from '../../domain/health/health.ts';
import { transaction } from '../db/client.ts';
import { enqueue, type Notification } from '../incidents/outbox.ts';
import { recordCheck } from './checks.ts';

export interface RecordedVerdict {
  feature: string;
  epoch: number;
  judgement: Judgement;
  action: CheckAction;
  paused: boolean;
  slow: boolean;
  guardrails: readonly GuardrailResult[];
  /** Notifications that the verdict causes. */
  notifications: readonly Notification[];
}

/** Records a verdict and its notifications in one transaction. */
export function recordVerdict(pool: pg.Pool, actor: string, verdict: RecordedVerdict): Promise<void> {
  return transaction(pool, { actor }, async (client) => {
    await recordCheck(client, verdict);
    for (const notification of verdict.notifications) await enqueue(client, notification);
  });
}
