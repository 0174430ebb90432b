import { MESSAGE_FIELDS, type MessageField, PLACEHOLDER, unknownFields } from '../domain/notify/route.ts';
import { RolloutError } from '../errors.ts';
import type { Message } from './message.ts';

/** Builds the body of a message from a template. */
export type Template = (message: Message) => unknown;

/**
 * Builds a body for any other receiver: JSON in which `{{message}}` and the other fields are replaced inside of
 * strings, so that no person's text can change its structure. Throws `usage` for invalid JSON or an unknown field;
 * `name` says where the template is.
 */
export function templateOf(text: string, name: string): Template {
  const shape = parsed(text, name);
  check(text, name);
  return (message) => filled(shape, valuesOf(message));
}

function valuesOf(message: Message): Record<MessageField, string> {
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

function filled(shape: unknown, values: Record<MessageField, string>): unknown {
  if (typeof shape === 'string') {
    return shape.replace(PLACEHOLDER, (_, field: MessageField) => values[field]);
  }
  if (Array.isArray(shape)) return shape.map((one) => filled(one, values));
  if (typeof shape !== 'object' || shape === null) return shape;
  return Object.fromEntries(Object.entries(shape).map(([key, value]) => [key, filled(value, values)]));
}

function check(text: string, name: string): void {
  const [unknown] = unknownFields(text);
  if (unknown === undefined) return;
  throw new RolloutError('usage', `${name} names {{${unknown}}}, which no message has`, {
    hint: `use ${MESSAGE_FIELDS.map((known) => `{{${known}}}`).join(', ')}`,
  });
}

function parsed(text: string, name: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new RolloutError('usage', `${name} is not JSON`, {
      hint: 'write a JSON value such as {"content": "{{message}}"}',
    });
  }
}
