import type pg from 'pg';
import type { Change } from '../../domain/plan/change.ts';
import type { IncidentEffect } from '../../domain/plan/taken-away.ts';
import { isWithin } from '../../domain/spec/at-most.ts';
import type { Incident, IncidentState } from '../../domain/spec/incident.ts';
import { readCurrentIncidents } from './actual.ts';
import type { Applier } from './applier.ts';

/** Applies a change's effect on its feature's incident; returns the resulting states for the change's history row. */
export async function applyEffect(
  client: pg.PoolClient,
  change: Change,
  effect: IncidentEffect,
  by: Pick<Applier, 'actor' | 'revision' | 'words'>,
): Promise<Record<string, IncidentState>> {
  switch (effect.do) {
    case 'open':
      // The database adds the opened incident to the next history row.
      await client.query(`select rollout_open_incident($1, $2, 'warning', $3, $4, $5, '{}', $6)`, [
        change.feature,
        effect.kind,
        by.words.reduced(effect.reduced),
        JSON.stringify(effect.held),
        effect.before && JSON.stringify(effect.before),
        by.actor,
      ]);
      return {};
    case 'settle':
      await client.query(
        `update rollout_incidents set state = 'settled', settled_at = clock_timestamp(), settled_by = $2,
           write_back = case write_back when 'pending' then 'not_needed' else 'done' end, permit = null
         where id = $1`,
        [effect.incident, by.revision],
      );
      return { [effect.incident]: 'settled' };
    case 'resume': {
      const over = [effect.incident, ...(await exceeded(client, change))];
      await client.query(
        `update rollout_incidents set state = 'resumed', resumed_at = clock_timestamp(), resumed_by = $2,
           write_back = case write_back when 'done' then 'done' else 'not_needed' end
         where id = any ($1)`,
        [over, by.actor],
      );
      return Object.fromEntries(over.map((incident) => [incident, 'resumed'] as const));
    }
    case 'reopen':
      await client.query(`select rollout_reopen_incident($1, $2)`, [
        effect.incident,
        JSON.stringify(effect.held),
      ]);
      return {};
  }
}

/**
 * Reads earlier settled incidents that no longer bind, because a person has raised the feature above their held state.
 */
async function exceeded(client: pg.PoolClient, { feature, after, subject }: Change): Promise<string[]> {
  const settled = (await readCurrentIncidents(client, feature)).filter(({ state }) => state === 'settled');
  const isOver = (one: Incident) =>
    after !== null && !isWithin({ subject, exposure: after }, { subject: one.subject, exposure: one.held });
  return settled.filter(isOver).map(({ id }) => id);
}
