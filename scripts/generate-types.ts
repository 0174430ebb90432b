/** Writes src/config/base/schema-types.ts from schema/rollout.schema.json. Run it after every change of the schema. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { compile } from 'json-schema-to-typescript';

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
type Schema = { [key: string]: Json };

const SCHEMA = join(import.meta.dirname, '../schema/rollout.schema.json');
const TYPES = join(import.meta.dirname, '../src/config/base/schema-types.ts');

const BANNER = `/** The file as it is written, before defaults. Generated from schema/rollout.schema.json by \`npm run generate\`; do not edit. */`;

/** The text of schema-types.ts. */
export async function generateTypes(): Promise<string> {
  const schema = JSON.parse(readFileSync(SCHEMA, 'utf8')) as Schema;
  const definitions = schema.$defs as Record<string, Schema>;
  // The generator reads `oneOf`, `$defs` and the rest by itself; its own type of a schema is an older draft's.
  const inlined = inlineScalars(schema, definitions) as Parameters<typeof compile>[0];
  return compile(inlined, 'RolloutFile', {
    additionalProperties: false,
    bannerComment: BANNER,
    ignoreMinAndMaxItems: true,
    style: { singleQuote: true, printWidth: 110 },
  });
}

/** References to plain strings are written out: otherwise each use gets a type name of its own. */
function inlineScalars(node: Json, definitions: Record<string, Schema>): Json {
  if (Array.isArray(node)) return node.map((item) => inlineScalars(item, definitions));
  if (node === null || typeof node !== 'object') return node;
  const target = typeof node.$ref === 'string' ? definitions[node.$ref.replace('#/$defs/', '')] : undefined;
  if (target && (target.$ref !== undefined || isScalar(target))) {
    const { title: _title, ...rest } = target;
    const { $ref: _ref, ...siblings } = node;
    return inlineScalars({ ...rest, ...siblings }, definitions);
  }
  // `allOf` holds conditions only, which no type of ours says: it would split the type of a feature in two.
  const { allOf: _conditions, ...typed } = node;
  return Object.fromEntries(
    Object.entries(typed).map(([key, value]) => [key, inlineScalars(value, definitions)]),
  );
}

function isScalar(schema: Schema): boolean {
  return schema.type === 'string' || schema.type === 'boolean';
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  writeFileSync(TYPES, await generateTypes());
}
