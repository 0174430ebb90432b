import { describe, expect, test } from 'vitest';
import { type Edit, editFeature, editTestRepositories } from '../../../src/config/edit/edit.ts';
import { parseConfig } from '../../../src/config/read/parse.ts';
import { RolloutError } from '../../../src/errors.ts';
import { fixture } from '../said.ts';

const KEY = 'hybrid_progressive_capture';
const EVERYTHING = fixture('valid/everything.yaml').toString('utf8');

const set = (path: string, value: (Edit & { kind: 'set' })['value']): Edit => ({
  kind: 'set',
  path: path.split('.'),
  value,
});
const remove = (path: string): Edit => ({ kind: 'remove', path: path.split('.') });
const add = (list: 'whitelist' | 'blacklist', ...entries: string[]): Edit => ({
  kind: 'add_entries',
  list,
  entries,
});
const drop = (list: 'whitelist' | 'blacklist', ...entries: string[]): Edit => ({
  kind: 'remove_entries',
  list,
  entries,
});

/** The lines that went and came, between the lines that both texts begin and end with. */
function changed(before: string, after: string): string {
  const [old, now] = [before.split('\n'), after.split('\n')];
  while (old.length > 0 && now.length > 0 && old[0] === now[0]) [old.shift(), now.shift()];
  while (old.length > 0 && now.length > 0 && old.at(-1) === now.at(-1)) [old.pop(), now.pop()];
  return [...old.map((line) => `-${line}`), ...now.map((line) => `+${line}`)].join('\n');
}

function edited(text: string, ...edits: Edit[]): string {
  return changed(text, editFeature(text, KEY, edits));
}

/** A file with the one feature, given as the text behind its key. */
function file(feature: string): string {
  return `version: 1\nfeatures:\n  ${KEY}:${feature}`;
}

function refusal(run: () => unknown): RolloutError {
  try {
    run();
  } catch (error) {
    if (error instanceof RolloutError) return error;
    throw error;
  }
  throw new Error('nothing was refused');
}

