import type { ErrorObject } from 'ajv/dist/2020.js';
import { isAlias } from 'yaml';
import { plainHint, plainNumber } from '../../lib/plain-number.ts';
import { quoted } from '../../lib/text.ts';
import { nearest } from '../base/nearest.ts';
import { type Finding, keyText, nameOf, type Path } from '../base/problems.ts';
import type { Plain } from '../base/tree.ts';
import { expected, range } from './expected.ts';
import { describeFound, textReason } from './found.ts';
import type { Locator } from './locate.ts';
import type { PartErrors, SchemaNode } from './schema.ts';
import { significant } from './significant.ts';
import { unknownKey } from './unknown-key.ts';

/** A mistake with its place; its sentence is built on demand. */
export interface Mistake {
  path: Path;
  describe: () => Finding;
}

/** Yields the schema's errors in a part of the file as mistakes. */
export function* explain({ path: at, data, errors }: PartErrors, locator: Locator): Generator<Mistake> {
  for (const error of significant(errors)) {
    const path = [...at, ...pathOf(error.instancePath, data)];
    // An alias is reported as such, and its target's errors are not.
    if (!isAlias(locator.node(path))) yield mistake(error, path, locator);
  }
}

function mistake(error: ErrorObject, path: Path, locator: Locator): Mistake {
  const node = error.parentSchema as SchemaNode;
  const { params } = error;
  switch (error.keyword) {
    case 'additionalProperties':
      return keyMistake([...path, params.additionalProperty], () =>
        unknownKey(path, params.additionalProperty, node),
      );
    case 'propertyNames':
      return keyMistake([...path, params.propertyName], () => badKey(path, params.propertyName, node));
    case 'required':
      return valueMistake(path, () => missing(path, params.missingProperty));
    default:
      return valueMistake(path, () => badValue(error, node, path, locator));
  }
}

function badValue(error: ErrorObject, node: SchemaNode, path: Path, locator: Locator): string {
  const name = nameOf(path);
  const found = describeFound(locator.node(path), locator.source(path));
  switch (error.keyword) {
    case 'minimum':
    case 'maximum':
    case 'exclusiveMinimum':
      return `${name} ${found}; it must be ${range(node)}`;
    case 'minItems':
      return `${name} is empty; name at least one, or leave the key out`;
    case 'minProperties':
      return `${name} is empty; give it a key, or leave it out`;
    case 'maxProperties':
      return `${name} has ${Object.keys(error.data as object).length} entries; at most ${error.params.limit} are allowed`;
    case 'maxItems':
      return `${name} has ${(error.data as unknown[]).length} entries; at most ${node.maxItems} are allowed`;
    case 'maxLength':
      return `${name} ${found}; it must have at most ${node.maxLength} characters`;
    case 'minLength':
    case 'pattern':
      return `${name} ${found}; ${textReason(String(error.data), node)}`;
    case 'const':
      return `${name} ${found}; this program reads version ${node.const}`;
    case 'enum':
      return `${name} ${found}; it must be ${expected(node)}${didYouMean(error.data, node.enum ?? [])}`;
    default:
      return `${name} ${found}${typeAdvice(node, path, locator, error.data)}`;
  }
}

/** Advice on a type error: most often an id or a text that YAML reads as a number, or a number in quotes. */
function typeAdvice(node: SchemaNode, path: Path, locator: Locator, data: unknown): string {
  const right = `; it must be ${expected(node)}`;
  const source = locator.source(path) ?? '';
  if (node.type === 'string' && fits(source, node)) {
    return `, which YAML reads as ${kindOf(data)}; quote it: "${source}"`;
  }
  const isNumber = node.type === 'number' || node.type === 'integer';
  if (isNumber && typeof data === 'string') {
    return plainNumber(data, 10) === null ? `${right}${plainHint(data)}` : `${right}, without quotes`;
  }
  if (node.type === 'array' && typeof data === 'string' && /^[\w./@-]{1,60}$/.test(data))
    return `${right}: [${data}]`;
  if (node.type === 'object' && data === null) return `${right}; {} is the empty one`;
  return right;
}

/** Would the text be valid if it were quoted? */
function fits(source: string, node: SchemaNode): boolean {
  if (!/^[\w.+~-]{1,60}$/.test(source) || node.enum) return false;
  return node.pattern === undefined || new RegExp(node.pattern, 'u').test(source);
}

function kindOf(data: unknown): string {
  return data === null ? 'no value' : typeof data === 'boolean' ? 'a boolean' : 'a number';
}

function didYouMean(found: unknown, words: readonly string[]): string {
  const word = typeof found === 'string' ? nearest(found, words) : null;
  return word === null ? '' : `; did you mean ${word}?`;
}

function badKey(path: Path, key: string, { propertyNames }: SchemaNode): string {
  const kind = path.length === 1 ? 'the feature key' : `the key of ${nameOf(path)}`;
  const length = key.length > 100 ? ` (${key.length} characters)` : '';
  return `${kind} ${quoted(key)}${length} must be ${expected(propertyNames ?? { title: 'Name' })}`;
}

function missing(path: Path, key: string): string {
  if (key === 'version') return 'version is missing; write version: 1';
  if (key === 'features') return 'features is missing; write features: {} if there are none';
  return `${keyText(key)} is missing in ${nameOf(path)}`;
}

/** Converts a JSON pointer to keys and indexes of the data. */
function pathOf(pointer: string, data: Plain): Path {
  const path: (string | number)[] = [];
  let value: Plain | undefined = data;
  for (const part of pointer.split('/').slice(1)) {
    const key = part.replaceAll('~1', '/').replaceAll('~0', '~');
    const isIndex: boolean = Array.isArray(value);
    path.push(isIndex ? Number(key) : key);
    value = (value as Record<string, Plain> | null | undefined)?.[key];
  }
  return path;
}

function keyMistake(path: Path, message: () => string): Mistake {
  return { path, describe: () => ({ severity: 'error', path, at: 'key', message: message() }) };
}

function valueMistake(path: Path, message: () => string): Mistake {
  return { path, describe: () => ({ severity: 'error', path, at: 'value', message: message() }) };
}
