import type { Readable } from 'node:stream';
import type { BadLine, ImportReport } from '../../domain/report/registry-reports.ts';
import type { SubjectType } from '../../domain/spec/vocabulary.ts';
import { RolloutError } from '../../errors.ts';
import type { IncomingSubject } from '../../store/registry/staging.ts';
import type { Store } from '../../store/store.ts';
import { readSubjects, type SubjectFormat, type SubjectLines } from './subject-file.ts';
import { COUNTS, type Layout } from './subject-rows.ts';

const BATCH = 5_000;
const MOST_LISTED = 100;

/** Bad lines: all are counted, the first ones are kept. */
class BadLines {
  count = 0;
  readonly #kept: BadLine[] = [];

  add(line: BadLine): void {
    this.count += 1;
    if (this.#kept.length < 2 * MOST_LISTED) this.#kept.push(line);
  }

  /** Returns the first of them by line number. */
  listed(): BadLine[] {
    return this.#kept.toSorted((a, b) => a.line - b.line).slice(0, MOST_LISTED);
  }
}

export interface ImportInput {
  stream: Readable;
  /** Name of the input, for messages and history. */
  name: string;
  format: SubjectFormat;
  subject: SubjectType;
  actor: string;
  /** True: import the good lines although there are bad ones. */
  skipInvalid: boolean;
  /** True: import repositories although the file lacks a column that decides their size; known values stay. */
  allowMissing: boolean;
  /** Called after each batch with the number of lines read. */
  onProgress?: (lines: number) => void;
}

/**
 * Imports subjects from a file into the registry. All or nothing: one bad line prevents the import, unless bad lines
 * are to be skipped. Throws `import_invalid` with every bad line and its number.
 */
export async function importSubjects(store: Store, input: ImportInput): Promise<ImportReport> {
  const lines = await readSubjects(input.stream, input.format, input.subject);
  if (input.subject === 'repository' && !input.allowMissing) refuseMissing(lines.layout, input);
  const bad = new BadLines();
  const claim = { actor: input.actor, reason: `import of ${input.name}` };
  const batches = batchesOf(lines, bad, input.onProgress);
  const refuse = refusal(bad, input);
  const result =
    input.subject === 'customer'
      ? await store.registry.importCustomers(claim, batches, refuse)
      : await store.registry.importRepositories(claim, lines.layout.columns, batches, refuse);
  // The import stands, even if this fails.
  if (result.added + result.changed > 0) await store.features.keepCounts().catch(() => undefined);
  return {
    ...result,
    skipped: bad.listed(),
    skipped_count: bad.count,
    ignored_columns: lines.layout.ignored,
  };
}

/** A file without sizes would leave its new repositories uncategorised, which is probably not intended. */
function refuseMissing({ columns }: Layout, { name, stream }: ImportInput): void {
  const missing = COUNTS.filter((count) => !columns[count]);
  if (missing.length === 0) return;
  stream.destroy();
  throw new RolloutError(
    'import_invalid',
    `${name} lacks ${missing.length === 1 ? 'the column' : 'the columns'} ${missing.join(', ')}; nothing was imported`,
    {
      hint: 'add them, with an empty cell where a count is not known; or use --allow-missing, which keeps the counts that are known and leaves new repositories without a size uncategorized',
    },
  );
}

async function* batchesOf(
  { rows }: SubjectLines,
  bad: BadLines,
  onProgress?: (lines: number) => void,
): AsyncGenerator<IncomingSubject[]> {
  let batch: IncomingSubject[] = [];
  let read = 0;
  for await (const result of rows) {
    read += 1;
    if (result.ok) batch.push(result.row);
    else bad.add(result.bad);
    if (batch.length < BATCH) continue;
    yield batch;
    onProgress?.(read);
    batch = [];
  }
  if (batch.length > 0) yield batch;
  onProgress?.(read);
}

/** Called inside the transaction after every line was read: throwing here leaves the registry unchanged. */
function refusal(bad: BadLines, input: ImportInput) {
  return (repeated: { line: number; first: number; what: string }[]): void => {
    for (const { line, first, what } of repeated) {
      bad.add({ line, message: `${what} is already on line ${first}` });
    }
    if (bad.count === 0 || input.skipInvalid) return;
    const listed = bad.listed().map(({ line, message }) => `  line ${line}: ${message}`);
    const more = bad.count > listed.length ? `\n  and ${bad.count - listed.length} more` : '';
    throw new RolloutError(
      'import_invalid',
      `${input.name} has ${bad.count} bad ${bad.count === 1 ? 'line' : 'lines'}; nothing was imported:\n${listed.join('\n')}${more}`,
      { hint: 'fix the lines, or import the others with --skip-invalid' },
    );
  };
}