describe('an edit of a file like the one in the documentation', () => {
  test.each<[string, Edit, string]>([
    [
      'a value, its comment stays',
      set('percentage', 25),
      `
-    percentage: 10              # 0 to 100, two decimals
+    percentage: 25              # 0 to 100, two decimals`,
    ],
    [
      'a value within a map',
      set('thresholds.max_error_rate', 7.5),
      `
-      max_error_rate: 5         # percent
+      max_error_rate: 7.5         # percent`,
    ],
    [
      'a text keeps its quotes',
      set('owner', 'two: words'),
      `
-    owner: "@acme/data"
+    owner: "two: words"`,
    ],
    [
      'a text that YAML would read as a number gets quotes',
      set('salt', '7e10'),
      `
-    salt: hybrid_progressive_capture   # defaults to the key; keep it when renaming
+    salt: "7e10"   # defaults to the key; keep it when renaming`,
    ],
    [
      'a key of a map on one line',
      set('rollback.via', 'pull_request'),
      `
-    rollback: { enabled: true, via: commit, on_shared_outage: freeze }   # via: commit | pull_request; freeze | rollback
+    rollback: { enabled: true, via: pull_request, on_shared_outage: freeze }   # via: commit | pull_request; freeze | rollback`,
    ],
    [
      'a new key of a map on one line',
      set('thresholds.job_timeout.lambda', '5m'),
      `
-      job_timeout: { inngest: 15m, github_actions: 3h }   # a routed job not finished by then has failed
+      job_timeout: { inngest: 15m, github_actions: 3h, lambda: 5m }   # a routed job not finished by then has failed`,
    ],
    [
      'a plan in place of steps, the comment of the key stays',
      set('steps', 'playbook'),
      `
-    steps:                      # or the name of a built-in plan: playbook, pilot
-      - { percentage: 10, soak: 24h }
-      - { percentage: 25, soak: 48h }
+    steps: playbook                      # or the name of a built-in plan: playbook, pilot`,
    ],
    [
      'a list keeps what stays',
      set('categories', ['small', 'large']),
      `
-    categories: [test, small]   # optional filter for the percentage strategy
+    categories: [small, large]   # optional filter for the percentage strategy`,
    ],
    [
      'a key of several lines is taken out',
      remove('routing'),
      `
-    routing: { fallback: inngest, realtime: inngest, bulk: github_actions,
-               recent_days: 1, small_batch: 10, large_batch: 50 }`,
    ],
    [
      'the last key of a map on several lines is taken out',
      remove('routing.large_batch'),
      `
-               recent_days: 1, small_batch: 10, large_batch: 50 }
+               recent_days: 1, small_batch: 10 }`,
    ],
    [
      'an entry is added',
      add('whitelist', 'acme/new', '010'),
      `
-    whitelist: [octocat/hello-world, 7d0f2c9a-5b1e-4f6b-9a53-0c1e8e2b7a10]
+    whitelist: [octocat/hello-world, 7d0f2c9a-5b1e-4f6b-9a53-0c1e8e2b7a10, acme/new, "010"]`,
    ],
    [
      'an entry is removed, its case does not count',
      drop('whitelist', 'OctoCat/Hello-World'),
      `
-    whitelist: [octocat/hello-world, 7d0f2c9a-5b1e-4f6b-9a53-0c1e8e2b7a10]
+    whitelist: [7d0f2c9a-5b1e-4f6b-9a53-0c1e8e2b7a10]`,
    ],
    [
      'an entry of an empty list',
      add('blacklist', 'acme/old'),
      `
-    blacklist: []
+    blacklist: [acme/old]`,
    ],
  ])('an edit of a documented file changes only the fitting lines: %s', (_, edit, lines) => {
    expect(`\n${edited(EVERYTHING, edit)}`).toBe(lines);
  });

  test('an edit of several values changes only these', () => {
    const edits = [set('active', false), set('percentage', 0), set('paused', true)];
    expect(edited(EVERYTHING, ...edits)).toMatchInlineSnapshot(`
      "-    active: true
      -    emergency_stop: false
      -    paused: false               # keep the exposure, stop the soak clock
      -    strategy: percentage        # percentage | whitelist | repository_size
      -    percentage: 10              # 0 to 100, two decimals
      +    active: false
      +    emergency_stop: false
      +    paused: true               # keep the exposure, stop the soak clock
      +    strategy: percentage        # percentage | whitelist | repository_size
      +    percentage: 0              # 0 to 100, two decimals"
    `);
  });

  test.each<[string, Edit]>([
    ['a value that is set already', set('percentage', 10)],
    ['a list that is set already', set('categories', ['test', 'small'])],
    [
      'a map that is set already',
      set('costs', { inngest: { per_job: 0.0005 }, github_actions: { per_minute: 0.008 } }),
    ],
    ['an entry that is there, in another case', add('whitelist', 'OCTOCAT/hello-world')],
    ['an entry that is not there', drop('blacklist', 'acme/old')],
    ['a key that is not there', remove('thresholds.job_timeout.lambda')],
  ])('an edit of %s gives the same text', (_, edit) => {
    expect(editFeature(EVERYTHING, KEY, [edit])).toBe(EVERYTHING);
  });

  test('an edit of test_repositories leaves the features alone', () => {
    const more = editTestRepositories(EVERYTHING, [
      { kind: 'add_entries', list: 'test_repositories', entries: ['acme/two', 'ACME/sandbox'] },
    ]);
    expect(changed(EVERYTHING, more)).toMatchInlineSnapshot(`
      "-test_repositories: [acme/sandbox]   # always category test, whatever their size
      +test_repositories: [acme/sandbox, acme/two]   # always category test, whatever their size"
    `);
    const none = editTestRepositories(more, [
      { kind: 'remove_entries', list: 'test_repositories', entries: ['acme/TWO', 'acme/sandbox'] },
    ]);
    expect(changed(more, none)).toMatchInlineSnapshot(`
      "-test_repositories: [acme/sandbox, acme/two]   # always category test, whatever their size
      +test_repositories: []   # always category test, whatever their size"
    `);
  });

  test('a sound edit is read back as it was meant', () => {
    const text = editFeature(EVERYTHING, KEY, [
      set('active', false),
      set('percentage', 12.5),
      drop('whitelist', 'octocat/hello-world'),
    ]);
    expect(parseConfig(text).config?.features.get(KEY)).toMatchObject({
      active: false,
      percentage: 12.5,
      whitelist: ['7d0f2c9a-5b1e-4f6b-9a53-0c1e8e2b7a10'],
    });
  });
});

