import { harmless } from '../../lib/text.ts';
import type { Style } from '../style/style.ts';
import { table } from '../style/table.ts';
import { moment } from '../words/words.ts';

export interface IncidentLike {
  id: string;
  feature: string;
  kind: string;
  state: string;
  reason: string;
  opened_at: Date;
  opened_by: string;
  write_back: string;
}

/** `narrowed`: only some of them were requested. */
export function incidentsText(style: Style, incidents: readonly IncidentLike[], narrowed = false): string {
  if (incidents.length === 0)
    return narrowed ? 'no such incident; see all with: rollout incidents' : 'no incidents';
  const head = ['id', 'opened', 'feature', 'kind', 'state', 'write-back', 'by', 'reason'];
  const rows = incidents.map((i) => [
    i.id,
    moment(i.opened_at),
    i.feature,
    i.kind,
    i.state,
    i.write_back,
    i.opened_by,
    harmless(i.reason, 100),
  ]);
  return table(style, head, rows);
}
