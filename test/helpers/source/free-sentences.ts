/** Keys of words for people, and the keys of codes and facts of which one has to stand beside. */
const BESIDE: Readonly<Record<string, readonly string[]>> = {
  ...{ text: ['code', 'wait'], message: ['code', 'path'], hint: ['code'], found: ['code'], next: ['code'] },
  advance: ['wait'],
  because: ['nothing'],
  becomes: ['kind'],
  not_live: ['obstacle'],
  note: ['note_facts'],
  pending: ['obstacle'],
  // Of a judgement, a planned change, a skipped feature, an incident, a history row, and what a rollback rests on.
  reason: ['code', 'reason_code', 'reason_facts', 'refusal', 'kind', 'action', 'evidence'],
  sentence: ['code', 'reason', 'state'],
  sentences: ['rules', 'back_test', 'guardrails'],
  title: ['request'],
  waits_for: ['code'],
  warnings: ['warning_facts'],
};
/** What history keeps of a command line is no sentence. */
const COMMAND = 'command';

/** `path: sentence` of every sentence in a JSON value that has no code beside it. */
export function freeSentences(value: unknown, path = '$'): string[] {
  if (typeof value === 'string') return isSentence(value) ? [`${path}: ${value}`] : [];
  if (Array.isArray(value)) return value.flatMap((one, i) => freeSentences(one, `${path}[${i}]`));
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => {
    const isWords = typeof inner === 'string' || (Array.isArray(inner) && inner.every(isText));
    const isCoded = BESIDE[key]?.some((code) => Object.hasOwn(value, code)) ?? key === COMMAND;
    return isWords && isCoded ? [] : freeSentences(inner, `${path}.${key}`);
  });
}

function isText(value: unknown): boolean {
  return typeof value === 'string';
}

/** Three words in a row: no id, date, path or name has them. */
function isSentence(text: string): boolean {
  return /\p{L}+[,:]? \S+ \S+/u.test(text);
}
