import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';
import rolloutSchema from '../../schema/rollout.schema.json' with { type: 'json' };
import type { Plain } from './tree.ts';

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
}

/** The JSON Schema of rollout.yaml. */
export const schema = rolloutSchema as unknown as SchemaNode & {
  $id: string;
  $defs: Readonly<Record<string, SchemaNode>>;
};

let compiled: ValidateFunction | undefined;

/** Every way in which the data is not what the schema says; compiling it waits for the first call. */
export function schemaErrors(data: Plain): ErrorObject[] {
  compiled ??= new Ajv2020({ strict: true, allErrors: true, verbose: true }).compile(rolloutSchema);
  return compiled(data) ? [] : (compiled.errors ?? []);
}
