import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ParseResult, parseConfig } from '../../src/config/read/parse.ts';
import type { Spec } from '../../src/domain/spec/spec.ts';

const FIXTURES = join(import.meta.dirname, '../fixtures/config');

/** Names of the fixtures of one kind, such as `valid/smallest.yaml`. */
export function fixtures(kind: 'valid' | 'schema' | 'rules' | 'conditions' | 'yaml'): string[] {
  return readdirSync(join(FIXTURES, kind)).map((name) => `${kind}/${name}`);
}

export function fixture(name: string): Buffer {
  return readFileSync(join(FIXTURES, name));
}

/** All that is said about a file, a line each, the way a person reads it. */
export function said(input: string | Uint8Array): string {
  return lines(parseConfig(input)).join('\n');
}

export function lines({ problems }: ParseResult): string[] {
  return problems.map(({ line, column, severity, message }) => {
    return `${line}:${column} ${severity === 'warning' ? 'warning: ' : ''}${message}`;
  });
}

/** The one feature of a file that has no errors. */
export function onlySpec(text: string): Spec {
  const { config, problems } = parseConfig(text);
  const specs = [...(config?.features.values() ?? [])];
  const [spec] = specs;
  if (specs.length !== 1 || !spec) throw new Error(`expected one sound feature: ${JSON.stringify(problems)}`);
  return spec;
}

/** A file with one feature, `checkout`, given as lines without their indentation. */
export function feature(...body: string[]): string {
  return ['version: 1', 'features:', '  checkout:', ...body.map((line) => `    ${line}`), ''].join('\n');
}
