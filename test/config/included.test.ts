import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { addFeature, editFeature, editTestRepositories } from '../../src/config/edit/edit.ts';
import { setTogether } from '../../src/config/edit/together.ts';
import { parseConfig } from '../../src/config/read/parse.ts';
import { problemsAt } from '../../src/config/read/problems-at.ts';
import {
  bundleBytes,
  bundleText,
  changedParts,
  partsOfBytes,
  partsOfText,
} from '../../src/domain/change/bundle.ts';

const MAIN =
  'version: 1\ninclude: [rollouts/*.yaml]\ndefaults: { owner: "@acme/all" }\nfeatures:\n  main: { percentage: 5 }\n';
const DATA = '# Team data.\nfeatures:\n  one:   # the first\n    percentage: 10\n  two: { percentage: 20 }\n';
const WEB = 'features: { three: { percentage: 30, owner: "@acme/web" } }\n';

const bundle = (files: Record<string, string>, main = MAIN) =>
  bundleText({ main, included: Object.entries(files).map(([path, content]) => ({ path, content })) });
const WHOLE = bundle({ 'rollouts/data.yaml': DATA, 'rollouts/web.yaml': WEB });

const said = (text: string) =>
  parseConfig(text).problems.map(
    ({ file = 'main', line, column, message }) => `${file}:${line}:${column} ${message}`,
  );

describe('a file that includes others', () => {
  it('a file that includes others has their features beside its own, with its defaults', () => {
    const { config, problems } = parseConfig(WHOLE);
    expect(problems).toEqual([]);
    expect([...(config?.features ?? [])].map(([key, spec]) => [key, spec.percentage, spec.owner])).toEqual([
      ['main', 5, '@acme/all'],
      ['one', 10, '@acme/all'],
      ['two', 20, '@acme/all'],
      ['three', 30, '@acme/web'],
    ]);
    expect(parseConfig(Buffer.from(WHOLE)).config).toEqual(config);
  });

  it('a problem in an included file names that file, and keeps only its feature out', () => {
    const wrong = bundle({
      'rollouts/data.yaml': DATA.replace('10', '101'),
      'rollouts/web.yaml': WEB.replace('three', 'Bad Key'),
    });
    expect(said(wrong)).toEqual([
      'rollouts/data.yaml:4:17 percentage is 101; it must be from 0 to 100',
      'rollouts/web.yaml:1:13 the feature key "Bad Key" must be a lowercase letter, then up to 99 lowercase letters, digits, "_" or "-"',
    ]);
    expect([...(parseConfig(wrong).config?.features.keys() ?? [])]).toEqual(['main', 'two']);
    const [late] = problemsAt(WHOLE, [
      { severity: 'error', path: ['features', 'two', 'percentage'], message: 'x' },
    ]);
    expect(late).toMatchObject({ file: 'rollouts/data.yaml', line: 5, column: 22 });
  });

  it.each<[string, Record<string, string>, string[]]>([
    [
      'a key in two included files',
      { 'rollouts/data.yaml': DATA, 'rollouts/web.yaml': 'features:\n\n  one: {}\n' },
      [
        'rollouts/data.yaml:3:3 feature one is here, in rollouts/data.yaml, and in line 3 of rollouts/web.yaml; keep one of them',
      ],
    ],
    [
      'a key of the main file',
      { 'rollouts/web.yaml': 'features: { main: {} }\n' },
      [
        'main:5:3 feature main is here, in the main file, and in line 1 of rollouts/web.yaml; keep one of them',
      ],
    ],
  ])('a feature that is defined twice by %s is left as it is', (_what, files, problems) => {
    const whole = bundle(files);
    expect(said(whole)).toEqual(problems);
    const { config, broken } = parseConfig(whole);
    expect(broken.size).toBe(1);
    for (const feature of broken.keys()) expect(config?.features.has(feature)).toBe(false);
  });

  it.each<[string, string, string]>([
    ['policy', 'policy: { require: [owner] }\nfeatures: {}\n', '1:1 policy is not a key of an included file'],
    [
      'another include, also a circle',
      'include: [data.yaml]\nfeatures: {}\n',
      '1:1 include is not a key of an included file',
    ],
    ['nothing', '', '1:1 the file is empty'],
    ['a list', '- one\n', '1:1 the file is not a map'],
    ['no features', 'owner: x\n', '1:1 owner is not a key of an included file'],
    ['features without a map', 'features: [one]\n', '1:11 features is not a map of features'],
    ['broken YAML', 'features: {\n', '2:1 not valid YAML'],
    ['an anchor', 'features: { x: &a {} }\n', '1:19 anchors (&a) are not supported'],
  ])('a file is refused as a whole when an included file holds %s', (_what, text, problem) => {
    const whole = bundle({ 'rollouts/data.yaml': text, 'rollouts/web.yaml': WEB });
    expect(said(whole)[0]).toContain(`rollouts/data.yaml:${problem}`);
    expect(parseConfig(whole).config).toBeNull();
  });

  it.each([
    ['../other/*.yaml', 'write a path below the folder of this file, such as rollouts/*.yaml'],
    ['/etc/*.yaml', 'write a path below the folder of this file'],
    ['rollouts/**/*.yaml', 'write a path below the folder of this file'],
    ['rollouts/./x.yaml', 'write a path below the folder of this file'],
    ['.git/x.yaml', 'write a path below the folder of this file'],
    ['rollouts/*', 'write a path below the folder of this file'],
    ['nobody/*.yaml', 'which matches no other file'],
    ['rollouts/datum.yaml', 'which matches no other file'],
  ])('a file that includes %s is refused', (pattern, why) => {
    const main = MAIN.replace('rollouts/*.yaml', `rollouts/*.yaml, "${pattern}"`);
    const whole = bundle({ 'rollouts/data.yaml': DATA }, main);
    expect(said(whole)).toEqual([expect.stringContaining(`main:2:28 include[1] is "${pattern}"`)]);
    expect(said(whole)[0]).toContain(why);
    expect(parseConfig(whole).config).toBeNull();
  });
});

