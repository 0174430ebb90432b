import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { validate } from '../../src/app/setup/validate.ts';
import { readConfigurationFile } from '../../src/compose/environment/files.ts';
import { temporaryFolder } from '../helpers/projects/git.ts';
import { checksum, fileOf, type Project, project } from '../helpers/projects/project.ts';

let one: Project;

beforeAll(async () => {
  one = await project();
  await one.apply(fileOf({ kept: { percentage: 10 } }));
});

describe('a path that is no file to read', () => {
  it.each([
    [
      'is not there',
      async (at: string) => join(at, 'none.yaml'),
      'file_missing',
      /^there is no file .*none\.yaml$/,
      'rollout init',
    ],
    ['is a directory', async (at: string) => at, 'file_unreadable', /is a directory$/, '--file'],
    [
      'goes through a file',
      async (at: string) => {
        await writeFile(join(at, 'file'), '');
        return join(at, 'file', 'x.yaml');
      },
      'file_unreadable',
      /a part of its path is not a directory$/,
      '--file',
    ],
    [
      'is a link to itself',
      async (at: string) => {
        await symlink('loop', join(at, 'loop'));
        return join(at, 'loop');
      },
      'file_unreadable',
      /its links go in a circle$/,
      '--file',
    ],
    [
      'has a name of 300 characters',
      async (at: string) => join(at, 'x'.repeat(300)),
      'file_unreadable',
      /its name is too long$/,
      '--file',
    ],
  ])('a path that %s is refused with a message that says so', async (_, make, code, message, hint) => {
    const path = await make(await temporaryFolder());
    await expect(readConfigurationFile(path)).rejects.toMatchObject({
      code,
      message: expect.stringMatching(message),
      hint: expect.stringContaining(hint),
    });
  });
});

const bomb = () => {
  const levels = Array.from(
    { length: 9 },
    (_, n) =>
      `${'abcdefghi'[n]}: &${'abcdefghi'[n]} [${Array(9).fill(n === 0 ? 'x' : `*${'abcdefghi'[n - 1]}`)}]`,
  );
  return `version: 1\n${levels.join('\n')}\nfeatures: {}\n`;
};
const percentage = (written: string) => `version: 1\nfeatures:\n  one:\n    percentage: ${written}\n`;

describe('a file that is refused as a whole', () => {
  it.each([
    ['is empty', '', 'the file is empty'],
    ['has only comments', '# nothing\n\n', 'the file is empty'],
    ['is binary', Buffer.from([0x7f, 0x45, 0x4c, 0x46, 0, 1, 2, 0xff]), 'NUL|not valid UTF-8'],
    [
      'is 10 MB of YAML',
      `version: 1\nfeatures:\n${Array.from({ length: 200_000 }, (_, n) => `  f${n}: { percentage: ${n % 100}, owner: "@acme/some-team" }\n`).join('')}`,
      'at most 5 MiB',
    ],
    ['is an alias bomb', bomb(), 'alias|anchor'],
    ['is a list', '- version: 1\n', 'map|mapping|keys'],
    ['is not YAML', 'version: [1\nfeatures: }', ''],
    ['has two documents', 'version: 1\nfeatures: {}\n---\nversion: 1\n', 'document'],
    ['repeats a key', 'version: 1\nversion: 1\nfeatures: {}\n', 'version'],
    ['has an unknown key', 'version: 1\nfeature: {}\nfeatures: {}\n', 'feature'],
    ['is of another version', 'version: 2\nfeatures: {}\n', 'version is 2'],
  ])(
    'a file that %s is refused as a whole, with the place of the problem, and nothing is written',
    async (_, content, said) => {
      const bytes = typeof content === 'string' ? content : new Uint8Array(content);
      const { valid, problems } = validate(bytes);
      expect(valid).toBe(false);
      expect(problems.length).toBeGreaterThan(0);
      expect(problems.map(({ message }) => message).join('\n')).toMatch(new RegExp(said));
      for (const { line, column, message } of problems) {
        expect([line > 0, column > 0, message.includes('\n')]).toEqual([true, true, false]);
      }
      await writeFile(one.file, bytes);
      const before = await checksum(one.db);
      expect(await one.plan()).toMatchObject({ changes: [], problems });
      expect(await one.reconcile()).toMatchObject({ changes: [], problems });
      expect(await checksum(one.db)).toEqual(before);
    },
  );

  it('a file that is far too large is refused without being read to the end', async () => {
    const folder = join(await temporaryFolder(), 'deep');
    await mkdir(folder);
    const path = join(folder, 'large.yaml');
    await writeFile(path, Buffer.alloc(20 * 1024 * 1024, '#'));
    expect((await readConfigurationFile(path)).byteLength).toBe(16 * 1024 * 1024);
    expect(validate(await readConfigurationFile(path)).problems).toMatchObject([
      { message: expect.stringContaining('5 MiB') },
    ]);
  });
});

describe('a feature that is refused', () => {
  it.each([
    ['-1', '-1'],
    ['101', '101'],
    ['10.001', '10.001'],
    ['"10"', '"10"'],
    ['.nan', 'NaN'],
    ['NaN', '"NaN"'],
    ['.inf', '\\.inf'],
    ['-.inf', '-\\.inf'],
    ['1e400', 'Infinity|1e400'],
    ['[10]', 'list|array|\\[10\\]'],
    ['null', 'null'],
    ['true', 'true'],
    ['10%', '"10%"'],
  ])(
    'a feature with percentage: %s is left as it is, and the problem quotes the value at its place',
    async (written, found) => {
      await one.write(percentage(written));
      const { problems, changes } = await one.plan();
      const errors = problems.filter(({ severity }) => severity === 'error');
      expect(errors).toMatchObject([{ path: 'features.one.percentage', line: 4, column: 17 }]);
      expect(errors[0]?.message).toMatch(new RegExp(`percentage is (${found}|.*${found})`, 'i'));
      expect(changes.map(({ feature, action }) => `${feature} ${action}`)).toEqual([
        'kept refused',
        'one refused',
      ]);
    },
  );

  it('validation of a file lists every problem, not only the first', () => {
    const { problems } = validate(
      'version: 1\nfeatures:\n  one: { percentage: 101, stratgy: x, whitelist: a }\n  Two: {}\n  three: { active: yes please, percentage: 5, percentage: 6 }\n',
    );
    expect(problems.map(({ line }) => line)).toEqual([3, 3, 3, 4, 5, 5]);
  });
});
