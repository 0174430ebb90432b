import { requireFeature } from '../../app/registry/known-feature.ts';
import type { Controller } from '../../compose/controller.ts';
import type { HistoryAction } from '../../domain/spec/vocabulary.ts';
import { RolloutError } from '../../errors.ts';
import { type Moment, momentAt } from '../../lib/moment.ts';
import { type ExportFormat, exportHead, exportLine } from '../../report/json/history-export.ts';
import { counted } from '../../report/words/words.ts';
import { EXIT, type Terminal } from '../terminal/terminal.ts';

/** Rows that are read and written at once. */
const PAGE = 1_000;

export interface HistoryExport {
  feature: string | undefined;
  action: HistoryAction | undefined;
  /** Rows after the one with this number, or since this moment; undefined: all. */
  since: number | Moment | undefined;
  format: ExportFormat;
}

/** Writes every row in order, with one page in memory, and prints to standard error where the next export begins. */
export async function exportHistory(
  terminal: Terminal,
  { store }: Pick<Controller, 'store'>,
  { feature, action, since, format }: HistoryExport,
): Promise<number> {
  const from = await store.reading(async (read) => {
    if (feature !== undefined) await requireFeature(read, feature);
    return typeof since === 'object' ? begin(since, (await read.state()).now) : null;
  });
  const head = exportHead(format);
  if (head !== null) terminal.say(head);
  let after = typeof since === 'number' ? since : 0;
  let count = 0;
  for (;;) {
    const asked = { feature, action, after, since: from, limit: PAGE };
    const rows = await store.reading((read) => read.history.onward(asked));
    if (rows.length > 0) terminal.say(rows.map((row) => exportLine(row, format)).join('\n'));
    after = rows.at(-1)?.id ?? after;
    count += rows.length;
    if (rows.length < PAGE) break;
  }
  const next = after > 0 ? `; go on with: rollout history export --since ${after}` : '';
  terminal.note(`${counted(count, 'row')} exported${next}`);
  return EXIT.ok;
}

function begin(since: Moment, now: Date): Date {
  const at = momentAt(since, now);
  if (at instanceof Date) return at;
  throw new RolloutError('usage', `--since ${at}`, { hint: 'rollout history export --since 7d' });
}
