import type { HistoryEntry } from '../../domain/report/history.ts';

export const EXPORT_FORMATS = ['ndjson', 'csv'] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

const COLUMNS = [
  ...(['id', 'created_at', 'feature', 'action', 'previous_percentage', 'new_percentage', 'reason'] as const),
  ...(['triggered_by', 'session_role', 'verified_by', 'revision', 'epoch', 'metadata', 'digest'] as const),
];

/** Returns the first line of a table; null: the format has none. */
export function exportHead(format: ExportFormat): string | null {
  return format === 'csv' ? COLUMNS.join(',') : null;
}

/** Formats one row as one record. A text may contain line breaks: in CSV it is quoted. */
export function exportLine(row: HistoryEntry, format: ExportFormat): string {
  if (format === 'csv') return COLUMNS.map((column) => cell(row[column])).join(',');
  return JSON.stringify(Object.fromEntries(COLUMNS.map((column) => [column, row[column]])));
}

function cell(value: HistoryEntry[keyof HistoryEntry]): string {
  if (value === null) return '';
  if (typeof value === 'number') return String(value);
  if (value instanceof Date) return value.toISOString();
  return quoted(typeof value === 'string' ? value : JSON.stringify(value));
}

/** A spreadsheet executes a cell with such a beginning as a formula, and anybody may write a reason. */
const FORMULA = /^[=+\-@\t\r]/;

function quoted(text: string): string {
  const plain = FORMULA.test(text) ? `'${text}` : text;
  return /[",\n\r]/.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain;
}
