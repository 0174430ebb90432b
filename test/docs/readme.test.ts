import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { firstFile } from '../../src/app/setup/init.ts';
import { validate } from '../../src/app/setup/validate.ts';
import { blocks, commandsOf } from '../helpers/source/readme.ts';

const readme = await readFile(join(import.meta.dirname, '../../README.md'), 'utf8');

const keysOf = (text: string): string[][] =>
  Object.values((parse(text) as { features: Record<string, object> }).features).map((each) =>
    Object.keys(each),
  );

describe('the README', () => {
  it('the README has at most 900 words', () => {
    expect(readme.split(/\s+/).filter(Boolean).length).toBeLessThanOrEqual(900);
  });

  it('the README asks for at most ten commands', () => {
    const commands = blocks(readme, 'sh').flatMap(commandsOf);
    expect(commands.length).toBeGreaterThan(0);
    expect(commands.length).toBeLessThanOrEqual(10);
  });

  it('the README shows a valid file whose features have at most five keys', () => {
    const [file, ...others] = blocks(readme, 'yaml');
    expect(others).toEqual([]);
    expect(validate(file ?? '')).toMatchObject({ valid: true, features: 2 });
    for (const keys of keysOf(file ?? '')) expect(keys.length).toBeLessThanOrEqual(5);
  });
});

describe('the file that init writes', () => {
  it('the file that init writes has at most twelve lines and one feature with five keys', () => {
    const { text } = firstFile();
    expect(text.trimEnd().split('\n').length).toBeLessThanOrEqual(12);
    expect(keysOf(text).map((keys) => keys.length)).toEqual([5]);
  });

  it('the file that init writes has no line over a hundred characters', () => {
    for (const line of firstFile().text.split('\n')) expect(line.length).toBeLessThanOrEqual(100);
  });
});
