import type { WrongArms } from '../../domain/verdict/reason.ts';
import type { Queryable } from '../db/client.ts';

/**
 * Reads subjects whose routed jobs of the last hour ran in another arm than the database gives them
 * (`rollout_wrong_arms`). Features without such a job are left out.
 */
export async function readWrongArms(
  db: Queryable,
  asked: readonly { feature: string; epoch: number; epoch_started_at: Date }[],
): Promise<Map<string, WrongArms>> {
  if (asked.length === 0) return new Map();
  const { rows } = await db.query<WrongArms & { feature: string }>(
    `select w.feature, w.subjects::float8 as subjects, w.wrong::float8 as wrong, w.named
     from rollout_wrong_arms($1, $2, $3) w`,
    [
      asked.map(({ feature }) => feature),
      asked.map(({ epoch }) => epoch),
      asked.map((one) => one.epoch_started_at),
    ],
  );
  return new Map(rows.map(({ feature, ...arms }) => [feature, arms]));
}
