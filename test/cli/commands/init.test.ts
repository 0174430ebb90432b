import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { cliHere } from '../../helpers/processes/cli.ts';
import { temporaryFolder } from '../../helpers/projects/git.ts';
import { project } from '../../helpers/projects/project.ts';

describe('init', () => {
  it('init writes a valid file with the schema where editors look for it, and replaces nothing', async () => {
    const cwd = await temporaryFolder();
    const written = await cliHere(['init'], { cwd });
    expect(written).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('wrote schema/rollout.schema.json, which editors read\n'),
    });
    expect(await cliHere(['validate'], { cwd })).toMatchObject({ code: 0, stderr: '' });
    const schema = JSON.parse(await readFile(join(cwd, 'schema/rollout.schema.json'), 'utf8'));
    expect(schema.$schema).toBe('https://json-schema.org/draft/2020-12/schema');
    await writeFile(join(cwd, 'rollout.yaml'), '# mine\n');
    const again = await cliHere(['init', '--json'], { cwd });
    expect({ ...again, stdout: JSON.parse(again.stdout) }).toEqual({
      ...{ code: 1, signal: null, stderr: '' },
      stdout: {
        error: {
          code: 'usage',
          message: 'rollout.yaml is there already',
          hint: expect.stringContaining('--force'),
        },
      },
    });
    expect(await readFile(join(cwd, 'rollout.yaml'), 'utf8')).toBe('# mine\n');
    await mkdir(join(cwd, 'folder'));
    for (const file of ['folder', 'nowhere/rollout.yaml']) {
      const { code, stderr } = await cliHere(['init', '--file', file], { cwd });
      expect(code).toBe(1);
      expect(stderr).toMatch(
        new RegExp(`^error: ${file} (is there already|cannot be written: ENOENT)\n {2}next: .*\n$`),
      );
    }
  });

  it("init --from writes another system's flags and lists what cannot be expressed here", async () => {
    const cwd = await temporaryFolder();
    const flag = (rest: object) => ({ state: 'ENABLED', variants: { on: true, off: false }, ...rest });
    const flags = {
      new_checkout: flag({
        defaultVariant: 'off',
        targeting: {
          fractional: [
            ['on', 25],
            ['off', 75],
          ],
        },
      }),
      ruled: flag({ defaultVariant: 'off', targeting: { if: [true, 'on', 'off'] } }),
      'New Search': flag({ defaultVariant: 'on' }),
    };
    await writeFile(join(cwd, 'flags.json'), JSON.stringify({ flags }));
    const from = ['init', '--from', 'flagd', '--export', 'flags.json'];
    expect(await cliHere(from, { cwd })).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('1 feature has a name that no file can say: "New Search"'),
    });
    const written = await cliHere([...from, '--skip-invalid'], { cwd });
    expect(written).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^wrote rollout\.yaml with 1 feature\n/),
    });
    expect(written.stderr).toContain('not taken over, 1 flag:\n  ruled: it has rules over attributes\n');
    expect(await readFile(join(cwd, 'rollout.yaml'), 'utf8')).toContain(
      'features:\n  new_checkout:\n    subject: customer\n    percentage: 25\n',
    );
    expect(await cliHere(['validate'], { cwd })).toMatchObject({ code: 0, stderr: '' });
    const json = await cliHere([...from, '--skip-invalid', '--force', '--json'], { cwd });
    expect(JSON.parse(json.stdout)).toMatchObject({
      ...{ features: 1, left_out: ['New Search'], not_taken: [{ key: 'ruled', code: 'rules' }] },
    });
  });

  it.each([
    [['--from', 'flagd'], '--from needs --export'],
    [['--export', 'x.json'], '--export needs --from'],
    [['--from', 'flagd', '--export', 'x.json', '--from-database'], 'are two sources'],
    [['--from', 'flagd', '--export', 'nowhere.json'], 'nowhere.json cannot be read: ENOENT'],
    [
      ['--from', 'optimizely', '--export', 'x.json'],
      'Allowed choices are flagd, unleash, launchdarkly, growthbook',
    ],
  ])('init refuses %j', async (args, message) => {
    const { code, stderr } = await cliHere(['init', ...args], { cwd: await temporaryFolder() });
    expect(code).toBe(1);
    expect(stderr).toContain(message);
  });

  it('init --from-database writes what the database has, and the next plan is empty', async () => {
    const one = await project();
    await one.db.pool.query(
      `insert into rollout_configuration (feature_name, rollout_percentage, is_active, target_repositories)
       values ('by_hand', 12.5, true, '{r1,"7e10"}')`,
    );
    expect(await one.cli(['init', '--from-database'])).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^wrote rollout\.yaml with 1 feature\n/),
    });
    expect(await one.cli(['plan'])).toEqual({
      code: 0,
      signal: null,
      stderr: '',
      stdout: 'no changes: the database agrees with the file\n',
    });
    expect(await one.cli(['init', '--from-database'])).toMatchObject({ code: 1, stdout: '' });
  });

  it('init --from-database refuses names that cannot be keys, lists them and says what to do', async () => {
    const one = await project();
    await one.db.pool.query(
      `insert into rollout_configuration (feature_name) values ('fits'), ('New Checkout'), ('BETA')`,
    );
    const refused = await one.cli(['init', '--from-database']);
    expect(refused).toMatchObject({ code: 1, stdout: '' });
    expect(refused.stderr).toBe(
      [
        'error: nothing was written: 2 features have names that no file can say: "BETA", "New Checkout"',
        '  next: rollout init --from-database --skip-invalid leaves them out and says in the file how each can go on; a key begins with a lower-case letter and has lower-case letters, digits, _ and -',
        '',
      ].join('\n'),
    );
    expect(await readdir(one.dir)).toEqual([]);
    const { code, stdout, stderr } = await one.cli(['init', '--from-database', '--skip-invalid']);
    expect({ code, stdout }).toMatchObject({ code: 0, stdout: expect.stringMatching(/ with 1 feature\n/) });
    expect(stderr).toContain('left out 2 features, whose names cannot be keys: "BETA", "New Checkout"\n');
    expect(await readFile(one.file, 'utf8')).toContain(
      [
        '  # "New Checkout" is left out: a key begins with a lower-case letter and has lower-case letters, digits, _ and -.',
        '  # Under a key that fits, with salt: "New Checkout", the same subjects are in. Switch the old row off with SQL then:',
        '  # update rollout_configuration set is_active = false where feature_name = ...',
      ].join('\n'),
    );
    const again = JSON.parse(
      (await one.cli(['init', '--from-database', '--skip-invalid', '--force', '--json'])).stdout,
    );
    expect(again).toMatchObject({ features: 1, left_out: ['BETA', 'New Checkout'] });
  });
});
