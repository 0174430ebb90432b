import { oneOf } from '../../lib/text.ts';
import type { SchemaNode } from './schema.ts';

/** Descriptions of a definition's valid values, by its title in the schema. */
const BY_TITLE: Readonly<Record<string, string>> = {
  Name: 'a lowercase letter, then up to 99 lowercase letters, digits, "_" or "-"',
  Entry: 'an id or owner/name',
  Line: 'one line of text',
  Attribute: 'the name of an attribute of the registry, one line of at most 100 characters',
  Text: 'text',
  Duration: 'a duration such as 90s, 15m, 24h or 7d',
  TimeLimit: 'a duration such as 90s, 15m, 24h or 7d, or control_p95',
  TimeLimits:
    'a duration such as 90s, 15m, 24h or 7d, or control_p95, or durations by size such as { small: 30s, large: 10m }',
  Variable:
    'the name of an environment variable that begins with ROLLOUT_NOTIFY_, because the address or token itself is a secret',
  ControllerVersion: 'a version such as 0.2.0',
  Day: 'a day such as 2026-12-20',
  Time: 'a time of day such as 09:00',
  Steps: 'a list of steps or the name of a plan, playbook or pilot',
};

/** Describes valid values, to follow "it must be": `a number from 0 to 100`, `true or false`, `a list`. */
export function expected(node: SchemaNode): string {
  const known = BY_TITLE[node.title ?? ''];
  if (known !== undefined) return known;
  if (node.const !== undefined) return String(node.const);
  if (node.enum) return oneOf(node.enum);
  switch (node.type) {
    case 'boolean':
      return 'true or false';
    case 'number':
      return `a number ${range(node)}`;
    case 'integer':
      return `a whole number ${range(node)}`;
    case 'array':
      return 'a list';
    case 'object':
      return 'a map of keys and values';
    default:
      return 'text';
  }
}

/** Describes a range: `from 0 to 100`, `above 0, at most 100`. */
export function range(node: SchemaNode): string {
  if (node.exclusiveMinimum !== undefined) return `above ${node.exclusiveMinimum}, at most ${node.maximum}`;
  return `from ${node.minimum} to ${node.maximum}`;
}
