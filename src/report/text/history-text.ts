import type { HistoryEntry } from '../../domain/report/history.ts';
import { harmless } from '../../lib/text.ts';
import type { Style } from '../style/style.ts';
import { table } from '../style/table.ts';
import { commit, moment } from '../words/words.ts';

/** `narrowed`: only a part of it was requested. */
export function historyText(style: Style, entries: readonly HistoryEntry[], narrowed = false): string {
  if (entries.length === 0) return narrowed ? 'no such row; see all with: rollout history' : 'no history yet';
  const head = ['id', 'when', 'feature', 'action', 'percent', 'by', 'commit', 'reason'];
  const rows = entries.map((e) => [
    String(e.id),
    moment(e.created_at),
    e.feature ?? '*',
    e.action,
    `${e.previous_percentage ?? '-'} -> ${e.new_percentage ?? '-'}`,
    e.verified_by === null ? e.triggered_by : `${e.triggered_by} (proved: ${harmless(e.verified_by, 60)})`,
    e.revision ? commit(e.revision) : '-',
    harmless(e.reason ?? '', 100),
  ]);
  return table(style, head, rows);
}
