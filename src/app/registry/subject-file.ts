import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { CsvError, parse } from 'csv-parse';
import type { SubjectType } from '../../domain/spec/vocabulary.ts';
import { RolloutError } from '../../errors.ts';
import { harmless } from '../../lib/text.ts';
import { type Layout, layoutOf, type RowResult } from './subject-rows.ts';

/** Largest length of a line: a longer one means an open quote, or a file of another kind. */
const LONGEST_LINE = 1_048_576;

export type SubjectFormat = 'csv' | 'ndjson';

/** The layout, as soon as it is known, and then every line after the header. */
export interface SubjectLines {
  layout: Layout;
  rows: AsyncIterable<RowResult>;
}

/** Reads a stream of subjects line by line. Throws `import_invalid` for an invalid header. */
export async function readSubjects(
  stream: Readable,
  format: SubjectFormat,
  subject: SubjectType,
): Promise<SubjectLines> {
  const records = format === 'csv' ? csvRecords(stream) : jsonRecords(stream);
  const first = await records.next();
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
  return { layout, rows: rowsOf(layout, format === 'csv' ? null : first.value, records) };
}

/** One record: its columns, and its cells by column; or an invalid line. */
type FileRecord =
  | { line: number; columns: string[]; cell: (column: string) => unknown }
  | { line: number; bad: string };

async function* rowsOf(
  layout: Layout,
  first: FileRecord | null,
  rest: AsyncGenerator<FileRecord>,
): AsyncGenerator<RowResult> {
  try {
    if (first) yield toRow(layout, first);
    for (let next = await rest.next(); !next.done; next = await rest.next()) yield toRow(layout, next.value);
  } finally {
    await rest.return(undefined);
  }
}

function toRow(layout: Layout, record: FileRecord): RowResult {
  if ('bad' in record) return { ok: false, bad: { line: record.line, message: record.bad } };
  return layout.read(record.line, record.cell);
}

async function* csvRecords(stream: Readable): AsyncGenerator<FileRecord> {
  const options = { info: true, relax_column_count: true, skip_empty_lines: true } as const;
  const parser = parse({ ...options, record_delimiter: '\n', max_record_size: LONGEST_LINE });
  // Errors of the source end the parser, and so the loop below; the pipeline itself adds nothing.
  pipeline(textOf(stream), parser).catch(() => {});
  let header: string[] | null = null;
  try {
    for await (const { record, info } of parser as AsyncIterable<{
      record: string[];
      info: { lines: number };
    }>) {
      // The parser counts lines to the end of a record; a quoted cell may contain ends of lines.
      const line = info.lines - record.reduce((sum, cell) => sum + cell.split('\n').length - 1, 0);
      if (!header) {
        header = record.map((name) => name.trim());
        yield { line, columns: header, cell: () => undefined };
        continue;
      }
      yield csvRecord(line, header, record);
    }
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    // An unclosed quote swallows the following lines, so it is unknown which are good.
    throw new RolloutError('import_invalid', `not readable as CSV: ${harmless(error.message, 200)}`, {
      hint: 'a cell with a quote in it is written "like ""this"""; a file with a JSON object a line ends in .ndjson',
    });
  }
}

function csvRecord(line: number, header: string[], record: string[]): FileRecord {
  if (record.length !== header.length) {
    return { line, bad: `${record.length} cells where the header has ${header.length}` };
  }
  const cells = new Map(header.map((column, index) => [column, record[index]]));
  return { line, columns: header, cell: (column) => cells.get(column) };
}

async function* jsonRecords(stream: Readable): AsyncGenerator<FileRecord> {
  let line = 0;
  let columns: string[] | null = null;
  for await (const text of linesOf(textOf(stream))) {
    line += 1;
    if (text.trim() === '') continue;
    const record = jsonRecord(line, text, columns);
    if ('columns' in record) columns ??= record.columns;
    yield record;
  }
}

async function* linesOf(texts: AsyncIterable<string>): AsyncGenerator<string> {
  let rest = '';
  for await (const text of texts) {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    yield* lines;
    if (rest.length > LONGEST_LINE) {
      throw new RolloutError('import_invalid', `a line is longer than ${LONGEST_LINE} characters`, {
        hint: 'NDJSON has one object on each line',
      });
    }
  }
  if (rest !== '') yield rest;
}

/** Yields the text of a file without its byte order mark, with `\n` for every end of a line. */
async function* textOf(stream: Readable): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let carried = '';
  for await (const chunk of stream as AsyncIterable<Uint8Array>) {
    const text = carried + decoder.decode(chunk, { stream: true });
    // The other half of this end of line may come with the next chunk.
    carried = text.endsWith('\r') ? '\r' : '';
    yield text.slice(0, text.length - carried.length).replace(/\r\n?/g, '\n');
  }
  yield (carried + decoder.decode()).replace(/\r\n?/g, '\n');
}

/** The first line defines the file's fields; a later line may omit one, but not add one. */
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

/**
 * Detects the format by the file's ending: `.ndjson`, `.jsonl` and `.json` hold a JSON object per line, everything else
 * is CSV.
 */
export function subjectFormatOf(path: string): SubjectFormat {
  return /\.(ndjson|jsonl|json)$/i.test(path) ? 'ndjson' : 'csv';
}