describe('an edit of a file written in another way', () => {
  test.each<[string, string, Edit, string]>([
    ['an empty feature', ' {}\n', set('active', false), ' { active: false }\n'],
    ['a feature without a value', ' # soon\n', set('active', false), ' { active: false } # soon\n'],
    [
      'a feature that is null',
      ' null\n',
      set('thresholds.window', '1h'),
      ' { thresholds: { window: 1h } }\n',
    ],
    [
      'a feature on one line',
      ' {percentage: 10, active: true}\n',
      set('active', false),
      ' {percentage: 10, active: false}\n',
    ],
    [
      'a new key on one line',
      ' { percentage: 10 }\n',
      set('active', false),
      ' { percentage: 10, active: false }\n',
    ],
    [
      'the first key on one line',
      ' { percentage: 10, active: true }\n',
      remove('percentage'),
      ' { active: true }\n',
    ],
    [
      'the last key on one line',
      ' { percentage: 10, active: true }\n',
      remove('active'),
      ' { percentage: 10 }\n',
    ],
    ['the only key on one line', ' { active: true }\n', remove('active'), ' {}\n'],
    ['the only key of a block', '\n    active: true # on\n', remove('active'), ' {}\n'],
    [
      'no last line end',
      '\n    percentage: 10',
      set('active', false),
      '\n    percentage: 10\n    active: false',
    ],
    [
      'no last line end, key taken out',
      '\n    percentage: 10\n    active: true',
      remove('active'),
      '\n    percentage: 10',
    ],
    [
      'CRLF',
      '\r\n    percentage: 10\r\n',
      set('active', false),
      '\r\n    percentage: 10\r\n    active: false\r\n',
    ],
    [
      'odd indentation',
      '\n         percentage:    10   #x\n',
      set('active', false),
      '\n         percentage:    10   #x\n         active: false\n',
    ],
    ['single quotes', "\n    owner: 'me'\n", set('owner', "it's"), "\n    owner: 'it''s'\n"],
    ['a number in quotes', '\n    percentage: "10"\n', set('percentage', 20), '\n    percentage: 20\n'],
    ['no value', '\n    percentage: # later\n', set('percentage', 20), '\n    percentage: 20 # later\n'],
    [
      'text of several lines',
      '\n    description: |\n      one\n      two\n\n    active: true\n',
      set('description', 'three'),
      '\n    description: three\n\n    active: true\n',
    ],
    [
      'text at the end, kept',
      '\n    description: |+\n      one\n\n',
      set('active', false),
      '\n    description: |+\n      one\n\n    active: false\n',
    ],
    [
      'text at the end without line end',
      '\n    description: |\n      one',
      set('active', false),
      '\n    active: false\n    description: |\n      one',
    ],
    [
      'comments behind the feature',
      '\n    percentage: 10\n    # end of the feature\n# end of the file\n',
      set('active', false),
      '\n    percentage: 10\n    active: false\n    # end of the feature\n# end of the file\n',
    ],
    ['a key in quotes', '\n    "percentage" : 10\n', set('percentage', 20), '\n    "percentage" : 20\n'],
    [
      'a map in place of a value',
      '\n    thresholds:\n',
      set('thresholds.window', '1h'),
      '\n    thresholds: { window: 1h }\n',
    ],
  ])('an edit works in another layout: %s', (_, before, edit, after) => {
    expect(editFeature(file(before), KEY, [edit])).toBe(file(after));
  });

  test.each<[string, string, Edit, string]>([
    [
      'is added to a block list',
      '\n    - a  # first\n    # more\n',
      add('whitelist', 'b'),
      '\n    - a  # first\n    - b\n    # more\n',
    ],
    [
      'is added with the dash of the list',
      '\n       -   a\n',
      add('whitelist', 'b', 'c'),
      '\n       -   a\n       -   b\n       -   c\n',
    ],
    [
      'is removed from a block list with its line',
      '\n    - a  # first\n    # second\n    - b\n',
      drop('whitelist', 'a'),
      '\n    # second\n    - b\n',
    ],
    [
      'that is the last leaves an empty list',
      ' # ids\n    # one\n    - a\n',
      drop('whitelist', 'a'),
      ' [] # ids\n    # one\n',
    ],
    [
      'that is the last leaves an empty list at the end of the file',
      '\n    - a',
      drop('whitelist', 'a'),
      ' []',
    ],
    [
      'is added to a list on several lines',
      ' [\n      a, # first\n      b # second\n    ]\n',
      add('whitelist', 'c'),
      ' [\n      a, # first\n      b, # second\n      c\n    ]\n',
    ],
    [
      'is added behind a last comma',
      ' [\n      a,\n    ]\n',
      add('whitelist', 'b'),
      ' [\n      a,\n      b,\n    ]\n',
    ],
    [
      'is removed from a list on several lines',
      ' [\n      a, # first\n      b # second\n    ]\n',
      drop('whitelist', 'b'),
      ' [\n      a, # first\n    ]\n',
    ],
    ['is removed between others', ' [ a, b, c ]\n', drop('whitelist', 'b'), ' [ a, c ]\n'],
    ['is removed with all others', ' [ a, b ]\n', drop('whitelist', 'a', 'b'), ' []\n'],
    ['is removed as often as it is there', ' [x/a, b, X/A]\n', drop('whitelist', 'X/a'), ' [b]\n'],
    ['is added to an empty list', ' [ ]\n', add('whitelist', 'a'), ' [a]\n'],
    ['is added to a list without a value', ' # none\n', add('whitelist', 'a'), ' [a] # none\n'],
    ['is added once, though named twice', ' []\n', add('whitelist', 'x/a', 'X/A'), ' [x/a]\n'],
  ])('a list entry %s', (_, before, edit, after) => {
    const head = file('\n    active: true\n    whitelist:');
    expect(editFeature(head + before, KEY, [edit])).toBe(head + after);
  });

  test('an edit keeps a byte order mark', () => {
    const text = `\ufeff${file('\r\n    percentage: 10\r\n')}`;
    expect(editFeature(text, KEY, [set('percentage', 5)])).toBe(text.replace('10', '5'));
  });

  test('test_repositories are added to a file that has none', () => {
    const text = file(' {}\n');
    const edit = { kind: 'add_entries', list: 'test_repositories', entries: ['a/b'] } as const;
    expect(editTestRepositories(text, [edit])).toBe(`${text}test_repositories: [a/b]\n`);
  });

  test('an edit of JSON gives JSON', () => {
    const text = `{"version": 1, "features": {"${KEY}": {"percentage": 10, "whitelist": ["a"]}}}`;
    expect(editFeature(text, KEY, [set('percentage', 5), add('whitelist', 'b')])).toBe(
      text.replace('10', '5').replace('["a"]', '["a", b]'),
    );
  });
});

