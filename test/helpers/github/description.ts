import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv, type ValidateFunction } from 'ajv';

/** One operation of GitHub's REST interface, as GitHub describes it. */
export interface Operation {
  /** Such as `pulls/create`. */
  id: string;
  method: string;
  /** With the names of its parameters: `/repos/{owner}/{repo}/pulls`. */
  path: string;
}

interface Schema {
  $ref?: string;
  type?: string | string[];
  enum?: unknown[];
  format?: string;
  properties?: Record<string, Schema>;
  required?: string[];
  items?: Schema;
  additionalProperties?: Schema | boolean;
  allOf?: Schema[];
  anyOf?: Schema[];
  oneOf?: Schema[];
  minItems?: number;
}
interface Parameter {
  name: string;
  in: string;
  required?: boolean;
  schema: Schema;
}
interface Described {
  operationId: string;
  parameters: (Parameter | { $ref: string })[];
  requestBody?: { required?: boolean; content: Record<string, { schema: Schema }> };
  responses: Record<string, { content?: Record<string, { schema: Schema }> } | { $ref: string }>;
}

const FILE = join(import.meta.dirname, '..', '..', 'fixtures', 'github', 'openapi.json');
const document = JSON.parse(readFileSync(FILE, 'utf8')) as {
  paths: Record<string, Record<string, Described>>;
};

/** Parameters whose value may hold slashes. */
const MANY_SEGMENTS = /^(path|ref|basehead|branch|name)$/;

const operations = Object.entries(document.paths)
  .flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, described]) => ({
      operation: { id: described.operationId, method: method.toUpperCase(), path },
      described,
      names: [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name),
      pattern: new RegExp(
        `^${path.replace(/\{(\w+)\}/g, (_all, name: string) => (MANY_SEGMENTS.test(name) ? '(.+)' : '([^/]+)'))}$`,
      ),
    })),
  )
  // Where two fit, the one with fewer parameters is meant.
  .sort((a, b) => literal(b.operation.path) - literal(a.operation.path));

function literal(path: string): number {
  return path.replace(/\{\w+\}/g, '').length;
}

/** Schemas are compiled for a handful of answers each: that they compile soon matters more than how they run. */
const QUICK = { inlineRefs: false, code: { optimize: false } };

const ajv = new Ajv({ strict: false, allErrors: true, ...QUICK });
ajv.addFormat('date-time', /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/);
ajv.addFormat('uri', { validate: (text: string) => URL.canParse(text) });
for (const loose of [
  'uri-template',
  'email',
  'timestamp',
  'repo.nwo',
  'alphanumeric',
  'ssh-key',
  'int64',
  'date',
]) {
  ajv.addFormat(loose, true);
}
ajv.addSchema(document, 'github');
/** The same for what stands in a URL, where everything is text. */
const coercing = new Ajv({
  ...QUICK,
  strict: false,
  allErrors: true,
  coerceTypes: true,
  formats: { 'date-time': true },
});
coercing.addSchema(document, 'github');
const compiled = new Map<string, ValidateFunction>();

/** The operation that a request asks for, with the values in its path; null: the description has none. */
export function operationAt(
  method: string,
  path: string,
): { operation: Operation; params: Record<string, string> } | null {
  for (const { operation, names, pattern } of operations) {
    const match = operation.method === method ? pattern.exec(path) : null;
    if (!match) continue;
    const values = match.slice(1).map((value) => decodeURIComponent(value));
    return { operation, params: Object.fromEntries(names.map((name, i) => [name, values[i] ?? ''])) };
  }
  return null;
}

/** What is wrong with a request, each a sentence; none: it is as GitHub describes it. */
export function requestProblems(
  { id }: Operation,
  query: Readonly<Record<string, string>>,
  body: unknown,
): string[] {
  const { parameters, requestBody } = describedAs(id);
  const known = parameters.map((one) => ('$ref' in one ? (resolve(one.$ref) as Parameter) : one));
  const problems: string[] = [];
  for (const name of Object.keys(query)) {
    if (!known.some((one) => one.in === 'query' && one.name === name)) problems.push(`no parameter ${name}`);
  }
  for (const one of known.filter((parameter) => parameter.in === 'query')) {
    const value = query[one.name];
    if (value === undefined) {
      if (one.required) problems.push(`parameter ${one.name} is missing`);
      continue;
    }
    const holder = { value };
    const validate = validator(`query ${id} ${one.name}`, coercing, () => ({
      type: 'object',
      properties: { value: absolute(one.schema) },
    }));
    if (!validate(holder)) problems.push(...said(validate, `parameter ${one.name}`));
  }
  const schema = requestBody?.content['application/json']?.schema;
  if (!schema) return problems;
  if (body === undefined) return requestBody.required ? [...problems, 'the body is missing'] : problems;
  problems.push(...against(`request ${id}`, schema, body, 'body'));
  const { properties } = flattened(schema);
  for (const name of Object.keys(Object(body))) {
    if (properties && Object.keys(properties).length > 0 && !(name in properties)) {
      problems.push(`the body has no property ${name}`);
    }
  }
  return problems;
}

