import type { BadLine } from '../../domain/report/registry-reports.ts';
import { countProblem, readAttributes, repositoryNameProblem } from '../../domain/spec/subject-facts.ts';
import { subjectProblem } from '../../domain/spec/subject-id.ts';
import type { SubjectType } from '../../domain/spec/vocabulary.ts';
import { characterInWords, quoted } from '../../lib/text.ts';
import type { IncomingColumns, IncomingSubject } from '../../store/registry/staging.ts';

export type RowResult = { ok: true; row: IncomingSubject } | { ok: false; bad: BadLine };

/** How the columns of a file map to a subject's fields. */
export interface Layout {
  subject: SubjectType;
  columns: IncomingColumns;
  ignored: string[];
  read(line: number, cell: (column: string) => unknown): RowResult;
}

/** Accepted names of a column; the first is the documented one. */
const ALIASES = {
  id: ['id', 'repository_id', 'customer_id', 'subject_id'],
  name: ['full_name', 'name', 'repository'],
  star_count: ['star_count', 'stargazers_count', 'stars'],
  contributor_count: ['contributor_count', 'contributors_count', 'contributors'],
  pr_count: ['pr_count', 'prs', 'pull_requests'],
  attributes: ['attributes'],
} as const;
type Field = keyof typeof ALIASES;

/** Counts that decide a repository's size. */
export const COUNTS = ['star_count', 'contributor_count', 'pr_count'] as const;

/** Returns the layout of these columns, or what is wrong with them. */
export function layoutOf(subject: SubjectType, header: readonly string[]): Layout | { problem: string } {
  const unkept = header.find((column) => refusedInText(column) !== null);
  if (unkept !== undefined) {
    return { problem: `the column ${quoted(unkept, 40)} must not contain ${refusedInText(unkept)}` };
  }
  const twice = header.find((column, index) => header.indexOf(column) !== index);
  if (twice !== undefined) return { problem: `the column ${quoted(twice, 40)} is there twice` };
  const found = new Map<Field, string>();
  for (const field of Object.keys(ALIASES) as Field[]) {
    if (subject === 'customer' && field !== 'id' && field !== 'name') continue;
    const columns = columnsOf(field, header);
    // Exports of GitHub have `name` beside `full_name`; but two ids or two counts are ambiguous.
    if (columns.length > 1 && field !== 'name') {
      return {
        problem: `the columns ${columns.map((one) => quoted(one, 40)).join(' and ')} both give ${field}`,
      };
    }
    const [column] = columns;
    if (column !== undefined) found.set(field, column);
  }
  const key = subject === 'customer' ? found.get('id') : (found.get('id') ?? found.get('name'));
  if (key === undefined) return { problem: headerProblem(subject, header) };
  const used = new Set(found.values());
  const others = header.filter((column) => !used.has(column));
  return {
    subject,
    columns: {
      id: found.has('id'),
      name: found.has('name'),
      star_count: found.has('star_count'),
      contributor_count: found.has('contributor_count'),
      pr_count: found.has('pr_count'),
      attributes: found.has('attributes'),
    },
    ignored: subject === 'customer' ? [] : others,
    read: (line, cell) => readRow(subject, { line, cell }, found, key, others),
  };
}

/** Returns the columns that may supply a field, the most exact name first. */
function columnsOf(field: Field, header: readonly string[]): string[] {
  return ALIASES[field].flatMap((alias) => header.filter((name) => name.trim().toLowerCase() === alias));
}

function headerProblem(subject: SubjectType, header: readonly string[]): string {
  const shown = header
    .slice(0, 6)
    .map((name) => quoted(name, 40))
    .join(', ');
  const wanted =
    subject === 'customer'
      ? 'a column id, and optionally name; every other column is kept as an attribute'
      : 'a column full_name or id, and optionally star_count, contributor_count, pr_count, attributes';
  return `the columns are ${shown || 'none'}; needed is ${wanted}`;
}

function readRow(
  subject: SubjectType,
  { line, cell }: { line: number; cell: (column: string) => unknown },
  found: ReadonlyMap<Field, string>,
  key: string,
  others: readonly string[],
): RowResult {
  try {
    const value = (field: Field) => (found.has(field) ? cell(found.get(field) ?? '') : undefined);
    const name = readName(value('name'), found.get('name'), subject);
    const row: IncomingSubject = {
      line,
      id: readId(cell(key), key),
      name,
      star_count: null,
      contributor_count: null,
      pr_count: null,
      attributes:
        subject === 'customer' ? attributesOf(others, cell) : repositoryAttributes(value('attributes')),
    };
    for (const count of COUNTS) row[count] = readCount(value(count), found.get(count) ?? count);
    return { ok: true, row };
  } catch (error) {
    if (error instanceof BadValue) return { ok: false, bad: { line, message: error.message } };
    throw error;
  }
}

class BadValue extends Error {}

function readId(value: unknown, column: string): string {
  refuseStructure(value, column);
  const id = readText(value);
  if (id === null) throw new BadValue(`${column} is empty; every subject needs one`);
  const problem = subjectProblem(id);
  if (problem !== null) throw new BadValue(`${column} is ${quoted(id, 60)}; it ${problem}`);
  return id;
}

function readName(value: unknown, column: string | undefined, subject: SubjectType): string | null {
  refuseStructure(value, column ?? 'name');
  const name = readText(value);
  if (name === null) return null;
  if (subject === 'customer') return readableText(name, column ?? 'name');
  const problem = repositoryNameProblem(name);
  if (problem !== null) throw new BadValue(`${column} is ${quoted(name, 60)}; it ${problem}`);
  return name;
}

/** JSON has more types than text: a number that lost digits, or an object, cannot be an id. */
function refuseStructure(value: unknown, column: string): void {
  if (value === undefined || value === null || typeof value === 'string') return;
  if (typeof value === 'number' && Number.isSafeInteger(value)) return;
  const shown = quoted(JSON.stringify(value), 60);
  throw new BadValue(`${column} is ${shown}; it must be text (put an id that is a long number in quotes)`);
}

/** A text that identifies nobody: a customer's display name or an attribute. Emoji may contain invisible joiners. */
function readableText(text: string, column: string): string {
  const refused = refusedInText(text);
  if (refused === null) return text;
  throw new BadValue(`${column} is ${quoted(text, 60)}; it must not contain ${refused}`);
}

function refusedInText(text: string): string | null {
  const found = /[\p{Cc}\p{Cs}\ufffd]/u.exec(text)?.[0];
  return found === undefined ? null : characterInWords(found);
}

/** An empty cell means unknown. */
function readCount(value: unknown, column: string): number | null {
  const text = readText(value);
  if (text === null) return null;
  const problem = countProblem(text);
  if (problem !== null) throw new BadValue(`${column} is ${quoted(text, 40)}; it ${problem}`);
  return Number(text);
}

/** An empty cell means that the customer lacks the attribute. */
function attributesOf(
  columns: readonly string[],
  cell: (column: string) => unknown,
): Record<string, string | null> {
  const attributes = columns.map((column) => {
    const text = readText(cell(column));
    return [column, text === null ? null : readableText(text, column)] as const;
  });
  return Object.fromEntries(attributes);
}

function repositoryAttributes(value: unknown): Record<string, string> | null {
  const text = readText(value);
  if (text === null) return null;
  const read = readAttributes(text);
  if ('problem' in read) throw new BadValue(read.problem);
  return read.attributes;
}

function readText(value: unknown): string | null {
  if (value === undefined || value === null) return null;
  const text = (typeof value === 'object' ? JSON.stringify(value) : String(value)).trim();
  return text === '' ? null : text;
}
