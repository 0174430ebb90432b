import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { parse } from 'csv-parse';
import type { SubjectType } from '../domain/vocabulary.ts';
import { RolloutError } from '../errors.ts';
import { type Layout, layoutOf, type RowResult } from './subject-rows.ts';

export type SubjectFormat = 'csv' | 'ndjson';

/** The layout, as soon as it is known, and then every line after the header. */
export interface SubjectLines {
  layout: Layout;
  rows: AsyncIterable<RowResult>;
}

/** Reads a stream of subjects line by line. Throws `import_invalid` where the header is no header. */
export async function readSubjects(
  stream: Readable,
  format: SubjectFormat,
  subject: SubjectType,
): Promise<SubjectLines> {
  const records = format === 'csv' ? csvRecords(stream) : jsonRecords(stream);
  const iterator = records[Symbol.asyncIterator]();
  const first = await iterator.next();
  if (first.done) {
    throw new RolloutError('import_invalid', 'the file is empty', {
      hint: 'its first line names the columns, such as: full_name,star_count,contributor_count,pr_count',
    });
  }
  if ('bad' in first.value) {
    throw new RolloutError('import_invalid', `line ${first.value.line}: ${first.value.bad}`);
  }
  const layout = layoutOf(subject, first.value.columns);
  if ('problem' in layout) {
    throw new RolloutError('import_invalid', `line ${first.value.line}: ${layout.problem}`);
  }
  return { layout, rows: rowsOf(layout, format === 'csv' ? null : first.value, iterator) };
}

/** One record: its columns, its cells by column; or a line that is no record. */
type FileRecord =
  | { line: number; columns: string[]; cell: (column: string) => unknown }
  | { line: number; bad: string };

async function* rowsOf(
  layout: Layout,
  first: FileRecord | null,
  rest: AsyncIterator<FileRecord>,
): AsyncGenerator<RowResult> {
  if (first) yield toRow(layout, first);
  for (let next = await rest.next(); !next.done; next = await rest.next()) yield toRow(layout, next.value);
}

function toRow(layout: Layout, record: FileRecord): RowResult {
  if ('bad' in record) return { ok: false, bad: { line: record.line, message: record.bad } };
  return layout.read(record.line, record.cell);
}

async function* csvRecords(stream: Readable): AsyncGenerator<FileRecord> {
  const parser = parse({ bom: true, info: true, relax_column_count: true, skip_empty_lines: true });
  stream.on('error', (error) => parser.destroy(error));
  stream.pipe(parser);
  let header: string[] | null = null;
  let line = 0;
  try {
    for await (const { record, info } of parser as AsyncIterable<{
      record: string[];
      info: { lines: number };
    }>) {
      line = info.lines;
      if (!header) {
        header = record.map((name) => name.trim());
        yield { line, columns: header, cell: () => undefined };
        continue;
      }
      yield csvRecord(line, header, record);
    }
  } catch (error) {
    if (!isCsvError(error)) throw error;
    yield { line: error.lines ?? line + 1, bad: `not readable as CSV from here on: ${error.message}` };
  }
}

function csvRecord(line: number, header: string[], record: string[]): FileRecord {
  if (record.length !== header.length) {
    return { line, bad: `${record.length} cells where the header has ${header.length}` };
  }
  const cells = new Map(header.map((column, index) => [column, record[index]]));
  return { line, columns: header, cell: (column) => cells.get(column) };
}

function isCsvError(error: unknown): error is Error & { lines?: number } {
  return error instanceof Error && 'code' in error && String(error.code).startsWith('CSV_');
}

async function* jsonRecords(stream: Readable): AsyncGenerator<FileRecord> {
  let line = 0;
  let columns: string[] | null = null;
  for await (const text of createInterface({ input: stream, crlfDelay: Number.POSITIVE_INFINITY })) {
    line += 1;
    const bare = line === 1 ? text.replace(/^\ufeff/, '') : text;
    if (bare.trim() === '') continue;
    const record = jsonRecord(line, bare, columns);
    if ('columns' in record) columns ??= record.columns;
    yield record;
  }
}

/** The first line says which facts the file has; a later line may leave one out, but not bring a new one. */
function jsonRecord(line: number, text: string, columns: string[] | null): FileRecord {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { line, bad: 'not a JSON object on one line' };
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return { line, bad: 'not a JSON object on one line' };
  }
  const cells = new Map(Object.entries(value));
  const fresh = columns ? [...cells.keys()].find((key) => !columns.includes(key)) : undefined;
  if (fresh !== undefined)
    return { line, bad: `${JSON.stringify(fresh)} is not among the keys of the first line` };
  return { line, columns: [...cells.keys()], cell: (column) => cells.get(column) };
}

/** By the file's ending: `.ndjson`, `.jsonl` and `.json` hold a JSON object a line, everything else is CSV. */
export function subjectFormatOf(path: string): SubjectFormat {
  return /\.(ndjson|jsonl|json)$/i.test(path) ? 'ndjson' : 'csv';
}
