import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { Endings } from './at-end.ts';

it('what was opened last ends first, and once', async () => {
  const ended: string[] = [];
  const endings = new Endings();
  endings.add(() => ended.push('database'));
  endings.add(async () => {
    await new Promise((resolve) => setTimeout(resolve, 5));
    ended.push('pool');
  });
  await endings.run();
  await endings.run();
  expect(ended).toEqual(['pool', 'database']);
});

it('what cannot be ended is told after everything else has ended', async () => {
  const ended: string[] = [];
  const endings = new Endings();
  endings.add(() => ended.push('database'));
  endings.add(() => Promise.reject(new Error('no answer')));
  endings.add(() => {
    throw new Error('not open');
  });
  await expect(endings.run()).rejects.toThrow('Error: not open\nError: no answer');
  expect(ended).toEqual(['database']);
  endings.add(() => Promise.reject(new Error('alone')));
  await expect(endings.run()).rejects.toThrow(/^alone$/);
});

it('no helper of the tests registers hooks, which would run for the first file of a process alone', () => {
  const root = join(import.meta.dirname, '../..');
  const helpers = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter(
    (path) => path.endsWith('.ts') && !path.endsWith('.test.ts') && !path.includes('node_modules'),
  );
  const hooked = helpers.filter((path) =>
    /\b(before|after)(All|Each)\(/.test(readFileSync(join(root, path), 'utf8')),
  );
  expect(hooked).toEqual([join('helpers', 'run', 'at-end.ts')]);
});
