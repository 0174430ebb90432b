import { quoted } from '../domain/text.ts';
import type { SubjectType } from '../domain/vocabulary.ts';
import type { IncomingColumns, IncomingSubject } from '../store/staging.ts';

/** A line that cannot be imported, and why. */
export interface BadLine {
  line: number;
  message: string;
}

export type RowResult = { ok: true; row: IncomingSubject } | { ok: false; bad: BadLine };

/** How the columns of a file map to what a subject has. */
export interface Layout {
  subject: SubjectType;
  columns: IncomingColumns;
  ignored: string[];
  read(line: number, cell: (column: string) => unknown): RowResult;
}

const LONGEST_ID = 512;
const LARGEST_COUNT = 2_147_483_647;

/** Names a column may have in a file; the first is the one we say. */
const ALIASES = {
  id: ['id', 'repository_id', 'customer_id', 'subject_id'],
  name: ['full_name', 'name', 'repository'],
  star_count: ['star_count', 'stargazers_count', 'stars'],
  contributor_count: ['contributor_count', 'contributors_count', 'contributors'],
  pr_count: ['pr_count', 'prs', 'pull_requests'],
} as const;
type Field = keyof typeof ALIASES;

const COUNTS = ['star_count', 'contributor_count', 'pr_count'] as const;

/** The layout of these columns, or what is wrong with them. */
export function layoutOf(subject: SubjectType, header: readonly string[]): Layout | { problem: string } {
  const twice = header.find((column, index) => header.indexOf(column) !== index);
  if (twice !== undefined) return { problem: `the column ${quoted(twice, 40)} stands there twice` };
  const found = new Map<Field, string>();
  for (const field of Object.keys(ALIASES) as Field[]) {
    if (subject === 'customer' && field !== 'id' && field !== 'name') continue;
    const column = header.find((name) =>
      (ALIASES[field] as readonly string[]).includes(name.trim().toLowerCase()),
    );
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
    },
    ignored: subject === 'customer' ? [] : others,
    read: (line, cell) => readRow(subject, { line, cell }, found, key, others),
  };
}

function headerProblem(subject: SubjectType, header: readonly string[]): string {
  const shown = header
    .slice(0, 6)
    .map((name) => quoted(name, 40))
    .join(', ');
  const wanted =
    subject === 'customer'
      ? 'a column id, and optionally name; every other column is kept as an attribute'
      : 'a column full_name or id, and optionally star_count, contributor_count, pr_count';
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
      attributes: subject === 'customer' ? attributesOf(others, cell) : null,
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
  if (id.length > LONGEST_ID) {
    throw new BadValue(`${column} has ${id.length} characters; at most ${LONGEST_ID} are allowed`);
  }
  return refuseUnreadable(id, column);
}

function readName(value: unknown, column: string | undefined, subject: SubjectType): string | null {
  refuseStructure(value, column ?? 'name');
  const name = readText(value);
  if (name === null) return null;
  if (name.length > LONGEST_ID) {
    throw new BadValue(`${column} has ${name.length} characters; at most ${LONGEST_ID} are allowed`);
  }
  if (subject === 'repository' && !/^[^/\s]+\/[^/\s]+$/.test(name)) {
    throw new BadValue(`${column} is ${quoted(name, 60)}; it must be owner/name`);
  }
  return refuseUnreadable(name, column ?? 'name');
}

/** JSON has more than text: a number that lost digits, or an object, is nobody's id. */
function refuseStructure(value: unknown, column: string): void {
  if (value === undefined || value === null || typeof value === 'string') return;
  if (typeof value === 'number' && Number.isSafeInteger(value)) return;
  const shown = quoted(JSON.stringify(value), 60);
  throw new BadValue(`${column} is ${shown}; it must be text (put an id that is a long number in quotes)`);
}

function refuseUnreadable(text: string, column: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is refused
  if (/[\u0000-\u001f\u007f\ufffd]/.test(text)) {
    throw new BadValue(`${column} is ${quoted(text, 60)}; it has a control character or is not UTF-8`);
  }
  return text;
}

/** An empty cell is unknown. */
function readCount(value: unknown, column: string): number | null {
  const text = readText(value);
  if (text === null) return null;
  const count = /^\d{1,10}$/.test(text) ? Number(text) : Number.NaN;
  if (count <= LARGEST_COUNT) return count;
  throw new BadValue(
    `${column} is ${quoted(text, 40)}; it must be a whole number from 0 to ${LARGEST_COUNT}, or empty`,
  );
}

function attributesOf(columns: readonly string[], cell: (column: string) => unknown): Record<string, string> {
  const attributes = columns.flatMap((column) => {
    const text = readText(cell(column));
    return text === null ? [] : [[column, refuseUnreadable(text, column)] as const];
  });
  return Object.fromEntries(attributes);
}

function readText(value: unknown): string | null {
  if (value === undefined || value === null) return null;
  const text = (typeof value === 'object' ? JSON.stringify(value) : String(value)).trim();
  return text === '' ? null : text;
}
