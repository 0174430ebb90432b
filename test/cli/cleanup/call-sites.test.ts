import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { becomesText } from '../../../src/cli/cleanup/advice.ts';
import { searchSources } from '../../../src/cli/cleanup/sources.ts';
import { temporaryFolder } from '../../helpers/projects/git.ts';
import { fileOf, project } from '../../helpers/projects/project.ts';

/** The places that a source names the feature `old` at: `line kind text: what it becomes when it is on`. */
async function places(source: string, name = 'app.ts', on = true): Promise<string[]> {
  const folder = await temporaryFolder();
  await writeFile(join(folder, name), source);
  const { sites, unread } = await searchSources(folder, 'old');
  expect(unread).toEqual([]);
  return sites.map((site) => `${site.line} ${site.text}: ${becomesText(site, on)}`);
}

describe('the call sites of a feature', () => {
  it.each<[string, string, string[]]>([
    [
      'the library',
      `const a = rollout.isEligible('old', id);`,
      [`1 rollout.isEligible('old', id): becomes true`],
    ],
    [
      'optional chaining',
      `go(rollout?.isEligible('old', id));`,
      [`1 rollout?.isEligible('old', id): becomes true`],
    ],
    [
      'a negation',
      `const a = !rollout.isEligible('old', id);`,
      [`1 !rollout.isEligible('old', id): becomes false`],
    ],
    [
      'two negations',
      `f(!!rollout.isEligible("old", id));`,
      [`1 !!rollout.isEligible("old", id): becomes true`],
    ],
    [
      'an if without an else',
      `if (rollout.isEligible(\`old\`, id)) a();`,
      ['1 rollout.isEligible(`old`, id): is true: the block stays, without its if'],
    ],
    [
      'a negated if with an else',
      `if (!(rollout.isEligible('old', id))) a(); else b();`,
      [`1 !(rollout.isEligible('old', id)): is false: the else branch stays, without its if`],
    ],
    [
      'two values',
      `const v = (await client.getBooleanValue('old', false)) ? x : y;`,
      [`1 (await client.getBooleanValue('old', false)): is true: of the two values the first stays`],
    ],
    [
      'a part of a condition',
      `if (ready && rollout.isEligible('old', id)) a();`,
      [`1 rollout.isEligible('old', id): becomes true`],
    ],
    [
      'details',
      `const { eligible } = rollout.evaluate('old', id);`,
      [`1 rollout.evaluate('old', id): becomes what it is with the answer true`],
    ],
    [
      'a route',
      `const { processor } = rollout.route('old', job);`,
      [`1 rollout.route('old', job): becomes the processor of eligible subjects`],
    ],
    [
      'a constant',
      `export const KEY = 'old' as const;\nrollout.isEligible(KEY, id);`,
      ['2 rollout.isEligible(KEY, id): becomes true'],
    ],
    [
      'a shadowed constant',
      `const KEY = 'old';\nfunction f(KEY: string) { rollout.isEligible(KEY, id); }\n{ const KEY = 'new'; rollout.isEligible(KEY, id); }`,
      ['2 rollout.isEligible(KEY, id): may ask for it: its key is known only when it runs'],
    ],
    [
      'a constant in an inner block',
      `const f = ({ a: [KEY] }) => { { const KEY = 'old'; r.isEligible(KEY, id); } r.isEligible(KEY, 1); };`,
      [
        '1 r.isEligible(KEY, id): becomes true',
        '1 r.isEligible(KEY, 1): may ask for it: its key is known only when it runs',
      ],
    ],
    [
      'an imported key',
      `import { KEY } from './keys.ts';\nr.isEligible(KEY, id);`,
      ['2 r.isEligible(KEY, id): may ask for it: its key is known only when it runs'],
    ],
    ['a mention', `const keys = ['old', 'new'];`, [`1 'old': names it: look what for`]],
    ['another feature', `rollout.isEligible('older', id); rollout.isEligible('new', 'x');`, []],
    ['a comment', `// rollout.isEligible('old', id)\nconst a = "isEligible('old')";`, []],
    ['another method', `rollout['isEligible']('new', id); isEligible('new');`, []],
  ])('call sites of a feature are found in %s', async (_what, source, expected) => {
    expect(await places(source)).toEqual(expected);
  });

  it('call sites of a feature that ends off get the opposite answer', async () => {
    const source = `if (r.isEligible('old', id)) a();\nr.route('old', job);\nconst n = !r.isEligible('old', id);`;
    expect(await places(source, 'app.tsx', false)).toEqual([
      `1 r.isEligible('old', id): is false: the whole if goes`,
      `2 r.route('old', job): becomes the fallback`,
      `3 !r.isEligible('old', id): becomes true`,
    ]);
  });
});

describe('rollout cleanup', () => {
  it('rollout cleanup lists places and the order of the pull requests, and changes nothing', async () => {
    const made = await project();
    await made.write(fileOf({ old: { percentage: 100 }, half: { percentage: 50 }, off: { active: false } }));
    await mkdir(join(made.dir, 'src/node_modules'), { recursive: true });
    await writeFile(join(made.dir, 'src/app.ts'), `\nif (rollout.isEligible('old', id)) go();\n`);
    await writeFile(join(made.dir, 'src/node_modules/x.ts'), `rollout.isEligible('old', id);\n`);
    await symlink('app.ts', join(made.dir, 'src/link.ts'));
    const done = await made.cli(['cleanup', 'old']);
    expect([done.code, done.stderr, done.stdout]).toEqual([
      0,
      '',
      `src/app.ts:2:5: rollout.isEligible('old', id)
    is true: the block stays, without its if
1 place in 1 file of src
1. first, in the application: make these changes, and deploy them everywhere
2. then, in the rollout file: set active: false for old, and remove its entry once that is reconciled
`,
    ]);
    const half = await made.cli(['cleanup', 'half']);
    expect([half.code, half.stderr]).toEqual([1, expect.stringContaining('its rollout has not ended')]);
    expect((await made.cli(['cleanup', 'half', '--as', 'off'])).stdout).toContain(
      '0 places in 1 file of src',
    );
    expect((await made.cli(['cleanup', 'hafl'])).stderr).toContain('did you mean half?');
    expect((await made.cli(['cleanup', 'off'])).stdout).toContain('with off off, remove its entry');
    expect((await made.cli(['cleanup', 'old', '--source', 'nowhere'])).stderr).toContain(
      'nowhere cannot be searched: ENOENT',
    );
  });

  it('rollout cleanup names the files that it could not read, and fails', async () => {
    const made = await project();
    await made.write(fileOf({ old: { percentage: 100 } }));
    await mkdir(join(made.dir, 'src'));
    await writeFile(join(made.dir, 'src/broken.ts'), `const a = 1;\nif (rollout.isEligible('old' {\n`);
    const { code, stderr } = await made.cli(['cleanup', 'old']);
    expect([code, stderr]).toEqual([1, expect.stringContaining('src/broken.ts:2: not searched: ')]);
  });
});