/** What is wrong with an answer of ours, each a sentence. */
export function answerProblems({ id }: Operation, status: number, body: unknown): string[] {
  const schema = answerSchema(id, status);
  if (schema === null) return body === undefined ? [] : ['this answer has no body'];
  return against(`answer ${id} ${status}`, schema, body, 'answer');
}

/** The answer with everything that GitHub's description requires and nobody here asks for. */
export function completed({ id }: Operation, status: number, body: unknown): unknown {
  const schema = answerSchema(id, status);
  return schema === null || body === undefined ? body : fill(schema, body);
}

function describedAs(id: string): Described {
  const found = operations.find(({ operation }) => operation.id === id);
  if (!found) throw new Error(`there is no operation ${id}`);
  return found.described;
}

function answerSchema(id: string, status: number): Schema | null {
  const { responses } = describedAs(id);
  const found = responses[String(status)];
  // Refusals that every operation may give are described for none.
  if (!found) return status >= 400 ? { $ref: '#/components/schemas/basic-error' } : null;
  const response =
    '$ref' in found ? (resolve(found.$ref) as { content?: Record<string, { schema: Schema }> }) : found;
  return response.content?.['application/json']?.schema ?? null;
}

function resolve(reference: string): unknown {
  let here: unknown = document;
  for (const name of reference.slice(2).split('/')) here = Object(here)[name.replaceAll('~1', '/')];
  if (here === undefined) throw new Error(`the description has no ${reference}`);
  return here;
}

function against(name: string, schema: Schema, value: unknown, what: string): string[] {
  const validate = validator(name, ajv, () => absolute(schema));
  return validate(value) ? [] : said(validate, what);
}

function validator(name: string, by: Ajv, schema: () => object): ValidateFunction {
  const known = compiled.get(name);
  if (known) return known;
  const made = by.compile(schema());
  compiled.set(name, made);
  return made;
}

function said({ errors }: ValidateFunction, what: string): string[] {
  return (errors ?? []).slice(0, 5).map(({ instancePath, message }) => `${what}${instancePath} ${message}`);
}

/** References are meant from the top of the document. */
function absolute(schema: Schema): object {
  const text = JSON.stringify(schema).replaceAll('"$ref":"#/', '"$ref":"github#/');
  return JSON.parse(text) as object;
}

/** One level of a schema, with what it refers to and all it is made of laid together. */
function flattened(schema: Schema): Schema {
  const own = schema.$ref === undefined ? schema : flattened(resolve(schema.$ref) as Schema);
  const { allOf, ...rest } = own;
  const parts = [rest, ...(allOf ?? []).map(flattened)];
  return {
    ...Object.assign({}, ...parts),
    properties: Object.assign({}, ...parts.map(({ properties }) => properties)),
    required: parts.flatMap(({ required }) => required ?? []),
  };
}

function fill(given: Schema, value: unknown): unknown {
  const schema = flattened(given);
  const choices = schema.oneOf ?? schema.anyOf;
  if (choices) return fillOneOf(schema, choices, value);
  if (value === undefined) return smallest(schema);
  if (Array.isArray(value)) return value.map((one) => (schema.items ? fill(schema.items, one) : one));
  if (value === null || typeof value !== 'object') return value;
  const filled: Record<string, unknown> = {};
  for (const [name, one] of Object.entries(value)) {
    if (one === undefined) continue;
    const known = schema.properties?.[name];
    filled[name] = known ? fill(known, one) : one;
  }
  for (const name of schema.required ?? []) {
    if (!(name in filled)) filled[name] = fill(schema.properties?.[name] ?? {}, undefined);
  }
  return filled;
}

/** The first alternative that the value, filled in, fits. */
function fillOneOf(schema: Schema, choices: readonly Schema[], value: unknown): unknown {
  const { oneOf, anyOf, ...rest } = schema;
  if (value === undefined && choices.some(({ type }) => type === 'null')) return null;
  for (const choice of choices) {
    const merged = rest.properties ? { allOf: [rest, choice] } : choice;
    const filled = fill(merged, value);
    if (fitting(choice)(filled)) return filled;
  }
  return value;
}

const alternatives = new WeakMap<Schema, ValidateFunction>();

/** Compiled once: the alternatives of a schema are the same objects each time. */
function fitting(choice: Schema): ValidateFunction {
  const known = alternatives.get(choice);
  if (known) return known;
  const made = ajv.compile(absolute(choice));
  alternatives.set(choice, made);
  return made;
}

function smallest(schema: Schema): unknown {
  const types = [schema.type ?? (schema.properties ? 'object' : 'null')].flat();
  if (types.includes('null')) return null;
  if (schema.enum) return schema.enum[0];
  switch (types[0]) {
    case 'object':
      return fill({ ...schema, type: 'object' }, {});
    case 'array':
      return Array.from({ length: schema.minItems ?? 0 }, () => fill(schema.items ?? {}, undefined));
    case 'integer':
    case 'number':
      return 0;
    case 'boolean':
      return false;
    default:
      return schema.format === 'uri'
        ? 'https://github.test/'
        : schema.format === 'date-time'
          ? '2026-01-01T00:00:00Z'
          : '';
  }
}