describe('an edit', () => {
  it('an edit changes only the file that has the feature', () => {
    expect(editFeature(WHOLE, 'one', [{ kind: 'set', path: ['percentage'], value: 25 }])).toBe(
      WHOLE.replace('percentage: 10', 'percentage: 25'),
    );
    expect(editFeature(WHOLE, 'main', [{ kind: 'set', path: ['active'], value: false }])).toBe(
      WHOLE.replace('{ percentage: 5 }', '{ percentage: 5, active: false }'),
    );
  });

  it('an edit finds a feature whose key is written with an escape', () => {
    const escaped = bundleText({
      main: 'version: 1\ninclude: [a.yaml]\nfeatures: {}\n',
      included: [{ path: 'a.yaml', content: 'features:\n  "o\\x6ee": { active: true }\n' }],
    });
    const edited = editFeature(escaped, 'one', [{ kind: 'set', path: ['active'], value: false }]);
    expect(edited).toBe(escaped.replace('active: true', 'active: false'));
  });

  it('an edit of several files at once changes each', () => {
    const off = { kind: 'set', path: ['active'], value: false } as const;
    const all = new Map(['main', 'one', 'three'].map((feature) => [feature, [off]]));
    const { config } = parseConfig(setTogether(WHOLE, all));
    expect([...(config?.features ?? [])].map(([, { active }]) => active)).toEqual([
      false,
      false,
      true,
      false,
    ]);
    expect(changedParts(WHOLE, setTogether(WHOLE, all)).map(({ part }) => part)).toEqual([
      null,
      'rollouts/data.yaml',
      'rollouts/web.yaml',
    ]);
  });

  it('an edit adds features and test repositories to the main file, but no key that an included file has', () => {
    expect(partsOfText(addFeature(WHOLE, 'four', { percentage: 0 })).main).toContain('four:');
    expect(() => addFeature(WHOLE, 'three', {})).toThrow('there is a feature three in the file already');
    const tests = editTestRepositories(WHOLE, [
      { kind: 'add_entries', list: 'test_repositories', entries: ['a/b'] },
    ]);
    expect(changedParts(WHOLE, tests).map(({ part }) => part)).toEqual([null]);
  });
});

test('bundled files can be separated again, whatever their bytes, and a single file stays as it is', () => {
  const content = fc
    .uint8Array({ maxLength: 50 })
    .map((bytes) => Buffer.from(bytes.map((byte) => byte || 1)));
  const path = fc.stringMatching(/^[a-zé/]{1,9}\.yaml$/);
  fc.assert(
    fc.property(content, fc.array(fc.record({ path, content })), (main, included) => {
      const apart = partsOfBytes(bundleBytes({ main, included }));
      expect(Buffer.from(apart.main).equals(main)).toBe(true);
      expect(apart.included.map((part) => [part.path, Buffer.from(part.content).toString('hex')])).toEqual(
        included.map((part) => [part.path, part.content.toString('hex')]),
      );
      if (included.length === 0) expect(bundleBytes({ main, included })).toBe(main);
    }),
  );
  expect(() => bundleText({ main: 'a', included: [{ path: 'x', content: 'b\0c' }] })).toThrow('NUL');
});
