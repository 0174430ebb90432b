import { RolloutError } from '../errors.ts';
import type { Message } from './message.ts';

const FIELDS = ['message', 'feature', 'environment', 'severity', 'kind', 'key', 'created_at'] as const;
type Field = (typeof FIELDS)[number];

/** Makes the body of a message by a template. */
export type Template = (message: Message) => unknown;

/**
 * A body for any other receiver: JSON in which `{{message}}` and the other fields are replaced inside of strings, so
 * that no text of a person can change the shape of it. Throws `usage` for what is not JSON or names another field.
 */
export function templateOf(text: string): Template {
  const shape = parsed(text);
  check(shape);
  return (message) => filled(shape, valuesOf(message));
}

function valuesOf(message: Message): Record<Field, string> {
  return {
    message: message.message,
    feature: message.feature ?? '',
    environment: message.environment ?? '',
    severity: message.severity,
    kind: message.kind,
    key: message.key,
    created_at: message.created_at.toISOString(),
  };
}

function filled(shape: unknown, values: Record<Field, string>): unknown {
  if (typeof shape === 'string') {
    return shape.replace(PLACEHOLDER, (_, field: Field) => values[field]);
  }
  if (Array.isArray(shape)) return shape.map((one) => filled(one, values));
  if (typeof shape !== 'object' || shape === null) return shape;
  return Object.fromEntries(Object.entries(shape).map(([key, value]) => [key, filled(value, values)]));
}

const PLACEHOLDER = /\{\{\s*(\w+)\s*\}\}/g;

function check(shape: unknown): void {
  for (const [, field = ''] of JSON.stringify(shape).matchAll(PLACEHOLDER)) {
    if (FIELDS.some((known) => known === field)) continue;
    throw new RolloutError('usage', `ROLLOUT_WEBHOOK_TEMPLATE names {{${field}}}, which no message has`, {
      hint: `use ${FIELDS.map((known) => `{{${known}}}`).join(', ')}`,
    });
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new RolloutError('usage', 'ROLLOUT_WEBHOOK_TEMPLATE is not JSON', {
      hint: 'write a JSON value such as {"content": "{{message}}"}',
    });
  }
}
