import type pg from 'pg';
import { transaction } from '../db/client.ts';

/** Appends a remark to a feature's history, for a person's decision that changes nothing yet. */
export async function appendNote(
  pool: pg.Pool,
  note: { feature: string; actor: string; text: string; metadata: object },
): Promise<void> {
  await transaction(pool, { actor: note.actor }, (client) =>
    client.query(`select rollout_add_history($1, 'note', $2, $3, $4)`, [
      note.feature,
      note.text,
      JSON.stringify(note.metadata),
      note.actor,
    ]),
  );
}
