import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';
import rolloutSchema from '../../../schema/rollout.schema.json' with { type: 'json' };
import type { Path } from '../base/problems.ts';
import { isPlainMap, type Plain, type PlainMap } from '../base/tree.ts';

/** The part of a schema node that messages use. */
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

/** A separately validated part of the file, and its errors with paths relative to it. */
export interface PartErrors {
  path: Path;
  data: Plain;
  errors: readonly ErrorObject[];
}

/**
 * Yields every violation of the schema: first in the file around the features, then feature by feature, so that the
 * errors of 200,000 broken ones are never all in memory. Compiles at the first call.
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

/** Largest number of features in a file. */
export const MOST_FEATURES: number = rolloutSchema.properties.features.maxProperties;

/** Returns the file with its feature keys, but without the features' contents. */
function keysOnly(around: PlainMap, features: PlainMap): PlainMap {
  const keys: PlainMap = Object.create(null);
  for (const key of Object.keys(features)) keys[key] = null;
  return Object.assign(Object.create(null), around, { features: keys });
}

let compiled: { file: ValidateFunction; feature: ValidateFunction } | undefined;

function compile() {
  // Inlined, so that everything is one function. With references the library copies all errors at each return, which
  // takes minutes for a list of 100,000 wrong values.
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

/** Replaces the references in a part of the schema by their targets; keys beside a reference win. */
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
