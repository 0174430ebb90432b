import { quoted } from '../../lib/text.ts';
import { OWNER } from './audience/audience.ts';
import { refusedCharacter, subjectProblem } from './subject-id.ts';

/** The largest count that the registry stores. */
export const LARGEST_COUNT = 2_147_483_647;

/** Returns the rule for repository names that a text breaks, to follow "it"; null: it is valid. */
export function repositoryNameProblem(text: string): string | null {
  if (!/^[^/\s]+\/[^/\s]+$/.test(text)) return 'must be owner/name';
  return subjectProblem(text);
}

/**
 * Returns the rule for counts of stars, contributors or pull requests that a text breaks, to follow "it"; null: it is
 * valid.
 */
export function countProblem(text: string): string | null {
  if (/^(?:0|[1-9]\d{0,9})$/.test(text) && Number(text) <= LARGEST_COUNT) return null;
  return `must be a whole number from 0 to ${LARGEST_COUNT}, or empty`;
}

/** The longest name of an attribute, in UTF-16 units. */
export const LONGEST_ATTRIBUTE = 100;

/**
 * Returns what is wrong with a text as a repository's attributes, a JSON object of texts: `attributes is ...; it must
 * ...`; null if it is valid or absent.
 */
export function attributesProblem(text: string | null): string | null {
  if (text === null) return null;
  const read = readAttributes(text);
  return 'problem' in read ? read.problem : null;
}

/** Reads a repository's attributes from their JSON; an attribute that is null has no value. */
export function readAttributes(text: string): { attributes: Record<string, string> } | { problem: string } {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    value = null;
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return {
      problem: `attributes is ${quoted(text, 60)}; it must be a JSON object, such as {"region":"eu"}`,
    };
  }
  const attributes: [string, string][] = [];
  for (const [name, one] of Object.entries(value)) {
    const problem = attributeProblem(name, one);
    if (problem !== null) return { problem };
    if (one !== null) attributes.push([name, one as string]);
  }
  return { attributes: Object.fromEntries(attributes) };
}

function attributeProblem(name: string, value: unknown): string | null {
  const what = `the attribute ${quoted(name, 60)}`;
  if (name === OWNER) return `${what} is given; the owner of a repository is the one in its full_name`;
  if (name.length > LONGEST_ATTRIBUTE || subjectProblem(name) !== null) {
    return `${what} has a name that no attribute can have: it ${subjectProblem(name) ?? `must have at most ${LONGEST_ATTRIBUTE} characters`}`;
  }
  if (value === null) return null;
  if (typeof value !== 'string') {
    return `${what} is ${quoted(JSON.stringify(value), 60)}; it must be text, such as ${JSON.stringify(String(value)).slice(0, 40)}`;
  }
  const refused = refusedCharacter(value);
  return refused === null ? null : `${what} is ${quoted(value, 60)}; it must not contain ${refused}`;
}
