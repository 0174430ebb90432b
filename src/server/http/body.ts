import { unkeptCharacter } from '../../domain/spec/subject-id.ts';
import { RolloutError } from '../../errors.ts';
import { quoted } from '../../lib/text.ts';
import type { Request } from './context.ts';

/** A JSON object, or why the body is not one. */
export type Body = { object: Record<string, unknown> } | { problem: string };

/** Reads the body as a JSON object; an empty one is an empty object. */
export async function readObject(c: Request): Promise<Body> {
  const text = await c.req.text();
  if (text.trim() === '') return { object: {} };
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
      return { object: value as Record<string, unknown> };
    }
    return { problem: 'the body is JSON, but no object' };
  } catch {
    return { problem: 'the body is not JSON' };
  }
}

type Kinds = { text: string; number: number; yes: boolean };
type Shape = Readonly<Record<string, keyof Kinds>>;
type Fields<S extends Shape> = { [K in keyof S]?: Kinds[S[K]] };

/**
 * Reads the fields of a body with their types. Throws `usage` for any other field: a misspelled one must not be
 * ignored.
 */
export async function readFields<S extends Shape>(c: Request, shape: S): Promise<Fields<S>> {
  if (!/^application\/json\b/i.test(c.req.header('content-type') ?? '')) {
    throw new RolloutError('usage', 'the body has to be JSON', {
      hint: 'send content-type: application/json',
    });
  }
  const body = await readObject(c);
  if ('problem' in body) throw new RolloutError('usage', body.problem);
  const names = Object.keys(shape);
  for (const [name, value] of Object.entries(body.object)) {
    const kind = Object.hasOwn(shape, name) ? shape[name] : undefined;
    if (kind === undefined) {
      throw new RolloutError('usage', `the body has a field ${quoted(name)}, which nothing here knows`, {
        hint: `there are ${names.join(', ')}`,
      });
    }
    if (!isOf(kind, value)) {
      throw new RolloutError('usage', `the field ${name} of the body is not ${WORDS[kind]}`);
    }
    const unkept = typeof value === 'string' ? unkeptCharacter(value) : null;
    if (unkept !== null) {
      throw new RolloutError('usage', `the field ${name} of the body is ${quoted(value as string)}`, {
        hint: `leave out ${unkept}: the database cannot keep it`,
      });
    }
  }
  return body.object as Fields<S>;
}

const WORDS: Record<keyof Kinds, string> = {
  text: 'a text of at most 1000 characters',
  number: 'a number',
  yes: 'true or false',
};

function isOf(kind: keyof Kinds, value: unknown): boolean {
  switch (kind) {
    case 'text':
      return typeof value === 'string' && value.length <= 1_000;
    case 'number':
      return typeof value === 'number';
    case 'yes':
      return typeof value === 'boolean';
  }
}