describe('defaults', () => {
  const text =
    'version: 1\ndefaults: { thresholds: { max_error_rate: 5 } }\nfeatures:\n  a:\n    percentage: 1\n';

  test('an edit never changes defaults: the feature gets a key of its own', () => {
    expect(editFeature(text, 'a', [set('thresholds.max_error_rate', 2)])).toBe(
      `${text}    thresholds: { max_error_rate: 2 }\n`,
    );
  });

  test('an edit writes a key although defaults have the same value', () => {
    expect(editFeature(text, 'a', [set('thresholds.max_error_rate', 5)])).toContain(
      '    thresholds: { max_error_rate: 5 }\n',
    );
  });
});

describe('an edit is refused, and says why,', () => {
  test('an edit is refused with a reason when the feature is not in the file', () => {
    const text = 'version: 1\nfeatures: { checkout: {}, search: {} }\n';
    const error = refusal(() => editFeature(text, 'chekout', [set('active', false)]));
    expect([error.code, error.message, error.hint]).toMatchInlineSnapshot(`
      [
        "unknown_feature",
        "there is no feature chekout in the file",
        "did you mean checkout? features in the file: checkout, search",
      ]
    `);
  });

  test('an edit is refused with a reason when the file has no features', () => {
    const error = refusal(() => editFeature('version: 1\nfeatures: {}\n', 'x', []));
    expect([error.code, error.message, error.hint]).toMatchInlineSnapshot(`
      [
        "unknown_feature",
        "there is no feature x in the file",
        "the file has no features",
      ]
    `);
  });

  test.each([
    ['is no YAML', 'version: 1\nfeatures:\n\tx: {}\n', 'line 3: a tab indents this line; indent with spaces'],
    ['is empty', '', 'the file is empty'],
    [
      'has aliases',
      'version: 1\nfeatures: { x: &a {}, y: *a }\n',
      'line 2: anchors (&a) are not supported; put what features share into defaults',
    ],
    [
      'has the feature twice',
      'features: { x: {} }\nfeatures: { x: {} }\n',
      'line 2: features is here twice; keep one of them',
    ],
    [
      'has a key of the feature twice',
      'features: { x: { active: true, active: true } }\n',
      'line 1: active is here twice; keep one of them',
    ],
    [
      'holds a NUL',
      'features: { x: {} }\0',
      'the file has a NUL character: it is not a text file, or not in UTF-8',
    ],
  ])('an edit is refused with a reason when the file %s', (_, text, message) => {
    const error = refusal(() => editFeature(text, 'x', [set('active', false)]));
    expect(error.code).toBe('edit_refused');
    expect(error.message).toBe(`the file was left as it is: ${message}`);
  });

  test.each<[string, string, Edit]>([
    ['no map holds the key', 'features: { x: [1] }\n', set('active', false)],
    ['no map holds the inner key', 'features: { x: { thresholds: 5 } }\n', set('thresholds.window', '1h')],
    ['the list is no list', 'features: { x: { whitelist: acme/one } }\n', add('whitelist', 'b')],
    ['a number has no text', 'features: { x: {} }\n', set('percentage', Number.NaN)],
    [
      'an entry stands apart from its dash',
      'features:\n  x:\n    whitelist:\n      -\n        a\n',
      drop('whitelist', 'a'),
    ],
  ])('an edit is refused when %s', (_, text, edit) => {
    expect(refusal(() => editFeature(text, 'x', [edit])).code).toBe('edit_refused');
  });

  test('an edit is not refused for mistakes in another feature', () => {
    const text =
      'version: 1\nfeatures:\n  x: { percentage: 10 }\n  y: { percentage: 101, colour: 1, colour: 2 }\n';
    expect(editFeature(text, 'x', [set('percentage', 0)])).toBe(text.replace('10 ', '0 '));
  });
});

test.each([
  ['resumes', 3],
  ['skip_steps', true],
] as const)(
  '%s is about one change: the next change removes it, unless that change writes it',
  (key, value) => {
    const text = `version: 1\nfeatures:\n  x:\n    percentage: 10\n    ${key}: ${value} # this once\n    owner: a\n`;
    const without = 'version: 1\nfeatures:\n  x:\n    percentage: 25\n    owner: a\n';
    expect(editFeature(text, 'x', [set('percentage', 25)])).toBe(without);
    expect(editFeature(text, 'x', [set('percentage', 25), set(key, value)])).toContain(`${key}: ${value}`);
    expect(editFeature(text, 'x', [set('percentage', 10)])).toBe(text);
  },
);
