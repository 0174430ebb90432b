import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { fileOf, type Project, project } from '../helpers/projects/project.ts';

let one: Project;

const at = (percentage: number) => fileOf({ new_checkout: { percentage, whitelist: ['r1'] } });
/** Moments are not the same in two runs. */
const steady = (text: string) =>
  text.replace(/\d{4}-\d\d-\d\d[ T]\d\d:\d\d(:[\d.]+Z| UTC)/g, 'MOMENT').replace(/\d+ min ago/, 'SOON');

beforeAll(async () => {
  one = await project();
  await one.db.pool.query(
    `insert into repository_categories (repository_id, full_name) values ('r1', 'acme/r1'), ('r2', 'acme/r2')`,
  );
});

async function run(args: string[], code: number) {
  const result = await one.cli(args);
  expect(result).toMatchObject({ code, signal: null });
  expect(`${result.stdout}${result.stderr}`).not.toContain('\u001b');
  return steady(`${result.stdout}${result.stderr && `[stderr]\n${result.stderr}`}`);
}

describe('the commands without a terminal', () => {
  it('without a terminal the commands print plain text without colour, with fitting exit codes', async () => {
    await one.write(at(0));
    expect(await run(['validate'], 0)).toMatchInlineSnapshot(`
      "rollout.yaml is valid: 1 feature
      "
    `);
    expect(await run(['plan'], 2)).toMatchInlineSnapshot(`
      "+ new_checkout  create  off -> 0%  +1 -0, then 1 of 2 repositories
          new in the file: 0%
          by category: without category +1
          largest: +acme/r1
      1 change, 1 subject enters, 0 leave
      "
    `);
    expect(await run(['reconcile'], 0)).toMatchInlineSnapshot(`
      "+ new_checkout  create  off -> 0%  +1 -0, then 1 of 2 repositories
          new in the file: 0%
          by category: without category +1
          largest: +acme/r1
      1 change applied, 1 subject entered, 0 left
      "
    `);
    expect(await run(['plan'], 0)).toMatchInlineSnapshot(`
      "no changes: the database agrees with the file
      "
    `);
    expect(await run(['explain', 'new_checkout', 'acme/r1'], 0)).toMatchInlineSnapshot(`
      "new_checkout is on for acme/r1 (r1): it is in the whitelist, which counts at 0% too
        bucket      5034 of 0-9999
        percentage  0%
        category    none
        commit      no commit
        held by     nothing
      "
    `);
    expect(await run(['stop', 'new_checkout', '--reason', 'payments fail'], 0)).toMatchInlineSnapshot(`
      "new_checkout is stopped
      [stderr]
      held until the file agrees and a person resumes it; see: rollout incidents
      "
    `);
    expect(await run(['reconcile'], 3)).toMatchInlineSnapshot(`
      "! new_checkout  held  stopped -> stopped (file: 0%)  +0 -0, then 0 of 2 repositories
          held by incident 1 since MOMENT: payments fail; to end it, merge the write-back or run: rollout resume new_checkout --reason ...
      0 changes applied, 1 held, 0 subjects entered, 0 left
      "
    `);
    const lines = (await run(['status'], 0)).split('\n');
    expect(lines[1]).toMatch(/^new_checkout {2}stopped, held {2}0 of 2 .* ·{24} {2}/);
    expect(lines).toContain('new_checkout is held by incident 1: payments fail');
    expect(lines).toContain('no tick has run yet');
    expect(await run(['history'], 0)).toMatchInlineSnapshot(`
      "id  when                  feature       action          percent  by      commit  reason
       2  MOMENT  new_checkout  emergency_stop  0 -> 0   tester  -       payments fail
       1  MOMENT  new_checkout  created         - -> 0   tester  -       new in the file: 0%
      "
    `);
    expect(await run(['history', 'verify'], 0)).toMatch(
      /^the chain of 2 rows holds; its head is [0-9a-f]{64}\n$/,
    );
  });

  it('plan compares two files without a database, as text and as markdown', async () => {
    const [base, next] = [join(one.dir, 'base.yaml'), join(one.dir, 'next.yaml')];
    await writeFile(base, at(10));
    await writeFile(next, at(25));
    const args = ['plan', '--base', base, '--file', 'next.yaml'];
    const apart = { env: { DATABASE_URL: 'postgresql://nobody@127.0.0.1:1/none' } };
    const text = await one.cli(args, apart);
    expect(text).toMatchObject({ code: 2, stderr: '' });
    expect(text.stdout).toMatchInlineSnapshot(`
      "~ new_checkout  update  10% -> 25%
          percentage 10 -> 25
      1 change, subjects were not counted
      "
    `);
    expect((await one.cli([...args, '--markdown'], apart)).stdout).toContain(
      '| `new_checkout` | update | 10% | 25% |',
    );
  });

  it('without a terminal import asks nothing and shows no progress', async () => {
    const csv = 'repository_id,full_name,stars,contributors,prs\nr3,acme/r3,5,1,1\n';
    const result = await one.cli(['import', '-'], { stdin: csv });
    expect(result).toMatchObject({ code: 0, stderr: '' });
    expect(result.stdout).toContain('1 repository read: 1 new');
  });

  it('import refuses a file without sizes with exit code 1, and accepts it with --allow-missing', async () => {
    const csv = 'repository_id,full_name\nr4,acme/r4\n';
    expect(await one.cli(['import', '-'], { stdin: csv })).toMatchObject({
      ...{ code: 1, stdout: '' },
      stderr: expect.stringMatching(
        /lacks the columns star_count, contributor_count, pr_count[\s\S]*--allow-missing/,
      ),
    });
    expect(await one.cli(['import', '-', '--allow-missing'], { stdin: csv })).toMatchObject({ code: 0 });
  });
});
