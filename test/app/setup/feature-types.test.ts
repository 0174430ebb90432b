import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { featureTypes } from '../../../src/app/setup/feature-types.ts';
import { parseConfig } from '../../../src/config/read/parse.ts';
import { temporaryFolder } from '../../helpers/projects/git.ts';
import { fileOf, project } from '../../helpers/projects/project.ts';

const ROOT = join(import.meta.dirname, '../../..');
const run = promisify(execFile);

const USE = `import type { Rollout } from '${ROOT}/src/runtime/host/rollout.ts';
import type { FeatureKey } from './features.ts';
export const eligible = (rollout: Rollout<FeatureKey>) => rollout.isEligible('old_checkout', 'r1');
`;

/** Does an application that asks for old_checkout compile with the types of this file? */
async function compiles(keys: readonly string[]): Promise<boolean> {
  const dir = await temporaryFolder();
  const text = fileOf(Object.fromEntries(keys.map((key) => [key, {}])));
  const { config } = parseConfig(text);
  if (!config) throw new Error('the file has errors');
  await writeFile(join(dir, 'features.ts'), featureTypes(config, 'rollout.yaml'));
  await writeFile(join(dir, 'use.ts'), USE);
  const tsc = join(ROOT, 'node_modules/.bin/tsc');
  const how = ['--noEmit', '--strict', '--skipLibCheck', '--allowImportingTsExtensions', '--types', 'node'];
  const where = [
    '--typeRoots',
    join(ROOT, 'node_modules/@types'),
    '--module',
    'nodenext',
    '--target',
    'es2023',
  ];
  try {
    await run(tsc, [...how, ...where, join(dir, 'use.ts')], { cwd: dir });
    return true;
  } catch (error) {
    const { stdout } = error as { stdout: string };
    expect(stdout).toContain(`Argument of type '"old_checkout"' is not assignable`);
    return false;
  }
}

describe('rollout types', () => {
  it("with rollout types an application compiles for the file's features and for no others", async () => {
    expect(await compiles(['old_checkout', 'new_checkout'])).toBe(true);
    expect(await compiles(['new_checkout'])).toBe(false);
    expect(await compiles([])).toBe(false);
  });

  it('rollout types writes sorted keys to a file or standard output, and refuses a file with errors', async () => {
    const made = await project();
    await made.write(fileOf({ b: {}, a: {} }));
    const said = await made.cli(['types']);
    expect(said.stdout).toBe(
      `// Written by \`rollout types\` from rollout.yaml; do not edit.

/** The features of the file, for \`createRollout<FeatureKey>(...)\`: one that is gone from it does not compile. */
export type FeatureKey =
  | 'a'
  | 'b';
`,
    );
    const out = await made.cli(['types', '--out', 'features.ts']);
    expect([out.code, out.stdout]).toEqual([0, 'wrote features.ts with 2 features\n']);
    const nowhere = await made.cli(['types', '--out', 'no/such/folder/features.ts']);
    expect([nowhere.code, nowhere.stderr]).toEqual([1, expect.stringContaining('cannot be written: ENOENT')]);
    await made.write('version: 1\nfeatures: { a: { percentage: 101 } }\n');
    const wrong = await made.cli(['types']);
    expect([wrong.code, wrong.stderr]).toEqual([
      1,
      expect.stringContaining('rollout.yaml has errors: line 2'),
    ]);
  });
});
