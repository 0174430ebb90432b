import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';
import rolloutSchema from '../../../schema/rollout.schema.json' with { type: 'json' };
import type { Path } from '../base/problems.ts';
import { isPlainMap, type Plain, type PlainMap } from '../base/tree.ts';

/** A part of the schema, as far as messages read it. */
export interface SchemaNode {
  title?: string;
  description?: string;
  type?: string;
  const?: unknown;
  enum?: readonly string[];
  pattern?: string;
  minimum?: number;
  maximum?: number;
  exclusiveMinimum?: number;
  minLength?: number;
  maxLength?: number;
  maxItems?: number;
  properties?: Readonly<Record<string, SchemaNode>>;
  propertyNames?: SchemaNode;
}

/** The JSON Schema of rollout.yaml. */
export const schema = rolloutSchema as unknown as SchemaNode & {
  $id: string;
  $defs: Readonly<Record<string, SchemaNode>>;
};

/** A part of the file that is validated by itself, and its errors with paths within it. */
export interface PartErrors {
  path: Path;
  data: Plain;
  errors: readonly ErrorObject[];
}

/**
 * Every way in which the data is not what the schema says: first the file around the features, then feature by
 * feature, so that of 200,000 broken ones the errors are never all in memory. Compiling waits for the first call.
 */
export function* schemaErrors(data: Plain): Generator<PartErrors> {
  compiled ??= compile();
  const { features, ...around } = isPlainMap(data) ? data : {};
  const whole = isPlainMap(features) ? keysOnly(around, features) : data;
  yield { path: [], data: whole, errors: errorsOf(compiled.file, whole) };
  if (!isPlainMap(features)) return;
  for (const [key, feature] of Object.entries(features)) {
    yield { path: ['features', key], data: feature, errors: errorsOf(compiled.feature, feature) };
  }
}

/** The most features a file may have. */
export const MOST_FEATURES: number = rolloutSchema.properties.features.maxProperties;

/** The file with its feature keys, and nothing in them. */
function keysOnly(around: PlainMap, features: PlainMap): PlainMap {
  const keys: PlainMap = Object.create(null);
  for (const key of Object.keys(features)) keys[key] = null;
  return Object.assign(Object.create(null), around, { features: keys });
}

let compiled: { file: ValidateFunction; feature: ValidateFunction } | undefined;

function compile() {
  // Without references all is one function. With them the library copies the errors so far at each return from
  // another, which takes minutes for a list of 100,000 wrong values.
  const { $id: _id, $schema: _dialect, $defs: _defs, ...whole } = inlined(rolloutSchema) as Inlined;
  const { features } = whole.properties;
  const file = {
    ...whole,
    properties: { ...whole.properties, features: { ...features, additionalProperties: true } },
  };
  const ajv = new Ajv2020({ strict: true, allErrors: true, verbose: true });
  return { file: ajv.compile(file), feature: ajv.compile(features.additionalProperties) };
}

interface Inlined {
  [key: string]: unknown;
  properties: { features: { additionalProperties: object } };
}

/** A part of the schema with what its references stand for in their place; what stands beside a reference wins. */
function inlined(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(inlined);
  if (typeof node !== 'object' || node === null) return node;
  const { $ref, ...own } = node as { $ref?: unknown };
  const here = Object.fromEntries(Object.entries(own).map(([key, value]) => [key, inlined(value)]));
  if (typeof $ref !== 'string') return here;
  const target = (rolloutSchema.$defs as Record<string, unknown>)[$ref.replace('#/$defs/', '')];
  return { ...(inlined(target) as object), ...here };
}

function errorsOf(validate: ValidateFunction, data: Plain): readonly ErrorObject[] {
  return validate(data) ? [] : (validate.errors ?? []);
}
