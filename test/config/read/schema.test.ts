import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { generateTypes } from '../../../scripts/generate-types.ts';
import { parseConfig } from '../../../src/config/read/parse.ts';
import { fixture, fixtures, said } from '../said.ts';

type Json = { [key: string]: unknown };

const ROOT = join(import.meta.dirname, '../../..');
const schema = JSON.parse(readFileSync(join(ROOT, 'schema/rollout.schema.json'), 'utf8')) as Json;
const definitions = schema.$defs as Record<string, Json>;
const validate = new Ajv2020({ strict: true }).compile(schema);

/** The file as an editor's schema check sees it. */
function accepts(name: string): boolean {
  return validate(parse(fixture(name).toString('utf8').replace('\ufeff', '')));
}

function errorsIn(name: string): number {
  return parseConfig(fixture(name)).problems.filter(({ severity }) => severity === 'error').length;
}

/** Every schema within the schema, with the way to it. */
function* nodes(value: unknown, path = '#'): Generator<[string, Json]> {
  if (Array.isArray(value)) for (const [i, item] of value.entries()) yield* nodes(item, `${path}/${i}`);
  else if (value !== null && typeof value === 'object') {
    yield [path, value as Json];
    for (const [key, inner] of Object.entries(value)) yield* nodes(inner, `${path}/${key}`);
  }
}

function described(node: Json): boolean {
  if (typeof node.description === 'string') return true;
  const target = definitions[String(node.$ref).replace('#/$defs/', '')];
  return target !== undefined && described(target);
}

describe('the schema', () => {
  test('the schema has an id and names its dialect', () => {
    expect(schema.$schema).toBe('https://json-schema.org/draft/2020-12/schema');
    expect(schema.$id).toMatch(/^urn:/);
  });

  test('the schema describes every property', () => {
    // Conditions repeat properties that are described where they are.
    const properties = [...nodes(schema)].filter(
      ([path]) => /\/properties\/[^/]+$/.test(path) && !path.includes('/allOf/'),
    );
    expect(properties.length).toBeGreaterThan(50);
    expect(properties.filter(([, node]) => !described(node)).map(([path]) => path)).toEqual([]);
  });

  test('the schema closes every object: keys are listed or bound to a pattern', () => {
    const open = [...nodes(schema)].filter(([, node]) => {
      if (node.type !== 'object') return false;
      return node.additionalProperties !== false && node.propertyNames === undefined;
    });
    expect(open.map(([path]) => path)).toEqual([]);
  });

  test('the schema uses nothing that editors and validators read differently', () => {
    const text = JSON.stringify(schema);
    expect(text).not.toMatch(/"(multipleOf|format|prefixItems)":/);
  });

  test('the schema generates the committed types', async () => {
    const checkedIn = readFileSync(join(ROOT, 'src/config/base/schema-types.ts'), 'utf8');
    expect(await generateTypes()).toBe(checkedIn);
  });
});

describe('schema and program agree on every fixture', () => {
  test.each(fixtures('conditions'))(
    'the fixture %s is refused by schema and program, in the words of the rules',
    (name) => {
      expect(accepts(name)).toBe(false);
      expect(said(fixture(name))).toBe(
        [
          '3:46 percentage is 0 with strategy whitelist, which admits the whitelist alone; remove percentage, or use strategy percentage',
          '4:45 strategy is repository_size, but customers have no category; use percentage or whitelist',
          '4:74 categories is given, but customers have no category; remove it',
        ].join('\n'),
      );
      expect([...(parseConfig(fixture(name)).config?.features.keys() ?? [])]).toEqual([
        'fine_list',
        'fine_customers',
      ]);
    },
  );

  test.each(fixtures('valid'))('the fixture %s is accepted by schema and program', (name) => {
    expect(accepts(name)).toBe(true);
    expect(errorsIn(name)).toBe(0);
    expect(parseConfig(fixture(name)).config).not.toBeNull();
  });

  test.each(fixtures('schema'))('the fixture %s is refused by schema and program', (name) => {
    expect(accepts(name)).toBe(false);
    expect(errorsIn(name)).toBeGreaterThan(0);
  });

  test.each(fixtures('rules'))(
    'the fixture %s is accepted by the schema, but the rules report a problem',
    (name) => {
      expect(accepts(name)).toBe(true);
      expect(parseConfig(fixture(name)).problems).not.toEqual([]);
    },
  );

  test.each(fixtures('yaml'))('the fixture %s is refused before or beside the schema', (name) => {
    expect(errorsIn(name)).toBeGreaterThan(0);
    expect(parseConfig(fixture(name)).config).toBeNull();
  });
});
