import { isMap, isScalar, isSeq, type ParsedNode } from 'yaml';
import { subjectProblem } from '../../domain/spec/subject-id.ts';
import { characterInWords, harmless, quoted } from '../../lib/text.ts';
import { expected } from './expected.ts';
import type { SchemaNode } from './schema.ts';

const LONG = 60;

/** Describes the written value, to follow its name: `is "ten"`, `is the number 7e10`, `has no value`. */
export function describeFound(node: ParsedNode | null, source: string | null): string {
  if (isSeq(node)) return 'is a list';
  if (isMap(node)) return 'is a map';
  if (!isScalar(node) || source === null || source === '') return 'has no value';
  const { value } = node;
  if (typeof value === 'string') {
    const length = value.length > LONG ? ` (${Array.from(value).length} characters)` : '';
    return `is ${quoted(value)}${length}`;
  }
  return `is ${harmless(source)}`;
}

/** Explains why a text does not match its pattern, and which text would. */
export function textReason(text: string, node: SchemaNode): string {
  if (node.title !== 'Entry' && node.title !== 'Line' && node.title !== 'Text')
    return `it must be ${expected(node)}`;
  if (text === '') return `it must be ${expected(node)}`;
  const problem = node.title === 'Entry' ? subjectProblem(text) : null;
  if (problem !== null) return `it ${problem}`;
  const hidden = hiddenCharacter(text, node.title === 'Text');
  if (hidden !== null) return `it must not contain ${hidden}`;
  return 'it must not begin or end with a space';
}

function hiddenCharacter(text: string, severalLines: boolean): string | null {
  const hostile = severalLines ? /[^\P{Cc}\n\t]|\p{Cs}/u : /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u;
  const found = hostile.exec(severalLines ? text : text.trimEnd() || text)?.[0];
  return found === undefined ? null : characterInWords(found);
}
