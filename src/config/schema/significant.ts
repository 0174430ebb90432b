import type { ErrorObject } from 'ajv/dist/2020.js';

// Keywords in the order of their use: of several errors about one value, the first is reported.
const ORDER = ['type', 'oneOf', 'const', 'enum', 'minLength', 'maxLength', 'pattern'];
const ABOUT_KEYS = ['additionalProperties', 'required', 'propertyNames'];

/** Removes redundant errors: of unchosen branches of a choice, and second errors about one value. */
export function significant(errors: readonly ErrorObject[]): ErrorObject[] {
  const choices = new Map(errors.filter((e) => e.keyword === 'oneOf').map((e) => [e.instancePath, e.data]));
  const entered = new Set(errors.flatMap((error) => enteredBy(error, choices)));
  const first = new Map<string, ErrorObject>();
  const rest: ErrorObject[] = [];
  for (const error of errors) {
    if (error.propertyName !== undefined || isConditional(error)) continue;
    if (choices.has(error.instancePath) && !isChosen(error, choices.get(error.instancePath), entered))
      continue;
    if (ABOUT_KEYS.includes(error.keyword)) {
      rest.push(error);
      continue;
    }
    const other = first.get(error.instancePath);
    if (!other || rank(error) < rank(other)) first.set(error.instancePath, error);
  }
  return [...first.values(), ...rest];
}

/**
 * Is this a condition between fields? The schema states it for editors; the rules (rules-fields.ts) report it better.
 */
function isConditional({ keyword, schemaPath }: ErrorObject): boolean {
  return keyword === 'if' || schemaPath.includes('/then/');
}

function rank(error: ErrorObject): number {
  const index = ORDER.indexOf(error.keyword);
  return index < 0 ? ORDER.length : index;
}

/** Choices of which one branch matches the written value, except for this error inside it. */
function enteredBy(error: ErrorObject, choices: ReadonlyMap<string, unknown>): string[] {
  const { instancePath: path } = error;
  if (isOfBranch(error, choices.get(path))) return [path];
  const above = [...path.matchAll(/\//g)].map(({ index }) => path.slice(0, index));
  return above.filter((one) => choices.has(one));
}

/** `steps` is a list or the name of a plan: only errors of the matching branch count. */
function isChosen(error: ErrorObject, data: unknown, entered: ReadonlySet<string>): boolean {
  return entered.has(error.instancePath) ? isOfBranch(error, data) : error.keyword === 'oneOf';
}

/** Does this error concern a value of the branch's type? */
function isOfBranch({ keyword }: ErrorObject, data: unknown): boolean {
  if (Array.isArray(data)) return keyword === 'maxItems';
  if (typeof data === 'string') return keyword === 'enum' || keyword === 'pattern';
  if (typeof data !== 'object' || data === null) return false;
  return keyword === 'minProperties' || ABOUT_KEYS.includes(keyword);
}
