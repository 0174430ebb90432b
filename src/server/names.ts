/** Where an answer holds ids or names of subjects. */
const NAMING = new Set([
  'whitelist',
  'blacklist',
  'resolved',
  'test_repositories',
  'target_repositories',
  'excluded_repositories',
  'largest',
  'unmatched',
]);
/** What jobs wrote, which may name anybody. */
const SAID = 'error_texts';

/** The same without subjects: lists of them as their lengths, and no text that a job wrote. */
export function withoutNames(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNames);
  if (!isRecord(value)) return value;
  // A difference of a list has it twice, under words that say nothing.
  const listed = typeof value.path === 'string' && NAMING.has(value.path);
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => {
      if (NAMING.has(key) || (listed && key !== 'path')) return [key, { hidden: sizeOf(inner) }];
      return [key, key === SAID ? [] : withoutNames(inner)];
    }),
  );
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !(value instanceof Date);
}

function sizeOf(value: unknown): number {
  return typeof value === 'object' && value !== null ? Object.keys(value).length : 0;
}
