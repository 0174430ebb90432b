/** Fields of an answer that contain ids or names of subjects. */
const NAMING = new Set([
  'whitelist',
  'blacklist',
  'resolved',
  'test_repositories',
  'target_repositories',
  'excluded_repositories',
  'largest',
  'unmatched',
  'quarantined',
]);
/** Field of subjects whose numbers stay when their names are removed. */
const COUNTED = 'worst';
/** Texts of jobs, which may name anybody. */
const SAID = 'error_texts';

/**
 * Removes subjects from an answer: lists become their lengths, problems of lists lose their texts, and texts of jobs
 * are removed.
 */
export function withoutNames(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNames);
  if (!isRecord(value)) return value;
  if (isListProblem(value)) return { ...value, message: LIST_PROBLEM };
  // A difference of a list contains it twice, under neutral keys.
  const listed = 'before' in value && 'after' in value && NAMING.has(String(value.path));
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => {
      if (NAMING.has(key) || (listed && key !== 'path')) return [key, { hidden: sizeOf(inner) }];
      if (key === COUNTED) return [key, nameless(inner)];
      return [key, key === SAID ? [] : withoutNames(inner)];
    }),
  );
}

function nameless(subjects: unknown): unknown {
  if (!Array.isArray(subjects)) return { hidden: sizeOf(subjects) };
  return subjects.map((one) => (isRecord(one) ? { ...one, subject: null, name: null } : null));
}

/** Replaces the problem of an entry, which quotes the entry. */
const LIST_PROBLEM = 'something is wrong here; rollout validate says what';

function isListProblem({ path, line, message }: Record<string, unknown>): boolean {
  if (typeof path !== 'string' || typeof message !== 'string' || typeof line !== 'number') return false;
  const list =
    path
      .replace(/\[\d{1,9}\]$/, '')
      .split('.')
      .at(-1) ?? '';
  return NAMING.has(list);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !(value instanceof Date);
}

function sizeOf(value: unknown): number {
  return typeof value === 'object' && value !== null ? Object.keys(value).length : 0;
}
